"""What changes around a person at work (language, look, mode, room) takes nothing away from what they are doing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from guichet_desktop.screens.modes import Mode
from guichet_desktop.tour import until
from guichet_sync.domain.request import Channel
from tests.helpers.central import AGENT, CLERK, EMPLOYEE, CentralServer
from tests.helpers.shells import (
    answers_given,
    asked_for,
    basket,
    by_rail,
    cards,
    commands,
    goes_offline,
    takes_first,
    texts,
    types_a_pothole,
    under_way,
)
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")
HOLE = "Trou profond devant la porte."


def _focus() -> QWidget | None:
    return QApplication.focusWidget()


def _speaks(agent: Sitting, brand: str) -> None:
    """The shell of before is gone, and this one says so in its language."""
    until(lambda: agent.guichet.words.language.value == brand and agent.main.isVisible(), f"the screen in {brand}")
    until(agent.main.home.form.fields.category.offers_any, "its categories")


def test_another_language_keeps_page_query_form_and_basket(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        goes_offline(agent, central)
        title = agent.searches("bac brun")
        agent.hands.press("Ctrl+R")
        until(lambda: basket(agent), "the answer in the basket")
        interaction = under_way(agent)
        types_a_pothole(agent, HOLE)
        until(lambda: agent.main.home.form.draft().description == HOLE, "the words")
        draft = agent.main.home.form.draft()
        by_rail(agent, "requests")
        agent.hands.press("Ctrl+Shift+L")
        _speaks(agent, "en")
        assert agent.main.page() == "requests"
        agent.hands.press("Ctrl+1")
        assert agent.main.page() == "home"
        assert agent.main.top.search.text() == "bac brun"
        assert agent.main.home.form.draft() == draft
        assert under_way(agent) == interaction
        (told,) = basket(agent)
        assert told.startswith(f"{title}. Answered")
        assert "En communication" not in texts(agent)
        agent.hands.press("Ctrl+Shift+L")
        _speaks(agent, "fr")
        assert agent.main.home.form.draft() == draft
        agent.saves()
        until(lambda: len(basket(agent)) == 2, "the request in the basket")


def test_another_look_takes_neither_the_words_nor_the_focus(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        types_a_pothole(agent, HOLE)
        description, look = agent.main.home.form.fields.description, agent.guichet.look
        shell = agent.main
        for words, theme, scale in (
            ("changer de theme", "dark", 100),
            ("changer de theme", "contrast", 100),
            ("agrandir", "contrast", 110),
            ("agrandir", "contrast", 120),
            ("reduire", "contrast", 110),
        ):
            commands(agent, words)
            assert (look.theme.name, round(look.theme.scale * 100)) == (theme, scale)
            assert _focus() is description
            agent.hands.type("x")
        assert description.toPlainText() == HOLE + "xxxxx"
        assert agent.main is shell


@pytest.mark.parametrize(
    ("user", "mode", "idle", "channel"),
    [
        (AGENT, "Téléphone", "Aucun appel", Channel.PHONE),
        (CLERK, "Comptoir", "Personne au comptoir", Channel.COUNTER),
        (EMPLOYEE, "Environnement et écocitoyenneté", "", Channel.PHONE),
    ],
)
def test_each_role_has_its_mode_and_its_channel(
    central: CentralServer, post: Path, user: str, mode: str, idle: str, channel: Channel
) -> None:
    with sitting(post, central.url) as person:
        person.enrols(user)
        seen = texts(person)
        assert mode in seen
        assert {"Aucun appel", "Personne au comptoir"} & seen == ({idle} if idle else set())
        assert len(cards(person)) == (1 if idle else 0)
        types_a_pothole(person, HOLE)
        person.saves()
        person.hands.press("F5")
        until(lambda: HOLE in asked_for(central), "the request at the server")
        assert asked_for(central)[HOLE].channel is channel


def test_another_mode_is_another_channel_for_what_is_captured_next(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        assert agent.main.context.mode is Mode.PHONE
        agent.hands.press("Ctrl+4", "F6", "F6", "F6", "Down", "Down")
        until(lambda: agent.main.context.mode is Mode.COUNTER, "the counter")
        until(lambda: agent.main.page() == "settings" and agent.main.isVisible(), "the same page")
        agent.hands.press("Ctrl+1")
        assert len(cards(agent)) == 1
        assert {"Comptoir", "Personne au comptoir"} <= texts(agent)
        assert "Aucun appel" not in texts(agent)
        until(agent.main.home.form.fields.category.offers_any, "the categories")
        while not agent.main.home.form.fields.category.lookup.hasFocus():
            agent.hands.press("F6")  # the form that was there, not a new one
        takes_first(agent, agent.main.home.form.fields.category.lookup, "nid-de")
        takes_first(agent, agent.main.home.form.fields.place.lookup, "120 ormes")
        agent.hands.press("Down", "Tab", "Tab", "Tab")
        agent.hands.type(HOLE)
        agent.saves()
        agent.searches("bac brun")
        agent.hands.press("Ctrl+R")
        until(lambda: len(basket(agent)) == 2, "the answer in the basket")
        agent.hands.press("F5")
        until(lambda: HOLE in asked_for(central) and answers_given(central), "both at the server")
        assert asked_for(central)[HOLE].channel is Channel.COUNTER
        assert [each.channel for each in answers_given(central)] == [Channel.COUNTER]


def test_where_there_is_little_room_the_form_is_a_tab_and_the_side_a_drawer(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url, size=(1280, 720)) as agent:
        agent.enrols(AGENT)
        agent.hands.press("Ctrl+4", "F6", "F6", "End")
        until(lambda: agent.guichet.look.theme.scale == 2.0, "letters twice as large")
        home = agent.main.home
        agent.hands.press("Ctrl+1", "F2")
        assert (home.answers.isVisible(), home.form.isVisible(), home.side.isVisible()) == (True, False, False)
        types_a_pothole(agent, HOLE)
        assert (home.answers.isVisible(), home.form.isVisible()) == (False, True)
        agent.hands.press("F2")
        assert (home.answers.isVisible(), home.form.isVisible()) == (True, False)
        assert agent.main.top.search.hasFocus()
        assert home.form.draft().description == HOLE
        while not home.form.fields.category.lookup.hasFocus():
            agent.hands.press("F6")
        assert home.form.isVisible()
        number = agent.saves()
        assert agent.main.top.search.hasFocus()
        assert (home.form.isVisible(), home.form.promise.saved.isVisible()) == (True, True)
        assert home.form.promise.saved.label.text() == number
        assert 0 <= home.form.promise.saved.mapTo(agent.main, home.form.promise.saved.rect().topLeft()).y() < agent.main.height()


def test_keys_lead_through_search_answers_form_and_drawer(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url, size=(1280, 720)) as agent:
        agent.enrols(AGENT)
        goes_offline(agent, central)
        agent.guichet.look.wear("light", 200)
        home = agent.main.home
        types_a_pothole(agent, HOLE)
        agent.saves()
        agent.searches("neige")
        until(home.answers.view.isVisible, "the answers")
        seen: list[QWidget | None] = []
        for _ in range(4):
            agent.hands.press("F6")
            seen.append(_focus())
        assert seen == [home.answers.view, home.form.fields.category.lookup, home.side.outbox, agent.main.top.search]
        assert not home.drawer.is_open()
        agent.hands.press("Ctrl+B")
        assert home.drawer.is_open()
        assert home.side.isVisible()
        agent.hands.press("Escape")
        assert not home.drawer.is_open()
        assert agent.main.top.search.hasFocus()
        agent.hands.press("Ctrl+B", "Ctrl+B")
        assert not home.drawer.is_open()
