from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from guichet_desktop.desk import drafts, enrolment
from guichet_desktop.profiles import open_profile
from guichet_desktop.tour import until
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.windows import sitting

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_form_left_in_the_middle_comes_back_when_the_window_opens_again(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.begins_request("nid-de", "120 ormes")
        agent.hands.press("Down", "Tab", "Tab", "Tab")
        agent.hands.type("Le trou grandit.")
    central.stop()
    with sitting(post, central.url) as agent:
        agent.signs_in()
        until(agent.drafts, "the draft")
        (listed,) = agent.drafts()
        assert listed.startswith("Nid-de-poule. 120, rue des Ormes  ·  ")
        while not agent.main.home.side.drafts.hasFocus():
            agent.hands.press("F6")
        agent.hands.press("Down", "Return")
        form = agent.main.home.form
        until(form.fields.description.toPlainText, "the words")
        assert form.fields.description.toPlainText() == "Le trou grandit."
        assert form.fields.place.lookup.text() == "120, rue des Ormes"
        assert [answer for answer in form.fields.questions.read().values() if answer]
        assert agent.saves().startswith("A01-0001-")
        until(lambda: not agent.drafts(), "no draft left")


def test_another_request_begun_meanwhile_keeps_the_first_as_a_draft(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.begins_request("nid-de", "120 ormes")
        agent.begins_request("bac bris")
        until(agent.drafts, "the first request among the drafts")
        (listed,) = agent.drafts()
        assert listed.startswith("Nid-de-poule. 120, rue des Ormes  ·  ")


def test_switching_the_language_keeps_the_search_and_the_form(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.searches("neige")
        agent.begins_request("nid-de", "120 ormes")
        before = agent.main
        agent.hands.press("Ctrl+Shift+L")
        until(lambda: agent.main is not before and agent.main.isVisible(), "the other language")
        assert agent.main.home.form.fields.category.lookup.text() == "Pothole"
        assert agent.main.home.form.fields.place.lookup.text() == "120, rue des Ormes"
        assert agent.main.top.search.text() == "neige"
        assert "Online" in agent.main.top.chip.words()


def test_locking_keeps_the_form_and_asks_who_is_there_even_offline(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.begins_request("nid-de", "120 ormes")
        central.stop()
        agent.hands.press("Ctrl+L")
        page = agent.sees_sign_in()
        agent.hands.type("mauvais mot de passe")
        agent.hands.press("Return")
        until(page.error, "why not")
        assert "inexact" in page.error()
        agent.signs_in()
        until(agent.drafts, "the draft")
        (listed,) = agent.drafts()
        assert listed.startswith("Nid-de-poule. 120, rue des Ormes  ·  ")
    with closing(enrolment.open_desk(open_profile(post))) as desk:
        assert [each.where.label for each in drafts.waiting(desk)] == ["120, rue des Ormes"]
