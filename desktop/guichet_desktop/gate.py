"""From a profile's folder to an open desk: its keys, who is enrolled in it, who is there. Pages only show; this decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from guichet_sync.domain.errors import GuichetError, KeyringMissing
from guichet_sync.wording import Words

from .bridge import Asking, DeskThread
from .screens.gate_pages import ClosedPage, WaitPage

if TYPE_CHECKING:
    from .desk.desk import Desk
    from .desk.enrolment import KnownPerson
    from .profiles import Profile
    from .screens.enrolment_page import EnrolmentPage
    from .screens.sign_in_page import SignInPage
    from .settings import Settings

_PASSPHRASE_HELPS = frozenset({KeyringMissing.default_code, "passphrase_needed", "wrong_passphrase", "passphrase_characters"})


@dataclass(frozen=True, slots=True)
class Opened:
    """A profile that is open, and who is enrolled in it."""

    profile: Profile
    settings: Settings
    people: tuple[KnownPerson, ...]


@dataclass(frozen=True, slots=True)
class Entered:
    """A desk that is open, and the keys its exchange process needs."""

    profile: Profile
    desk: Desk
    keys: dict[str, str]


class Gate(QObject):
    """Emits ``opened`` with the profile, before anybody is asked, and ``entered`` with the desk of the person who came in."""

    opened = Signal(object)
    entered = Signal(object)

    def __init__(self, thread: DeskThread, path: Path, server: str, show: Callable[[QWidget], None], parent: QObject) -> None:
        super().__init__(parent)
        self._asking = Asking(thread, self)
        self._path = path
        self._server = server
        self._show = show
        self._profile: Profile | None = None
        self._passphrase = ""

    def wait(self, words: Words) -> None:
        """Show that something is being opened."""
        self._words = words
        self._show(WaitPage(words))

    def open(self) -> None:
        """Open the profile, then ask who is there."""
        self._asking.ask(self._read_profile, self._on_opened, self._on_closed)

    def speak(self, words: Words) -> None:
        """Pages shown from now on are in this language."""
        self._words = words

    def _read_profile(self) -> Opened:
        """On the desk thread: import what a desk needs, open the profile, find who is enrolled."""
        from .desk import enrolment
        from .profiles import open_profile

        profile = open_profile(self._path, typed=self._passphrase)
        return Opened(profile, profile.settings, enrolment.people(profile))

    def _on_closed(self, error: GuichetError) -> None:
        """It did not open: a passphrase may help, or else a page says what to do."""
        if error.code not in _PASSPHRASE_HELPS:
            page = ClosedPage(self._words, self._words.error(error))
            page.again.connect(self.try_again)
            self._show(page)
            page.button.setFocus()
            return
        from .screens.passphrase_page import PassphrasePage

        choosing = error.code == KeyringMissing.default_code
        asking = PassphrasePage(self._words, str(self._words.error(error)), choosing=choosing)
        asking.given.connect(self._on_passphrase)
        self._show(asking)
        asking.passphrase.setFocus()

    def try_again(self) -> None:
        """Open the profile anew."""
        self.wait(self._words)
        self.open()

    def _on_passphrase(self, typed: str) -> None:
        self._passphrase = typed
        self.open()

    def _on_opened(self, opened: Opened) -> None:
        self._profile = opened.profile
        self.opened.emit(opened)
        if opened.people:
            self._ask_sign_in(opened)
        else:
            self._ask_enrolment(opened)

    def _ask_enrolment(self, opened: Opened) -> None:
        from .screens.enrolment_page import EnrolmentPage

        server = self._server or next((each.server for each in opened.people), "")
        page = EnrolmentPage(self._words, server, can_leave=bool(opened.people))
        page.asked.connect(lambda *asked: self._enrol(page, *asked))
        page.left.connect(lambda: self._ask_sign_in(opened))
        self._show(page)
        (page.user if page.server.text() else page.server).setFocus()

    def _ask_sign_in(self, opened: Opened) -> None:
        from .screens.sign_in_page import SignInPage

        people = [(each.id, each.person.display) for each in opened.people]
        page = SignInPage(self._words, people, opened.settings.person)
        page.asked.connect(lambda person, password: self._sign_in(page, person, password))
        page.another_asked.connect(lambda: self._ask_enrolment(opened))
        self._show(page)
        page.password.setFocus()

    def _enrol(self, page: EnrolmentPage, server: str, user: str, password: str) -> None:
        from .desk import enrolment

        self._enter(lambda profile: enrolment.enrol(profile, server, user, password), page.refuse)

    def _sign_in(self, page: SignInPage, person: str, password: str) -> None:
        from .desk import enrolment

        self._enter(lambda profile: enrolment.sign_in(profile, person, password), page.refuse)

    def _enter(self, opening: Callable[[Profile], Desk], refuse: Callable[[GuichetError], None]) -> None:
        """Open a desk on the desk thread, where the keys are read too."""
        from .desk import enrolment

        profile = self._profile
        if profile is None:
            return

        def enter() -> Entered:
            desk = opening(profile)
            return Entered(profile, desk, enrolment.exchange_keys(profile.keys, desk.store.person))

        self._asking.ask(enter, self.entered.emit, refuse)
