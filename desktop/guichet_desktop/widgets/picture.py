"""An icon that stands beside words and says nothing more than they do."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from ..theme.icons import pixmap
from ..theme.look import Look

_ICON_PX = 16


class Picture(QLabel):
    """The icon ``name`` in the colour of a role, ``pixels`` wide at 100 %; it follows the look. Screen readers pass it by."""

    def __init__(self, look: Look, name: str = "", role: str = "text", pixels: int = _ICON_PX) -> None:
        super().__init__()
        self._look = look
        self._name, self._role, self._pixels = name, role, pixels
        look.changed.connect(self._draw)
        self._draw()
        if not name:
            self.hide()

    def show_icon(self, name: str, role: str = "text") -> None:
        """Another icon, in another colour; none hides it."""
        self._name, self._role = name, role
        self._draw()
        self.setVisible(bool(name))

    def _draw(self) -> None:
        if self._name:
            theme = self._look.theme
            self.setPixmap(pixmap(self._name, theme.colours[self._role], theme.px(self._pixels), self.devicePixelRatioF()))
