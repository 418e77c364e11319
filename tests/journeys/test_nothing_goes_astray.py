from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from guichet_desktop.screens.enrolment_page import EnrolmentPage
from guichet_desktop.tour import live, until
from guichet_sync.central import schema
from guichet_sync.central.database import reading
from tests.helpers.central import AGENT, SECOND_AGENT, CentralServer
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")


def _numbers(agent: Sitting) -> list[str]:
    return [row.split("  ·  ")[0] for row in agent.waits()]


def _a_slow_disk(agent: Sitting) -> threading.Event:
    """The desk thread does nothing more until the event is set."""
    gate = threading.Event()
    agent.main.asking.ask(gate.wait, lambda _opened: None)
    return gate


def _filled(agent: Sitting) -> None:
    agent.begins_request("nid-de", "120 ormes")
    agent.hands.press("Down")


def test_tab_goes_round_the_whole_window_with_questions_on_the_form(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.searches("bac")
        for category in ("nid-de", "bac bris"):
            agent.begins_request(category)
            seen = set()
            for _ in range(40):
                agent.hands.press("Tab")
                seen.add(QApplication.focusWidget())
            main = agent.main
            expected = {
                main.top.search,
                main.home.form.fields.category.lookup,
                main.home.form.fields.description,
                main.home.form.save_button,
            }
            assert expected | {each.field.editor for each in main.home.form.fields.questions.asked()} <= seen
            assert main.home.answers.card.browser in seen


def test_switching_the_language_right_after_saving_makes_one_request_and_shows_its_number(
    central: CentralServer, post: Path
) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        central.stop()
        _filled(agent)
        before, gate = agent.main, _a_slow_disk(agent)
        agent.hands.press("Ctrl+Return", "Ctrl+Shift+L")
        gate.set()
        until(lambda: agent.main is not before and agent.main.isVisible(), "the other language")
        until(agent.waits, "what waits")
        assert _numbers(agent) == ["A01-0001-C"]
        assert agent.main.home.form.draft().is_blank()


def test_another_request_begun_while_one_is_saved_stays_as_it_is(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        _filled(agent)
        gate, form = _a_slow_disk(agent), agent.main.home.form
        agent.hands.press("Ctrl+Return")
        agent.hands.type("perdu")
        agent.hands.press("F4")
        gate.set()
        until(form.promise.saved.isVisible, "the number")
        agent.hands.type("bac bris")
        until(form.fields.category.lookup.is_choosing, "a category")
        agent.hands.press("Return")
        until(agent.drafts, "the second request among the drafts")
        (draft,) = agent.drafts()
        assert draft.startswith("Bac roulant")


def test_a_refused_request_is_on_disk_when_the_desk_is_locked_at_once(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.begins_request("nid-de")
        agent.hands.press("Tab", "Tab", "Tab", "Tab")
        agent.hands.type("sans adresse")
        gate = _a_slow_disk(agent)
        agent.hands.press("Ctrl+Return", "Ctrl+L")
        gate.set()
        agent.signs_in()
        until(agent.drafts, "the draft")
        assert "sans adresse" in agent.drafts()[0]


def test_opening_the_draft_that_is_being_filled_changes_nothing(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.begins_request("nid-de", "120 ormes")
        until(agent.drafts, "the draft")
        form = agent.main.home.form
        form.fields.description.setFocus()
        agent.hands.type("plus neuf")
        view = agent.main.home.side.drafts
        view.activated.emit(view.model().index(0, 0))
        live()
        assert form.fields.description.toPlainText() == "plus neuf"


def test_a_draft_of_a_category_no_longer_in_use_keeps_it(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        form = agent.main.home.form
        form.start("ZZ-RETIRED")
        form.fields.description.setFocus()
        agent.hands.type("x")
        assert form.draft().category == form.fields.category.lookup.text() == "ZZ-RETIRED"
        agent.hands.press("Ctrl+Return")
        until(form.fields.category.error, "what to do")
        assert "n’est pas connue" in form.fields.category.error()


def test_only_the_fiche_of_the_words_typed_is_counted_and_once(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        central.stop()
        agent.searches("bac brun")
        agent.hands.press("F2")
        gate = _a_slow_disk(agent)
        agent.hands.type("permis")
        agent.hands.press("Ctrl+R")
        gate.set()
        until(agent.main.home.answers.card.answer_button.isEnabled, "the new fiche")
        assert not agent.waits()
        agent.hands.press("Ctrl+R", "Ctrl+R", "Ctrl+R")
        until(agent.waits, "the answer")
        live()
        assert len(agent.waits()) == 1


def test_a_category_that_needs_a_person_says_so_even_behind_anonymous(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.begins_request("acces a l")
        requester = agent.main.home.form.fields.requester
        requester.anonymous.click()
        for each in agent.main.home.form.fields.questions.asked():
            if each.question.required:
                each.show("x" if not each.question.values else each.question.values[0].key)
        agent.hands.press("Ctrl+Return")
        until(requester.phone.isVisible, "the fields again")
        assert "demande de pouvoir joindre" in requester.fields()["requester"].error()


def test_a_copy_that_was_paused_is_taken_up_by_a_button(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.main.context.commands.action("pause").trigger()
        agent.sees_chip("Suspendue")
        agent.hands.press("Ctrl+Shift+L")
        until(lambda: "Paused" in agent.main.top.chip.words(), "the state in English")
        agent.main.status.resume_button.click()
        until(lambda: "Online" in agent.main.top.chip.words(), "online")


def test_a_second_person_at_the_post_finds_the_way_back_and_the_server(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
    with sitting(post, "") as agent:
        page = agent.sees_sign_in()
        page.another_asked.emit()
        until(lambda: agent.guichet.window.centralWidget() is not page, "the enrolment page")
        enrolment = agent.guichet.window.centralWidget()
        assert isinstance(enrolment, EnrolmentPage)
        until(lambda: enrolment.isVisible() and enrolment.user.hasFocus(), "the page on the screen")
        assert enrolment.server.text() == central.url
        agent.hands.press("Escape")
        agent.signs_in()


def _captured(central: CentralServer) -> list[str]:
    with reading(central.engine) as connection:
        return list(connection.execute(select(schema.number.c.number).where(schema.number.c.number.like("A0%"))).scalars())


def test_work_of_who_left_is_sent_while_a_colleague_sits_at_the_post(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        central.stop()
        _filled(agent)
        number = agent.saves()
        agent.sees_chip("Hors ligne")
        central.start()
        agent.hands.press("Ctrl+L")
        agent.sees_sign_in().another_asked.emit()
        agent.enrols(SECOND_AGENT)
        until(lambda: number in _captured(central), "the first person's request at the server")
