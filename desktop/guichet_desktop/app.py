"""Composition root of the window: the only place where concrete classes meet.

The window is painted before anything heavy is imported; the profile is then opened on the desk thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from guichet_sync.domain.errors import GuichetError, InvalidInput, KeyringMissing, WrongKey
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from .bridge import Asking, DeskThread
from .screens.gate_pages import WaitPage
from .theme import load_theme
from .theme.apply import apply_theme

if TYPE_CHECKING:
    from .desk.desk import Desk
    from .desk.drafts import Draft
    from .desk.enrolment import KnownPerson
    from .exchange import ExchangeProcess
    from .profiles import Profile
    from .screens.enrolment_page import EnrolmentPage
    from .screens.main_screen import MainScreen
    from .screens.sign_in_page import SignInPage
    from .settings import Settings


@dataclass(frozen=True, slots=True)
class Options:
    """How ``guichet`` was started; empty strings and 0 mean "as the settings say"."""

    profile: Path
    server: str = ""
    language: str = ""
    theme: str = ""
    scale: int = 0


@dataclass(frozen=True, slots=True)
class _Opened:
    """A profile that is open, and who is enrolled in it."""

    profile: Profile
    settings: Settings
    people: tuple[KnownPerson, ...]


@dataclass(frozen=True, slots=True)
class _Entered:
    """A desk that is open, and the keys its exchange process needs."""

    desk: Desk
    keys: dict[str, str]


class Window(QMainWindow):
    """The one window; shows a page at a time."""

    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Guichet")
        self.resize(1440, 900)

    def show_page(self, page: QWidget) -> None:
        """Show a page in the place of the last one."""
        before = self.takeCentralWidget()
        self.setCentralWidget(page)
        if before is not None:
            before.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell, once it is out of sight: what is typed is then kept and the exchange ended."""
        self.hide()
        self.closing.emit()
        super().closeEvent(event)


