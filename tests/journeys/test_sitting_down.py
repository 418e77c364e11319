from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from guichet_desktop import __main__ as program
from guichet_desktop import settings
from guichet_desktop.app import GuichetApp
from guichet_desktop.screens.enrolment_page import EnrolmentPage
from guichet_desktop.screens.gate_pages import ClosedPage
from guichet_desktop.screens.passphrase_page import PassphrasePage
from guichet_desktop.tour import until
from guichet_sync.store.folders import ProfileFolder
from tests.helpers.central import AGENT, AUTHOR, SECOND_AGENT, CentralServer
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")


def _page(there: Sitting) -> QWidget | None:
    return there.guichet.window.centralWidget()


def _enrolment(there: Sitting) -> EnrolmentPage:
    until(lambda: isinstance(_page(there), EnrolmentPage), "the enrolment page")
    page = _page(there)
    assert isinstance(page, EnrolmentPage)
    return page


def _asks_to_enrol(there: Sitting, user: str, password: str) -> None:
    there.hands.type(user)
    there.hands.press("Tab")
    there.hands.type(password)
    there.hands.press("Return")


def test_enrolling_says_what_is_wrong_and_keeps_what_was_typed(central: CentralServer, post: Path) -> None:
    with sitting(post, "pas une adresse") as there:
        page = _enrolment(there)
        _asks_to_enrol(there, AGENT, "guichet-demo")
        until(page.server_error, "a sentence beside the address")
        assert "n’en est pas une" in page.server_error()
        page.server.setText(central.url)
        page.password.setFocus()
        page.password.selectAll()
        there.hands.type("pas le bon")
        there.hands.press("Return")
        until(page.error, "a sentence")
        assert "inexact" in page.error()
        assert (page.user.text(), page.password.text()) == (AGENT, "")
        central.stop()
        there.hands.type("guichet-demo")
        there.hands.press("Return")
        until(lambda: "ne répond pas" in page.error(), "the server away")
        central.start()
        there.hands.type("guichet-demo")
        there.hands.press("Return")
        there.arrives()


def test_a_passphrase_is_chosen_twice_and_asked_once_afterwards(
    central: CentralServer, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUICHET_PASSPHRASE")
    with sitting(post, central.url) as there:
        until(lambda: isinstance(_page(there), PassphrasePage), "the passphrase page")
        there.hands.type("une phrase")
        there.hands.press("Return")
        there.hands.type("une autre")
        there.hands.press("Return")
        page = _page(there)
        assert isinstance(page, PassphrasePage)
        assert page.error().startswith("Les deux phrases de passe diffèrent.")
        there.hands.press("Ctrl+A")
        there.hands.type("une phrase")
        there.hands.press("Return")
        _enrolment(there)
        _asks_to_enrol(there, AGENT, "guichet-demo")
        there.arrives()
    with sitting(post, central.url) as there:
        until(lambda: isinstance(_page(there), PassphrasePage), "the passphrase page")
        there.hands.type("mauvaise")
        first = _page(there)
        there.hands.press("Return")
        until(lambda: _page(there) is not first and isinstance(_page(there), PassphrasePage), "the page again")
        there.hands.type("une phrase")
        there.hands.press("Return")
        there.sees_sign_in()


def test_a_profile_that_can_t_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with sitting(tmp_path / "file" / "post", "") as there:
        until(lambda: isinstance(_page(there), ClosedPage), "why not")
        page = _page(there)
        assert isinstance(page, ClosedPage)
        assert "dossier du profil" in page.reason.title
        (tmp_path / "file").unlink()
        there.hands.press("Space")
        until(lambda: isinstance(_page(there), PassphrasePage | EnrolmentPage), "another try")


def test_a_passphrase_typed_wins_over_a_wrong_one_of_the_environment(
    central: CentralServer, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sitting(post, central.url) as there:
        _enrolment(there)
    monkeypatch.setenv("GUICHET_PASSPHRASE", "une autre")
    with sitting(post, central.url) as there:
        until(lambda: isinstance(_page(there), PassphrasePage), "the passphrase page")
        there.hands.type("une phrase de passe")
        there.hands.press("Return")
        _enrolment(there)


def test_a_profile_whose_keyring_is_away_can_only_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUICHET_PASSPHRASE")
    settings.change(ProfileFolder(tmp_path).settings, post="0123456789abcdef", keys="keyring")
    with sitting(tmp_path, "") as there:
        until(lambda: isinstance(_page(there), ClosedPage), "why not")
        page = _page(there)
        assert isinstance(page, ClosedPage)
        assert page.reason.title.startswith("Le trousseau qui garde les clés de ce profil")
        page.button.click()
        until(lambda: _page(there) is not page and isinstance(_page(there), ClosedPage), "the same again")


def test_two_people_share_a_post_and_each_sends_their_own_work(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        there.enrols(AGENT)
        central.stop()
        there.begins_request("nid-de", "120 ormes")
        there.hands.press("Down")
        first = there.saves()
        central.start()
        there.hands.press("Ctrl+L")
        page = there.sees_sign_in()
        page.another_asked.emit()
        _enrolment(there)
        _asks_to_enrol(there, SECOND_AGENT, "guichet-demo")
        there.arrives()
        central.stop()
        there.begins_request("nid-de", "120 ormes")
        there.hands.press("Down")
        second = there.saves()
        assert (first[:3], second[:3]) == ("A01", "A02")
        assert not [row for row in there.waits() if first in row]


def test_a_role_that_captures_nothing_is_told_so(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as author:
        author.enrols(AUTHOR)
        author.searches("bac brun")
        author.hands.press("Ctrl+R")
        until(lambda: "Votre rôle" in author.main.toast.message(), "a sentence")
        assert not author.waits()


def test_a_second_start_shows_the_first_window_and_ends(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        _enrolment(there)
        there.guichet.window.showMinimized()
        door = program.answer_second_starts(post, there.guichet)
        second = subprocess.Popen([sys.executable, "-m", "guichet_desktop", "--profile", str(post)])
        until(lambda: second.poll() is not None, "the second start's end")
        door.close()
        assert second.returncode == 0
        assert not there.guichet.window.isMinimized()


def test_nobody_else_s_window_is_taken_for_ours(tmp_path: Path) -> None:
    assert not program.is_open(tmp_path / "nobody")


def test_the_window_opens_before_anything_heavy_is_imported() -> None:
    script = "import sys; import guichet_desktop.app; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert not imported & {"sqlalchemy", "requests", "keyring", "sqlcipher3", "babel", "argon2", "Stemmer", "nh3", "msgspec"}


def test_what_a_window_leaves_is_closed_once(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        there.enrols(AGENT)
        guichet: GuichetApp = there.guichet
        guichet.window.close()
        guichet.close()
