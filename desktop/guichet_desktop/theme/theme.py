"""A theme: its colours by role, its sizes at a scale."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication

from guichet_sync import resources

THEMES = ("light", "dark", "contrast")


@dataclass(frozen=True, slots=True)
class Theme:
    """``colours`` are ``#RRGGBB`` by role; ``scale`` is 1.0 at 100 % text."""

    name: str
    colours: dict[str, str]
    scale: float = 1.0

    def px(self, pixels: float) -> int:
        """A size at this scale."""
        return round(pixels * self.scale)

    def colour(self, role: str) -> QColor:
        """The colour of a role."""
        return QColor(self.colours[role])


@lru_cache(maxsize=1)
def tokens() -> dict[str, Any]:
    """The design tokens."""
    found: dict[str, Any] = json.loads((resources.folder("theme") / "tokens.json").read_text(encoding="utf-8"))
    return found


def load_theme(name: str, percent: int = 100, city: Path | None = None) -> Theme:
    """The theme of that name (``system`` follows the desktop's light or dark) at a text size of 100 to 200 percent.

    ``city`` is the file of a city's own colours, laid over these.
    """
    if name not in THEMES:
        name = "dark" if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"
    own = json.loads(city.read_text(encoding="utf-8")).get(name, {}) if city else {}
    return Theme(name, tokens()["themes"][name] | own, min(200, max(100, percent)) / 100)
