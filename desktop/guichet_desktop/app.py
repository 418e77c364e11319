"""Composition root of the window: the only place where concrete classes meet.

The window is painted before anything heavy is imported; the profile is then opened on the desk thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from guichet_sync.domain.errors import GuichetError, KeyringMissing, WrongKey
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from .bridge import DeskThread
from .screens.gate_pages import WaitPage
from .theme import load_theme
from .theme.apply import apply_theme

if TYPE_CHECKING:
    from .desk.desk import Desk
    from .exchange import ExchangeProcess
    from .profiles import Profile
    from .screens.context import Context
    from .screens.main_screen import MainScreen


@dataclass(frozen=True, slots=True)
class Options:
    """How ``guichet`` was started; empty strings mean "as the settings say"."""

    profile: Path
    server: str = ""
    language: str = ""
    theme: str = ""
    scale: int = 0


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
        """Tell before the window is gone, so that what is typed is kept."""
        self.closing.emit()
        super().closeEvent(event)


class GuichetApp(QObject):
    """From an empty window to a desk, and back when locked."""

    desk_opened = Signal(object)

    def __init__(self, app: QApplication, options: Options) -> None:
        super().__init__()
        self._app = app
        self._options = options
        self.words = Words(Language(options.language or "fr"))
        self.thread_ = DeskThread(self)
        self.window = Window()
        self.window.closing.connect(self.close)
        self._profile: Profile | None = None
        self._desk: Desk | None = None
        self._exchange: ExchangeProcess | None = None
        self.main: MainScreen | None = None
        self._closed = False
        self._passphrase = ""
        self._dress(options.theme or "system", options.scale or 100)

    def start(self) -> None:
        """Show the window at once, then open the profile."""
        self._show_waiting()
        self.window.show()
        QTimer.singleShot(0, self._open_profile)

    def _show_waiting(self) -> None:
        self._wait_page = WaitPage(self.words.text("Ouverture de Guichet…"))
        self.window.show_page(self._wait_page)

    def close(self) -> None:
        """Keep what is typed, stop the exchange, finish local writes, close the files: in this order."""
        if self._closed:
            return
        self._closed = True
        self._leave_desk()
        self.thread_.close()

    def _dress(self, theme: str, scale: int) -> None:
        self.theme = load_theme(theme, scale)
        apply_theme(self._app, self.theme)

    def _open_profile(self) -> None:
        self.thread_.ask(self._read_profile, self._on_profile, self._on_no_profile)

    def _read_profile(self) -> tuple[Any, Any, Any]:
        """On the desk thread: import what a desk needs, open the profile, find who is enrolled."""
        from .desk import enrolment
        from .profiles import open_profile

        profile = open_profile(self._options.profile, (lambda: self._passphrase) if self._passphrase else None)
        return profile, profile.settings, enrolment.people(profile)

    def _on_no_profile(self, error: GuichetError) -> None:
        if not isinstance(error, KeyringMissing | WrongKey):
            self._wait_page.fail(str(self.words.error(error)))
            return
        from .screens.passphrase_page import PassphrasePage

        page = PassphrasePage(self.words, str(self.words.error(error)))
        page.given.connect(self._on_passphrase)
        self.window.show_page(page)

    def _on_passphrase(self, passphrase: str) -> None:
        self._passphrase = passphrase
        self._open_profile()

    def _on_profile(self, found: tuple[Any, Any, Any]) -> None:
        self._profile, settings, people = found
        if settings.language and not self._options.language:
            self.words = Words(Language(settings.language))
        if not self._options.theme:
            self._dress(settings.theme, self._options.scale or settings.scale)
        if people:
            self.ask_sign_in(people, settings.person)
        else:
            self.ask_enrolment()

    def ask_enrolment(self) -> None:
        """Show the enrolment page."""
        from .screens.enrolment_page import EnrolmentPage

        page = EnrolmentPage(self.words, self._options.server)
        page.asked.connect(lambda *asked: self._enrol(page, *asked))
        self.window.show_page(page)
        (page.user if page.server.text() else page.server).setFocus()

    def ask_sign_in(self, people: Any, last: str) -> None:
        """Show the sign-in page."""
        from .screens.sign_in_page import SignInPage

        page = SignInPage(self.words, [(each.id, each.person.display) for each in people], last)
        page.asked.connect(lambda person, password: self._sign_in(page, person, password))
        page.another_asked.connect(self.ask_enrolment)
        self.window.show_page(page)
        page.password.setFocus()

    def _enrol(self, page: Any, server: str, user: str, password: str) -> None:
        from .desk import enrolment

        profile = self._profile
        assert profile is not None  # noqa: S101 - the page only shows with an open profile
        self.thread_.ask(lambda: enrolment.enrol(profile, server, user, password), self._enter, page.refuse)

    def _sign_in(self, page: Any, person: str, password: str) -> None:
        from .desk import enrolment

        profile = self._profile
        assert profile is not None  # noqa: S101 - the page only shows with an open profile
        self.thread_.ask(lambda: enrolment.sign_in(profile, person, password), self._enter, page.refuse)

    def _enter(self, desk: Desk) -> None:
        """The desk is open: its screen, its exchange."""
        from .desk import enrolment
        from .exchange import ExchangeProcess, keys_line

        profile = self._profile
        assert profile is not None  # noqa: S101 - a desk is opened from a profile
        self._desk = desk
        keys = enrolment.exchange_keys(profile.keys, desk.store.person)
        self._exchange = ExchangeProcess(profile.folder.path, keys_line(desk.store.person, keys), self)
        self._show_main()
        self._exchange.start()
        self.desk_opened.emit(self.main)

    def _show_main(self) -> None:
        from .screens.context import Context
        from .screens.main_screen import MainScreen

        desk, exchange = self._desk, self._exchange
        assert desk is not None  # noqa: S101 - both are there while a desk is open
        assert exchange is not None  # noqa: S101
        context: Context = Context(desk, self.thread_, self.words, self.theme, exchange.wake)
        self.main = MainScreen(context)
        self.main.lock_asked.connect(self.lock)
        self.main.language_asked.connect(self.switch_language)
        exchange.event_heard.connect(self.main.hear)
        self.window.show_page(self.main)
        self.main.refresh()
        self.main.top.search.setFocus()

    def switch_language(self) -> None:
        """The other language, at once; what is typed is kept and shown again."""
        main = self.main
        assert main is not None  # noqa: S101 - asked by the main screen
        query, draft = main.top.search.text(), main.form.draft()
        main.form.keep()
        other = Language.EN if self.words.language is Language.FR else Language.FR
        self.words = Words(other)
        profile = self._profile
        if profile is not None:
            self.thread_.ask(lambda: profile.change(language=other.value), lambda _settings: None)
        self._show_main()
        self._restore(query, draft)

    def _restore(self, query: str, draft: Any) -> None:
        main = self.main
        assert main is not None  # noqa: S101 - just shown
        main.top.search.setText(query)
        main.answers.search(query)
        if not draft.is_blank():
            self.thread_.ask(lambda: None, lambda _nothing: main.form.open(draft))

    def lock(self) -> None:
        """Close the desk and ask who is there."""
        self._leave_desk()
        self._show_waiting()
        self.thread_.ask(self._read_profile, self._on_profile, self._on_no_profile)

    def _leave_desk(self) -> None:
        if self.main is not None:
            self.main.form.keep()
            self.main = None
        if self._exchange is not None:
            self._exchange.stop()
            self._exchange.deleteLater()
            self._exchange = None
        if self._desk is not None:
            desk, self._desk = self._desk, None
            self.thread_.ask(desk.close, lambda _nothing: None)
