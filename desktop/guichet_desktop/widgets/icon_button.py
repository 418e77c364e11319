"""Buttons with an icon in the colour of their text, in every theme; a button that is an action of the window."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from ..theme.icons import icon
from ..theme.look import Look

_ICON_PX = 16
_GAP_PX = 4
_COLOURS = {"primary": "onBrand", "ghost": "brand", "rail": "railText", "danger": "bad"}


class IconButton(QPushButton):
    """``kind`` is the button's in the style sheet. Without words it is an icon alone, named for screen readers and by its tip."""

    def __init__(self, look: Look, icon_name: str, words: str = "", *, kind: str = "", name: str = "") -> None:
        super().__init__(words)
        self._look = look
        self._icon_name = icon_name
        self._words = words
        self._role = _COLOURS.get(kind, "text")
        if kind:
            self.setProperty("kind", kind)
        if name or words:
            self.setAccessibleName(name or words)
        if not words:
            self.setToolTip(name)
        look.changed.connect(self._draw)
        self._draw()

    def setText(self, words: str) -> None:  # noqa: N802 - Qt calls it so
        """Words beside the icon, with room between them."""
        super().setText(words)
        self._draw()

    def set_icon(self, name: str, role: str = "") -> None:
        """Another icon, in another colour."""
        self._icon_name, self._role = name, role or self._role
        self._draw()

    def show_words(self, *, shown: bool) -> None:
        """Words beside the icon, or the icon alone, whose name stays."""
        self.setText(self._words if shown else "")

    def _draw(self) -> None:
        if self._icon_name:
            size = self._look.theme.px(_ICON_PX)
            after = self._look.theme.px(_GAP_PX) if self.text() else 0
            colours = self._look.theme.colours
            self.setIcon(icon(self._icon_name, colours[self._role], size, off=colours["text3"], after=after))
            self.setIconSize(QSize(size + after, size))


class ActionButton(IconButton):
    """A button that does an action: its words, its tip and whether it can be pressed are the action's."""

    def __init__(self, look: Look, action: QAction, icon_name: str = "", *, kind: str = "", words: str | None = None) -> None:
        super().__init__(look, icon_name, action.text() if words is None else words, kind=kind, name=action.text())
        self.setProperty("action", action.data())
        self._action = action
        action.changed.connect(self._follow)
        self.clicked.connect(action.trigger)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
