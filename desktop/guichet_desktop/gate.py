"""From a profile's folder to an open desk: its keys, who is enrolled in it, who is there. Pages only show; this decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from guichet_sync.domain.errors import GuichetError, KeyringMissing
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from .bridge import Asking, DeskThread
from .screens.gate_pages import ClosedPage, GatePage, Steps, WaitPage
from .screens.gate_room import GateRoom
from .theme.look import Look

if TYPE_CHECKING:
    from .desk.desk import Desk
    from .desk.enrolment import KnownPerson
    from .profiles import Profile
    from .settings import Settings

_PASSPHRASE_REFUSED = frozenset({"wrong_passphrase", "passphrase_characters"})
_PASSPHRASE_HELPS = _PASSPHRASE_REFUSED | {KeyringMissing.default_code, "passphrase_needed"}


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
    """Emits ``opened`` with the profile, before anybody is asked, and ``entered`` with the desk of the person who came in.

    ``language_chosen`` is emitted with the language a person asked for on one of its pages; the answer is ``speak``.
    """

    opened = Signal(object)
    entered = Signal(object)
    language_chosen = Signal(object)

    def __init__(
        self, thread: DeskThread, path: Path, server: str, show: Callable[[QWidget], None], parent: QObject, *, look: Look
    ) -> None:
        super().__init__(parent)
        self._asking = Asking(thread, self)
        self._path = path
        self._server = server
        self._room = GateRoom(look, show, self)
        self._room.language_chosen.connect(self._on_language)
        self._profile: Profile | None = None
        self._passphrase = ""
        self._chooses_passphrase = False
        self._chosen: Language | None = None

    def wait(self, words: Words) -> None:
        """Show that something is being opened."""
        self._profile = None
        self._room.speak(words)
        self._room.turn_to(WaitPage)

    def open(self) -> None:
        """Open the profile, then ask who is there."""
        self._asking.ask(self._read_profile, self._on_opened, self._on_closed)

    def speak(self, words: Words) -> None:
        """Pages are in this language from now on, the one on the screen too: what was typed in it stays."""
        self._room.speak(words)

    def _on_language(self, language: Language) -> None:
        self._chosen = language
        self.language_chosen.emit(language)
        if self._profile is not None:
            self._keep_language(self._profile, language)

    def _keep_language(self, profile: Profile, language: Language) -> None:
        """The choice is this post's from now on."""
        self._chosen = None
        self._asking.ask(lambda: profile.change(language=language.value), lambda _settings: None, self._room.tell)

    def _read_profile(self) -> Opened:
        """On the desk thread: import what a desk needs, open the profile, find who is enrolled."""
        from .desk import enrolment
        from .profiles import open_profile

        profile = open_profile(self._path, typed=self._passphrase)
        return Opened(profile, profile.settings, enrolment.people(profile))

    def _on_closed(self, error: GuichetError) -> None:
        """It did not open: a passphrase may help, or else a page says what to do."""
        if error.code in _PASSPHRASE_HELPS:
            self._ask_passphrase(error)
        else:
            self._show_closed(error)

    def _show_closed(self, error: GuichetError) -> None:
        def make(look: Look, words: Words) -> GatePage:
            page = ClosedPage(look, words, error)
            page.again.connect(lambda: self.try_again(words))
            return page

        self._room.turn_to(make)

    def _ask_passphrase(self, error: GuichetError) -> None:
        from .screens.passphrase_page import PassphrasePage

        again = error.code == "passphrase_characters" and self._chooses_passphrase
        self._chooses_passphrase = choosing = again or error.code == KeyringMissing.default_code
        told = error if error.code in _PASSPHRASE_REFUSED else None

        def make(look: Look, words: Words) -> GatePage:
            page = PassphrasePage(look, words, told, choosing=choosing)
            page.given.connect(self._on_passphrase)
            if choosing:
                page.show_steps(self._steps(words, 0))
            return page

        self._room.turn_to(make)

    def _steps(self, words: Words, place: int) -> Steps:
        """Those of a first run; a passphrase is one where there is no keyring. A place under 0 counts from the last."""
        first = (words.text("Phrase de passe"),) if self._chooses_passphrase else ()
        names = (*first, words.text("Inscription"), words.text("Première copie"))
        return Steps(names, place % len(names))

    def try_again(self, words: Words) -> None:
        """Open the profile anew."""
        self.wait(words)
        self.open()

    def _on_passphrase(self, typed: str) -> None:
        self._passphrase = typed
        self.open()

    def _on_opened(self, opened: Opened) -> None:
        """The language somebody chose meanwhile wins over the one that was kept."""
        self._profile = opened.profile
        if self._chosen is not None:
            opened = replace(opened, settings=replace(opened.settings, language=self._chosen.value))
            self._keep_language(opened.profile, self._chosen)
        self.opened.emit(opened)
        if opened.people:
            self._ask_sign_in(opened)
        else:
            self._ask_enrolment(opened)

    def _ask_enrolment(self, opened: Opened) -> None:
        from .screens.enrolment_page import EnrolmentPage

        server = self._server or next((each.server for each in opened.people), "")

        def make(look: Look, words: Words) -> GatePage:
            page = EnrolmentPage(look, words, server, can_leave=bool(opened.people))
            page.asked.connect(self._enrol)
            page.left.connect(lambda: self._ask_sign_in(opened))
            if not opened.people:
                page.show_steps(self._steps(words, -2))
            return page

        self._room.turn_to(make)

    def _ask_sign_in(self, opened: Opened) -> None:
        from .screens.sign_in_page import SignInPage

        people = [(each.id, each.person.display) for each in opened.people]

        def make(look: Look, words: Words) -> GatePage:
            page = SignInPage(look, words, people, opened.settings.person)
            page.asked.connect(self._sign_in)
            page.another_asked.connect(lambda: self._ask_enrolment(opened))
            return page

        self._room.turn_to(make)

    def _enrol(self, server: str, user: str, password: str) -> None:
        from .desk import enrolment

        self._enter(lambda profile: enrolment.enrol(profile, server, user, password))

    def _sign_in(self, person: str, password: str) -> None:
        from .desk import enrolment

        self._enter(lambda profile: enrolment.sign_in(profile, person, password))

    def _enter(self, opening: Callable[[Profile], Desk]) -> None:
        """Open a desk on the desk thread, where the keys are read too."""
        from .desk import enrolment

        profile = self._profile
        if profile is None:
            return

        def enter() -> Entered:
            desk = opening(profile)
            return Entered(profile, desk, enrolment.exchange_keys(profile.keys, desk.store.person))

        self._asking.ask(enter, self._on_entered, self._room.refuse)

    def _on_entered(self, here: Entered) -> None:
        self._room.leave()
        self.entered.emit(here)
