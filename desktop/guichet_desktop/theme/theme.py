"""A theme: its colours by role, its sizes at a scale."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor

from .city import City
from .tokens import THEMES, neutral

LEAST_PERCENT, MOST_PERCENT = 100, 200


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


def load_theme(name: str, percent: int = 100, city: City | None = None, *, dark: bool = False) -> Theme:
    """The theme of that name at a text size of 100 to 200 percent; any other name (``system``) is light, or ``dark``.

    The colours of a ``city``, read and checked elsewhere, are laid over the neutral ones.
    """
    worn = name if name in THEMES else ("dark" if dark else "light")
    own = city.colours.get(worn, {}) if city else {}
    return Theme(worn, neutral(worn) | dict(own), min(MOST_PERCENT, max(LEAST_PERCENT, percent)) / 100)
