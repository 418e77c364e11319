"""Composition root of the window: the only place where concrete classes meet.

The window is painted before anything heavy is imported; the profile is then opened on the desk thread.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from guichet_sync.domain.errors import CityThemeRefused
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from .bridge import Asking, DeskThread
from .gate import Entered, Gate, Opened
from .theme.city import City, city_to_wear
from .theme.look import Look

if TYPE_CHECKING:
    from .exchange import ExchangeProcess
    from .profiles import Profile
    from .screens.shell import Shell
    from .seat import Seat
    from .settings import Settings


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

    def place(self) -> str:
        """Where it stands and how large, as text."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def put_back(self, geometry: str) -> None:
        """Where it stood before; on a screen that is gone, Qt finds another."""
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

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


def _spare_the_hands() -> None:
    """All that is alive by now lives as long as the window: a full collection need not go through it (50 to 95 ms, measured)."""
    gc.freeze()


class GuichetApp(QObject):
    """From an empty window to a desk, and back when locked."""

    desk_opened = Signal()

    def __init__(self, app: QApplication, options: Options) -> None:
        super().__init__()
        self._options = options
        self.words = Words(Language(options.language or "fr"))
        self._thread = DeskThread(self)
        self._asking = Asking(self._thread, self)
        self.look = Look(app, options.theme or "system", options.scale or 100)
        self.window = Window()
        self.window.closing.connect(self.close)
        self._gate = Gate(self._thread, options.profile, options.server, self.window.show_page, self, look=self.look)
        self._gate.language_chosen.connect(self._speak)
        self._gate.opened.connect(self._on_opened)
        self._gate.entered.connect(self._on_entered)
        self.exchange: ExchangeProcess | None = None
        self._exchanges: dict[str, ExchangeProcess] = {}
        self._seat: Seat | None = None
        self._profile: Profile | None = None
        self._refused_city: CityThemeRefused | None = None
        self._closed = False

    @property
    def main(self) -> Shell | None:
        """The window's shell, while somebody is signed in."""
        return self._seat.shell if self._seat is not None else None

    def start(self) -> None:
        """Show the window at once, then open the profile."""
        self._gate.wait(self.words)
        self.window.show()
        QTimer.singleShot(0, self._gate.open)

    def close(self) -> None:
        """Keep what is typed, stop the exchange, finish local writes, close the files: in this order."""
        if not self._closed:
            self._closed = True
            self._keep_geometry()
            self._leave_seat()
            for exchange in self._exchanges.values():
                exchange.end()
            self._thread.close()
            self.window.deleteLater()
            self.deleteLater()

    def lock(self) -> None:
        """Close the desk and ask who is there, once all that was asked is done; what waits goes on being sent."""
        if self._seat is not None:
            self._seat.then(self._lock)

    def _lock(self) -> None:
        self._leave_seat()
        self._gate.wait(self.words)
        self._gate.open()

    def _speak(self, language: Language) -> None:
        self.words = Words(language)
        self._gate.speak(self.words)

    def _on_opened(self, opened: Opened) -> None:
        """The profile's own language and look, where the command line asked for none."""
        self._profile = opened.profile
        settings = self._asked_for(opened.settings)
        if settings.language:
            self._speak(Language(settings.language))
        self.look.wear(settings.theme, settings.scale)
        self.window.put_back(settings.geometry)
        self._asking.ask(lambda: city_to_wear(settings.city_theme), lambda found: self._wear_city(*found))

    def _wear_city(self, city: City | None, refused: CityThemeRefused | None) -> None:
        """A city's own colours; those that can't be worn are told of once somebody is there."""
        self.look.adopt(city)
        self._refused_city = refused

    def _asked_for(self, settings: Settings) -> Settings:
        """The settings, but for what the command line says."""
        options = self._options
        return replace(
            settings,
            language=options.language or settings.language,
            theme=options.theme or settings.theme,
            scale=options.scale or settings.scale,
        )

    def _on_entered(self, here: Entered) -> None:
        """The desk is open: the person's seat, their exchange."""
        from .seat import Seat

        self.exchange = self._exchange_of(here)
        settings = replace(self._asked_for(here.profile.settings), language=self.words.language.value)
        self._seat = Seat(here, settings, self.words, self.look, self.exchange, self._thread)
        self._seat.lock_asked.connect(self.lock)
        self._seat.language_chosen.connect(self._speak)
        self._seat.sit(self.window.show_page)
        self.exchange.wake()
        if self._refused_city is not None:
            self._seat.say(str(self.words.error(self._refused_city)))
        _spare_the_hands()
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

    def _leave_seat(self) -> None:
        if self._seat is not None:
            seat, self._seat = self._seat, None
            seat.leave()
            seat.deleteLater()

    def _keep_geometry(self) -> None:
        """Where the window stood, for the next time."""
        profile, geometry = self._profile, self.window.place()
        if profile is not None and geometry != profile.settings.geometry:
            self._asking.ask(lambda: profile.change(geometry=geometry), lambda _settings: None)
