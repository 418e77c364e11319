"""All that comes before the desk, by keys alone: in both languages, at any size, errors said where they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from guichet_desktop import settings
from guichet_desktop.screens.enrolment_page import EnrolmentPage
from guichet_desktop.screens.gate_pages import ClosedPage, GatePage
from guichet_desktop.screens.passphrase_page import PassphrasePage
from guichet_desktop.screens.sign_in_page import SignInPage
from guichet_desktop.tour import live, until
from guichet_desktop.widgets.stepper import Stepper
from guichet_sync.domain.words import Language
from guichet_sync.store.folders import ProfileFolder
from tests.helpers.announcements import announcements
from tests.helpers.central import AGENT, SECOND_AGENT, CentralServer
from tests.helpers.stages import Setting, problems_of, problems_of_focus
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")
OWN_NAMES = ("'Français'", "'English'")
"""Each language is called by its own name in both of them."""


def _page(there: Sitting, kind: type[GatePage]) -> GatePage:
    until(lambda: isinstance(there.guichet.window.centralWidget(), kind), kind.__name__)
    live()
    page = there.guichet.window.centralWidget()
    assert isinstance(page, GatePage)
    return page


def _focus(there: Sitting) -> str:
    focus: QWidget | None = there.guichet.window.focusWidget()
    return focus.accessibleName() if focus is not None else ""


def _asks_for(there: Sitting, language: Language) -> None:
    """Go to the choice of languages, by keys, and take one."""
    names = {Language.FR: "Français", Language.EN: "English"}
    for _ in range(12):
        if _focus(there) == names[language]:
            break
        there.hands.press("Tab")
    there.hands.press("Space")
    live()


def test_another_language_keeps_what_was_typed_and_is_kept_itself(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url, "") as there:
        page = _page(there, EnrolmentPage)
        there.hands.type(AGENT)
        there.hands.press("Tab")
        there.hands.type("guichet")
        _asks_for(there, Language.EN)
        english = _page(there, EnrolmentPage)
        assert isinstance(english, EnrolmentPage)
        assert english is not page
        assert english.title == "Enrol this post"
        assert (english.user.text(), english.password.text()) == (AGENT, "guichet")
        assert _focus(there) == "English"
        english.password.setFocus()
        there.hands.type("-demo")
        there.hands.press("Return")
        there.arrives()
        until(lambda: settings.read(ProfileFolder(post).settings).language == "en", "English kept")
        there.guichet.lock()
        there.sees_sign_in()
    with sitting(post, central.url, "") as there:
        assert there.sees_sign_in().title == "Sign in"


def test_a_language_chosen_before_the_profile_opens_is_kept_once_it_does(
    central: CentralServer, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUICHET_PASSPHRASE")
    with sitting(post, central.url, "") as there:
        _page(there, PassphrasePage)
        there.hands.type("une phrase")
        _asks_for(there, Language.EN)
        page = _page(there, PassphrasePage)
        assert isinstance(page, PassphrasePage)
        assert (page.title, page.passphrase.text()) == ("Passphrase of the profile", "une phrase")
        page.passphrase.setFocus()
        there.hands.press("Return")
        there.hands.type("une phrase")
        there.hands.press("Return")
        assert _page(there, EnrolmentPage).title == "Enrol this post"
        until(lambda: settings.read(ProfileFolder(post).settings).language == "en", "English kept")


def test_an_error_is_told_again_in_the_other_language(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        page = _page(there, EnrolmentPage)
        assert isinstance(page, EnrolmentPage)
        there.hands.type(AGENT)
        there.hands.press("Tab")
        there.hands.type("pas le bon")
        with announcements() as heard:
            there.hands.press("Return")
            until(page.error, "a sentence")
        assert heard.urgent == [page.error()]
        assert page.password.accessibleDescription() == page.error()
        assert page.password.hasFocus()
        _asks_for(there, Language.EN)
        english = _page(there, EnrolmentPage)
        assert isinstance(english, EnrolmentPage)
        assert english.error().startswith("The user name or the password is wrong.")


def test_enter_goes_to_the_field_that_is_empty_and_the_button_says_which(central: CentralServer, post: Path) -> None:
    with sitting(post, "") as there:
        page = _page(there, EnrolmentPage)
        assert isinstance(page, EnrolmentPage)
        assert page.server.hasFocus()
        there.hands.type(central.url)
        there.hands.press("Return")
        assert page.user.hasFocus()
        there.hands.press("Return")
        assert page.error() == "Ce champ est à remplir."
        assert page.user.accessibleDescription() == "Ce champ est à remplir."
        there.hands.type(AGENT)
        there.hands.press("Return")
        assert page.password.hasFocus()
        there.hands.type("guichet-demo")
        there.hands.press("Return")
        there.arrives()


def test_a_server_that_is_away_is_told_with_what_to_do_and_nothing_is_typed_twice(central: CentralServer, post: Path) -> None:
    central.stop()
    with sitting(post, central.url) as there:
        page = _page(there, EnrolmentPage)
        assert isinstance(page, EnrolmentPage)
        there.hands.type(AGENT)
        there.hands.press("Tab")
        there.hands.type("guichet-demo")
        there.hands.press("Return")
        until(page.error, "a sentence")
        assert page.error().endswith("vérifiez l’adresse et le réseau, puis recommencez.")
        assert not page.is_busy()
        central.start()
        there.hands.press("Return")
        there.arrives()


def test_a_secret_is_shown_for_as_long_as_one_asks(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        page = _page(there, EnrolmentPage)
        assert isinstance(page, EnrolmentPage)
        page.password.setFocus()
        there.hands.type("guichet-demo")
        there.hands.press("Tab")
        assert _focus(there) == "Afficher le mot de passe"
        there.hands.press("Space")
        assert page.password.echoMode() is QLineEdit.EchoMode.Normal
        page.user.setText(AGENT)
        page.password.setFocus()
        there.hands.press("Return")
        assert page.password.echoMode() is QLineEdit.EchoMode.Password
        there.arrives()


def test_a_first_run_says_which_step_it_is_at(central: CentralServer, post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUICHET_PASSPHRASE")
    with sitting(post, central.url) as there:
        page = _page(there, PassphrasePage)
        steps = page.findChild(Stepper)
        assert isinstance(steps, Stepper)
        assert steps.said() == "Étape 1 de 3, en cours\u00a0: Phrase de passe"
        there.hands.type("une phrase")
        there.hands.press("Return")
        there.hands.type("une phrase")
        there.hands.press("Return")
        steps = _page(there, EnrolmentPage).findChild(Stepper)
        assert isinstance(steps, Stepper)
        assert steps.said() == "Étape 2 de 3, en cours\u00a0: Inscription"


def test_the_person_chosen_stays_chosen_in_the_other_language(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        there.enrols(AGENT)
        there.guichet.lock()
        page = there.sees_sign_in()
        page.another_asked.emit()
        _page(there, EnrolmentPage)
        there.hands.type(SECOND_AGENT)
        there.hands.press("Tab")
        there.hands.type("guichet-demo")
        there.hands.press("Return")
        there.arrives()
        there.guichet.lock()
        page = there.sees_sign_in()
        last = page.person.currentText()
        there.hands.press("Shift+Tab", "Up" if page.person.currentIndex() else "Down")
        assert page.person.currentText() != last
        chosen = page.person.currentText()
        there.hands.press("Tab")
        there.hands.type("abc")
        _asks_for(there, Language.EN)
        english = _page(there, SignInPage)
        assert isinstance(english, SignInPage)
        assert (english.person.currentText(), english.password.text()) == (chosen, "abc")


@pytest.mark.parametrize(("language", "scale", "theme"), [("fr", 100, "light"), ("en", 200, "dark"), ("fr", 200, "contrast")])
def test_no_page_before_the_desk_keeps_anybody_out(
    central: CentralServer, post: Path, language: str, scale: int, theme: str
) -> None:
    setting = Setting(Language(language), scale, (1280, 720), theme)
    with sitting(post, central.url, language) as there:
        page = _page(there, EnrolmentPage)
        _wears(there, setting)
        assert _problems(page, setting) == []
        assert isinstance(page, EnrolmentPage)
        page.user.setText(AGENT)
        page.password.setText("pas le bon")
        page.password.setFocus()
        there.hands.press("Return")
        until(page.error, "a sentence")
        live()
        assert _problems(page, setting) == []
        page.password.setText("guichet-demo")
        page.password.setFocus()
        there.hands.press("Return")
        there.arrives()
    with sitting(post, central.url, language) as there:
        signing_in = there.sees_sign_in()
        _wears(there, setting)
        assert _problems(signing_in, setting) == []


def _wears(there: Sitting, setting: Setting) -> None:
    """The window on a small screen, in that look."""
    there.guichet.window.resize(setting.room)
    there.guichet.look.wear(setting.theme, setting.scale)
    for _pass in range(4):  # what grows asks for room, from the inside out
        live()


def _problems(page: QWidget, setting: Setting) -> list[str]:
    assert QApplication.focusWidget() is not None
    found = [each for each in problems_of(page.window(), setting) if not each.endswith(OWN_NAMES)]
    return found + problems_of_focus(page.window())


def test_a_closed_page_is_read_aloud_and_reads_in_the_other_language_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with announcements() as heard, sitting(tmp_path / "file" / "post", "") as there:
        page = _page(there, ClosedPage)
        assert isinstance(page, ClosedPage)
        assert page.reason.title in heard.said
        assert page.reason.advice in heard.said
        _asks_for(there, Language.EN)
        english = _page(there, ClosedPage)
        assert isinstance(english, ClosedPage)
        assert english.reason.title != page.reason.title
        assert english.button.focusPolicy() is not Qt.FocusPolicy.NoFocus
