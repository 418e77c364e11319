"""The form beyond its fields: what is kept of another category, the map, the number that becomes official, the number given."""

from __future__ import annotations

from pathlib import Path

import pytest

from guichet_desktop.tour import until
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")


def _chooses(agent: Sitting, category: str) -> None:
    lookup = agent.main.home.form.fields.category.lookup
    lookup.setFocus()
    lookup.selectAll()
    agent.hands.type(category)
    until(lookup.is_choosing, category)
    agent.hands.press("Return")
    until(lambda: not lookup.hasFocus(), f"{category} taken")


def test_answers_of_a_category_chosen_before_are_shown_and_come_back_with_it(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        questions = agent.main.home.form.fields.questions
        agent.begins_request("nid-de", "120 ormes")
        agent.hands.press("Down")
        assert questions.orphans() == ""
        _chooses(agent, "bac bris")
        assert "Dimension" in questions.orphans()
        assert "Petit" in questions.orphans()
        _chooses(agent, "nid-de")
        assert questions.orphans() == ""
        assert "petit" in str(questions.read()).lower()


def test_the_map_opens_by_a_key_and_stays_as_it_was_left(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.begins_request("nid-de", "120 ormes")
        assert agent.main.home.form.fields.map.isHidden()
        agent.hands.press("Alt+M")
        until(agent.main.home.form.fields.map.isVisible, "the map")
        before = agent.main
        agent.hands.press("Ctrl+Shift+L")
        until(lambda: agent.main is not before and agent.main.isVisible(), "the other language")
        assert agent.main.home.form.fields.map.is_open
        agent.hands.press("Alt+M")
        until(agent.main.home.form.fields.map.isHidden, "no map")


def test_a_number_still_on_the_screen_becomes_official_there(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        central.stop()
        agent.begins_request("nid-de", "120 ormes")
        agent.hands.press("Down")
        number = agent.saves()
        central.start()
        agent.hands.press("F5")
        saved = agent.main.home.form.promise
        until(lambda: "c’est maintenant la requête" in saved.said(), "the official number")
        assert saved.saved.label.text() == number