class GuichetApp(QObject):
    """From an empty window to a desk, and back when locked."""

    desk_opened = Signal()

    def __init__(self, app: QApplication, options: Options) -> None:
        super().__init__()
        self._app = app
        self._options = options
        self.words = Words(Language(options.language or "fr"))
        self.desk_thread = DeskThread(self)
        self._asking = Asking(self.desk_thread, self)
        self.window = Window()
        self.window.closing.connect(self.close)
        self.main: MainScreen | None = None
        self._profile: Profile | None = None
        self._desk: Desk | None = None
        self.exchange: ExchangeProcess | None = None
        self._closed = False
        self._passphrases: tuple[str, ...] = ()
        self._dress(options.theme or "system", options.scale or 100)

    def start(self) -> None:
        """Show the window at once, then open the profile."""
        self._show_waiting()
        self.window.show()
        QTimer.singleShot(0, self._open_profile)

    def close(self) -> None:
        """Keep what is typed, stop the exchange, finish local writes, close the files: in this order."""
        if not self._closed:
            self._closed = True
            self._leave_desk()
            if self.exchange is not None:
                self.exchange.end()
            self.desk_thread.close()
            self.window.deleteLater()
            self.deleteLater()

    # -- before the desk

    def _show_waiting(self) -> None:
        self._wait_page = WaitPage(self.words.text("Ouverture de Guichet…"))
        self.window.show_page(self._wait_page)

    def _dress(self, theme: str, scale: int) -> None:
        self.theme = load_theme(theme, scale)
        apply_theme(self._app, self.theme)

    def _open_profile(self) -> None:
        self._asking.ask(self._read_profile, self._on_profile, self._on_no_profile)

    def _read_profile(self) -> _Opened:
        """On the desk thread: import what a desk needs, open the profile, find who is enrolled."""
        from .desk import enrolment
        from .profiles import open_profile

        profile = open_profile(self._options.profile, iter(self._passphrases).__next__ if self._passphrases else None)
        return _Opened(profile, profile.settings, enrolment.people(profile))

    def _on_no_profile(self, error: GuichetError) -> None:
        if not isinstance(error, KeyringMissing | WrongKey | InvalidInput):
            self._wait_page.fail(str(self.words.error(error)))
            return
        from .screens.passphrase_page import PassphrasePage

        choosing = isinstance(error, InvalidInput) or error.code == KeyringMissing.default_code
        page = PassphrasePage(self.words, str(self.words.error(error)), choosing=choosing)
        page.given.connect(self._on_passphrase)
        self.window.show_page(page)
        page.passphrase.setFocus()

    def _on_passphrase(self, typed: tuple[str, ...]) -> None:
        self._passphrases = typed
        self._open_profile()

    def _on_profile(self, opened: _Opened) -> None:
        self._profile, settings = opened.profile, opened.settings
        if settings.language and not self._options.language:
            self.words = Words(Language(settings.language))
        if not self._options.theme:
            self._dress(settings.theme, self._options.scale or settings.scale)
        if opened.people:
            self._ask_sign_in(opened)
        else:
            self._ask_enrolment()

    def _ask_enrolment(self) -> None:
        from .screens.enrolment_page import EnrolmentPage

        page = EnrolmentPage(self.words, self._options.server)
        page.asked.connect(lambda *asked: self._enrol(page, *asked))
        self.window.show_page(page)
        (page.user if page.server.text() else page.server).setFocus()

    def _ask_sign_in(self, opened: _Opened) -> None:
        from .screens.sign_in_page import SignInPage

        people = [(each.id, each.person.display) for each in opened.people]
        page = SignInPage(self.words, people, opened.settings.person)
        page.asked.connect(lambda person, password: self._sign_in(page, person, password))
        page.another_asked.connect(self._ask_enrolment)
        self.window.show_page(page)
        page.password.setFocus()

    def _enrol(self, page: EnrolmentPage, server: str, user: str, password: str) -> None:
        from .desk import enrolment

        self._ask_desk(lambda profile: enrolment.enrol(profile, server, user, password), page.refuse)

    def _sign_in(self, page: SignInPage, person: str, password: str) -> None:
        from .desk import enrolment

        self._ask_desk(lambda profile: enrolment.sign_in(profile, person, password), page.refuse)

    def _ask_desk(self, opening: Callable[[Profile], Desk], refuse: Callable[[GuichetError], None]) -> None:
        """Open a desk on the desk thread, where the keys are read too."""
        from .desk import enrolment

        profile = self._profile
        if profile is None:
            return

        def enter() -> _Entered:
            desk = opening(profile)
            return _Entered(desk, enrolment.exchange_keys(profile.keys, desk.store.person))

        self._asking.ask(enter, self._enter, refuse)

    # -- at the desk

    def _enter(self, entered: _Entered) -> None:
        """The desk is open: its screen, its exchange."""
        self._desk = entered.desk
        exchange = self.exchange = self._exchange_of(entered)
        self._show_main(entered.desk, exchange)
        exchange.wake()
        self.desk_opened.emit()

    def _exchange_of(self, entered: _Entered) -> ExchangeProcess:
        """One's own exchange, that went on behind the lock, or a new one; a colleague's ends."""
        from .exchange import ExchangeProcess

        store, before = entered.desk.store, self.exchange
        if before is not None and before.person == store.person:
            return before
        if before is not None:
            before.leave()
        return ExchangeProcess(store.folder.path, store.person, entered.keys, self)

    def _show_main(self, desk: Desk, exchange: ExchangeProcess) -> MainScreen:
        from .screens.context import Context
        from .screens.main_screen import MainScreen

        asking = Asking(self.desk_thread)
        main = MainScreen(Context(desk, asking, self.words, self.theme, exchange.wake, exchange.pause))
        asking.setParent(main)
        main.lock_asked.connect(self.lock)
        main.language_asked.connect(self.switch_language)
        exchange.event_heard.connect(main.hear)
        self.main = main
        self.window.show_page(main)
        main.refresh()
        main.top.search.setFocus()
        return main

    def switch_language(self) -> None:
        """The other language, at once; what is typed is kept and shown again."""
        before, desk, exchange, profile = self.main, self._desk, self.exchange, self._profile
        if before is None or desk is None or exchange is None or profile is None:
            return
        query, draft = before.top.search.text(), before.form.draft()
        before.form.keeper.keep()
        other = Language.EN if self.words.language is Language.FR else Language.FR
        self.words = Words(other)
        self._asking.ask(lambda: profile.change(language=other.value), lambda _settings: None)
        self._restore(self._show_main(desk, exchange), query, draft)

    def _restore(self, main: MainScreen, query: str, draft: Draft) -> None:
        main.top.search.setText(query)
        main.answers.search(query)
        if not draft.is_blank():
            main.ready.connect(lambda: main.form.open(draft))

    def lock(self) -> None:
        """Close the desk and ask who is there; what waits goes on being sent."""
        self._leave_desk()
        self._show_waiting()
        self._open_profile()

    def _leave_desk(self) -> None:
        if self.main is not None:
            self.main.form.keeper.keep()
            self.main = None
        if self._desk is not None:
            desk, self._desk = self._desk, None
            self._asking.ask(desk.close, lambda _nothing: None)
