"""One person after another at the real window, by keyboard alone: the interaction, its basket, its requests at the server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guichet_desktop.tour import until
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.shells import answers_given, asked_for, basket, cards, goes_offline, texts, types_a_pothole, under_way
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")
HOLE, SECOND = "Trou profond devant la porte.", "Un autre trou, plus loin."


def _answers(agent: Sitting, words: str) -> str:
    """Answer from a fiche; its title."""
    title = agent.searches(words)
    before = len(basket(agent))
    agent.hands.press("Ctrl+R")
    until(lambda: len(basket(agent)) == before + 1, "the answer in the basket")
    return title


def _keys(agent: Sitting, act: Callable[[], object]) -> int:
    """How many keys an act takes beyond the words."""
    before = agent.hands.keys
    act()
    return agent.hands.keys - before


def test_an_interaction_begins_by_itself_its_basket_tells_what_was_done_and_it_is_one_at_the_server(
    central: CentralServer, post: Path
) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        goes_offline(agent, central)
        assert not under_way(agent)
        assert "Aucun appel" in texts(agent)
        title = _answers(agent, "bac brun")
        assert under_way(agent)
        assert "En communication" in texts(agent)
        assert basket(agent)[0].startswith(title)
        agent.hands.press("F8")
        until(lambda: basket(agent) == (), "the answer out of the basket")
        until(lambda: not agent.waits(), "nothing left to send")
        agent.hands.press("Ctrl+R", "Ctrl+R")
        until(lambda: len(basket(agent)) == 1, "the same fiche answered after all")
        agent.hands.press("Ctrl+R")
        types_a_pothole(agent, HOLE)
        number = agent.saves()
        until(lambda: len(basket(agent)) == 2, "the request in the basket")
        assert basket(agent)[1].startswith(f"{number}  ·  Nid-de-poule")
        assert agent.main.home.form.promise.saved.label.text() == number
        central.start()
        agent.hands.press("F5")
        until(lambda: asked_for(central) and answers_given(central), "both at the server")
        (given,) = answers_given(central)
        assert asked_for(central)[HOLE].interaction_id == given.interaction_id == under_way(agent)


def test_what_is_typed_first_begins_the_interaction_and_the_person_s_leaving_empties_the_desk(
    central: CentralServer, post: Path
) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        types_a_pothole(agent, HOLE)
        first = under_way(agent)
        assert first
        assert agent.main.home.form.draft().interaction_id == first
        agent.searches("neige")
        agent.hands.press("Shift+F3")
        until(agent.drafts, "the half-typed form among the drafts")
        assert not under_way(agent)
        assert agent.main.home.form.draft().is_blank()
        assert (agent.main.top.search.text(), agent.main.top.search.hasFocus()) == ("", True)
        assert "Aucun appel" in texts(agent)
        types_a_pothole(agent, SECOND)
        assert under_way(agent) != first
        agent.saves()
        until(lambda: len(basket(agent)) == 1, "one request in the basket of the second person")
        _takes_up_the_draft(agent)
        agent.saves()
        agent.hands.press("F5")
        until(lambda: {HOLE, SECOND} <= set(asked_for(central)), "both at the server")
        sent = asked_for(central)
        assert (sent[HOLE].interaction_id, sent[SECOND].interaction_id) == (first, under_way(agent))


def _takes_up_the_draft(agent: Sitting) -> None:
    while not agent.main.home.side.drafts.hasFocus():
        agent.hands.press("F6")
    agent.hands.press("Down", "Return")
    until(agent.main.home.form.fields.description.toPlainText, "the draft in the form")


def test_another_person_during_a_form_never_replaces_it(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.hands.press("F3")
        first = under_way(agent)
        assert first
        types_a_pothole(agent, HOLE)
        agent.hands.press("F3")
        until(agent.drafts, "the form among the drafts")
        assert under_way(agent) != first
        assert len(cards(agent)) == 1
        types_a_pothole(agent, SECOND)
        agent.saves()
        _takes_up_the_draft(agent)
        assert agent.main.home.form.fields.description.toPlainText() == HOLE
        agent.saves()
        agent.hands.press("F5")
        until(lambda: {HOLE, SECOND} <= set(asked_for(central)), "both at the server")
        sent = asked_for(central)
        assert (sent[HOLE].interaction_id, sent[SECOND].interaction_id) == (first, under_way(agent))


def test_an_answer_that_is_counted_once_the_person_left_is_theirs_alone(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        goes_offline(agent, central)
        agent.searches("bac brun")
        agent.hands.press("Ctrl+R", "Shift+F3")
        until(agent.waits, "the answer")
        assert (under_way(agent), basket(agent)) == ("", ())


def test_the_commonest_call_takes_few_keys_beyond_the_words(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.searches("bac brun")
        assert _keys(agent, lambda: agent.hands.press("Ctrl+R")) <= 3
        until(lambda: len(basket(agent)) == 1, "the answer in the basket")
        assert agent.main.top.search.hasFocus()  # the next words can be typed at once

        def captures() -> None:
            types_a_pothole(agent, HOLE)
            agent.hands.press("Tab", "Tab")
            agent.hands.type("Solange Gagnon")
            agent.hands.press("Tab")
            agent.hands.type("4505550142")
            agent.hands.press("F7")
            agent.saves()

        keys = _keys(agent, captures)
        assert keys <= 45, keys
        agent.hands.press("F5")
        until(lambda: HOLE in asked_for(central), "the request at the server")
        requester = asked_for(central)[HOLE].requester
        assert requester is not None
        assert requester.name == "Solange Gagnon"
