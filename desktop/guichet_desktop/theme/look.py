"""What the application wears now: one theme at one text size, followed live."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from .apply import apply_theme
from .theme import Theme, load_theme


class Look(QObject):
    """Holds the theme; ``changed`` is emitted once the application is dressed anew.

    Style sheet and palette reach every widget by themselves; what paints itself (rows, maps, icons) reads ``theme`` as it does.
    """

    changed = Signal()

    def __init__(self, app: QApplication, name: str = "system", percent: int = 100, city: Path | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._name, self._percent, self._city = name, percent, city
        self.theme: Theme = load_theme(name, percent, city)
        apply_theme(app, self.theme)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def wear(self, name: str, percent: int) -> None:
        """Dress the application in the theme of that name (``system`` follows the desktop) at a text size in percent."""
        self._name, self._percent = name, percent
        wanted = load_theme(name, percent, self._city)
        if wanted != self.theme:
            self.theme = wanted
            apply_theme(self._app, wanted)
            self.changed.emit()

    def _on_system_changed(self) -> None:
        self.wear(self._name, self._percent)
