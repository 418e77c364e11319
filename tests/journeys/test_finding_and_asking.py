from __future__ import annotations

from pathlib import Path

import pytest

from guichet_desktop.tour import until
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")


def _title(agent: Sitting) -> str:
    fiche = agent.main.home.answers.card.fiche
    return fiche.title if fiche else ""


def test_results_are_chosen_by_arrows_or_by_their_key_and_nothing_found_says_what_to_do(
    central: CentralServer, post: Path
) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        first = agent.searches("bac")
        agent.hands.press("Down")
        until(lambda: _title(agent) not in ("", first), "the second fiche")
        second = _title(agent)
        agent.hands.press("Up")
        until(lambda: _title(agent) == first, "the first fiche again")
        agent.hands.press("Alt+2")
        until(lambda: _title(agent) == second, "the second fiche by its key")
        agent.hands.press("Return")
        assert agent.main.home.answers.card.browser.hasFocus()
        agent.hands.press("Escape")
        assert agent.main.top.search.hasFocus()
        agent.hands.type("zzzz")
        until(lambda: "Aucune fiche ne répond" in agent.main.home.answers.said(), "what to do")
        agent.hands.press("Ctrl+A", "Delete")
        until(lambda: "Tapez quelques mots" in agent.main.home.answers.said(), "how to begin")


def test_a_fiche_leads_to_the_form_of_its_category(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.searches("nid-de-poule")
        agent.main.home.answers.card.request_button.click()
        form = agent.main.home.form
        assert form.fields.category.lookup.text() == "Nid-de-poule"
        assert form.fields.place.lookup.hasFocus()


def test_a_similar_request_is_shown_beside_the_form_and_an_urgent_one_says_whom_to_call(
    central: CentralServer, post: Path
) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.begins_request("nid-de", "120 ormes")
        agent.hands.press("Down")
        first = agent.saves()
        agent.begins_request("nid-de", "120 ormes")
        promise = agent.main.home.form.promise
        until(promise.similar.isVisible, "the similar request")
        assert promise.similar.label.text().startswith("1 requête semblable à proximité\n")
        assert "à 0 m" in promise.similar.label.text()
        assert first[:3] in promise.similar.label.text() or "26-" in promise.similar.label.text()
        agent.hands.press("Down", "Down", "Down")
        until(promise.urgent.isVisible, "the urgency")
        assert promise.urgent.label.text().startswith("Urgente : appelez la garde au ")


def test_anonymous_leaves_no_field_and_no_requester(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.begins_request("nid-de", "120 ormes")
        requester = agent.main.home.form.fields.requester
        requester.phone.setText("450 555-0142")
        assert agent.main.home.form.draft().requester is not None
        requester.anonymous.click()
        assert not requester.phone.isVisible()
        assert agent.main.home.form.draft().requester is None
