"""What the application wears now: one theme at one text size, followed live."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from .apply import apply_theme, prepare
from .city import City
from .theme import Theme, load_theme


class Look(QObject):
    """Holds the theme; ``changed`` is emitted once the application is dressed anew.

    Style sheet and palette reach every widget by themselves; what paints itself (rows, maps, icons) reads ``theme`` as it does.
    Fonts, tokens and drawings are read here, before the first paint; nothing is read from disk afterwards.
    """

    changed = Signal()

    def __init__(self, app: QApplication, name: str = "system", percent: int = 100, city: City | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._name, self._percent, self._city = name, percent, city
        prepare(app)
        hints = QGuiApplication.styleHints()
        self._scheme = hints.colorScheme()
        self.theme: Theme = self._wanted()
        apply_theme(app, self.theme)
        hints.colorSchemeChanged.connect(self._on_system_changed)

    def wear(self, name: str, percent: int) -> None:
        """Dress the application in the theme of that name (``system`` follows the desktop) at a text size in percent."""
        self._name, self._percent = name, percent
        self._dress()

    def adopt(self, city: City | None) -> None:
        """Lay the colours of a city, read on the desk thread, over those of every theme; None is the neutral look."""
        self._city = city
        self._dress()

    def _dress(self) -> None:
        wanted = self._wanted()
        if wanted != self.theme:
            self.theme = wanted
            apply_theme(self._app, wanted)
            self.changed.emit()

    def _wanted(self) -> Theme:
        return load_theme(self._name, self._percent, self._city, dark=self._scheme is Qt.ColorScheme.Dark)

    def _on_system_changed(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme
        self._dress()
