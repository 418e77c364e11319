"""Composition root of the window: the only place where concrete classes meet.

The window is painted before anything heavy is imported; the profile is then opened on the desk thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from .bridge import Asking, DeskThread
from .gate import Entered, Gate, Opened
from .theme.look import Look

if TYPE_CHECKING:
    from .exchange import ExchangeProcess
    from .screens.context import Taxonomy
    from .screens.main_screen import MainScreen


@dataclass(frozen=True, slots=True)
class Options:
    """How ``guichet`` was started; empty strings and 0 mean "as the settings say"."""

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
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))

    def show_page(self, page: QWidget) -> None:
        """Show a page in the place of the last one."""
        before = self.takeCentralWidget()
        self.setCentralWidget(page)
        if before is not None:
            before.hide()  # a page that was to be shown in a moment would else be, as a window of its own
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
        self._options = options
        self.words = Words(Language(options.language or "fr"))
        self._thread = DeskThread(self)
        self._asking = Asking(self._thread, self)
        self.window = Window()
        self.window.closing.connect(self.close)
        self.look = Look(app, options.theme or "system", options.scale or 100)
        self._gate = Gate(self._thread, options.profile, options.server, self.window.show_page, self, look=self.look)
        self._gate.language_chosen.connect(self._speak)
        self._gate.opened.connect(self._on_opened)
        self._gate.entered.connect(self._on_entered)
        self.main: MainScreen | None = None
        self.exchange: ExchangeProcess | None = None
        self._exchanges: dict[str, ExchangeProcess] = {}
        self._here: Entered | None = None
        self._closed = False

    def start(self) -> None:
        """Show the window at once, then open the profile."""
        self._gate.wait(self.words)
        self.window.show()
        QTimer.singleShot(0, self._gate.open)

    def close(self) -> None:
        """Keep what is typed, stop the exchange, finish local writes, close the files: in this order."""
        if not self._closed:
            self._closed = True
            self._leave_desk()
            for exchange in self._exchanges.values():
                exchange.end()
            self._thread.close()
            self.window.deleteLater()
            self.deleteLater()

    def lock(self) -> None:
        """Close the desk and ask who is there, once all that was asked is done; what waits goes on being sent."""
        self._then(self._lock)

    def switch_language(self) -> None:
        """The other language, once all that was asked is done; what is typed is shown again."""
        self._then(self._switch_language)

    def _then(self, act: Callable[[], None]) -> None:
        """After the results that a screen still waits for: none of them may come to a screen that is gone."""
        self._asking.ask(lambda: None, lambda _nothing: act())

    def _lock(self) -> None:
        self._leave_desk()
        self._gate.wait(self.words)
        self._gate.open()

    def _switch_language(self) -> None:
        before, here = self.main, self._here
        if before is None or here is None:
            return
        query, draft, taxonomy = before.top.search.text(), before.form.draft(), before.taxonomy
        before.form.keeper.keep()
        other = Language.EN if self.words.language is Language.FR else Language.FR
        self._speak(other)
        self._asking.ask(lambda: here.profile.change(language=other.value), lambda _settings: None)
        main = self._show_main(here, taxonomy)
        main.top.search.setText(query)
        main.form.open(draft)

    def _speak(self, language: Language) -> None:
        self.words = Words(language)
        self._gate.speak(self.words)

    def _on_opened(self, opened: Opened) -> None:
        """The profile's own language and look, where the command line asked for none."""
        settings = opened.settings
        if settings.language and not self._options.language:
            self._speak(Language(settings.language))
        self.look.wear(self._options.theme or settings.theme, self._options.scale or settings.scale)

    def _on_entered(self, here: Entered) -> None:
        """The desk is open: its screen, its exchange."""
        self._here = here
        self.exchange = self._exchange_of(here)
        self._show_main(here)
        self.exchange.wake()
        self.desk_opened.emit()

    def _exchange_of(self, here: Entered) -> ExchangeProcess:
        """One's own exchange, that went on behind the lock, or a new one; a colleague's sends what waits and ends."""
        from .exchange import ExchangeProcess

        store = here.desk.store
        for person, exchange in self._exchanges.items():
            if person != store.person:
                exchange.finish()
        if store.person not in self._exchanges:
            self._exchanges[store.person] = ExchangeProcess(store.folder.path, store.person, here.keys, self)
        return self._exchanges[store.person]

    def _show_main(self, here: Entered, taxonomy: Taxonomy | None = None) -> MainScreen:
        from .screens.commands import Commands
        from .screens.context import Context
        from .screens.main_screen import MainScreen
        from .screens.notices import Notices
        from .screens.preferences import Preferences

        exchange = self._exchange_of(here)
        asking = Asking(self._thread)
        preferences = Preferences(here.profile.settings, here.profile.change, asking)
        commands, notices = Commands(self.words, {}), Notices()
        context = Context(here.desk, asking, self.words, self.look, commands, notices, preferences, exchange.wake, exchange.pause)
        main = MainScreen(replace(context, taxonomy=taxonomy) if taxonomy else context)
        for owned in (asking, preferences, commands, notices):
            owned.setParent(main)
        main.lock_asked.connect(self.lock)
        main.language_asked.connect(self.switch_language)
        exchange.event_heard.connect(main.hear)
        if exchange.last_state is not None:
            main.hear(exchange.last_state)
        self.main = main
        self.window.show_page(main)
        main.refresh()
        main.top.search.setFocus()
        return main

    def _leave_desk(self) -> None:
        if self.main is not None:
            self.main.form.keeper.keep()
            self.main = None
        if self._here is not None:
            desk, self._here = self._here.desk, None
            self._asking.ask(desk.close, lambda _nothing: None)
