"""A field one searches with: a glass before the words, and a button after them that clears them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit

from ..theme.look import Look
from .icon_button import IconButton
from .picture import Picture

_GLASS_PX, _CLEAR_PX, _LEAST_PX, _AROUND_PX, _PADDING_PX = 18, 28, 24, 4, 12
_RESTYLED = (QEvent.Type.FontChange, QEvent.Type.StyleChange)


class SearchEdit(QLineEdit):
    """``hints`` are placeholders, the longest first: the first that is not cut is shown.

    ``clear_name`` is what the button does, in words; Tab passes it by: Ctrl+A and Delete do the same.
    """

    def __init__(self, look: Look, hints: Sequence[str], clear_name: str) -> None:
        super().__init__()
        self._look = look
        self._hints = tuple(hints)
        self._glass = Picture(look, "search", "text2", _GLASS_PX)
        self._glass.setParent(self)
        self.clear_button = IconButton(look, "x", kind="inside", name=clear_name)
        self.clear_button.setParent(self)
        self.clear_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clear_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.clear_button.clicked.connect(self.clear)
        self.textChanged.connect(lambda text: self.clear_button.setVisible(bool(text)))
        self.clear_button.hide()
        look.changed.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the parts at both ends."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size: another hint may fit."""
        super().changeEvent(event)
        if event.type() in _RESTYLED:
            self._fit()

    def _fit(self) -> None:
        theme = self._look.theme
        glass, gap, side = theme.px(_GLASS_PX), theme.px(_AROUND_PX), max(_LEAST_PX, theme.px(_CLEAR_PX))
        padding = theme.px(_PADDING_PX)
        self._glass.setGeometry(padding, (self.height() - glass) // 2, glass, glass)
        self.clear_button.setGeometry(self.width() - side - gap, (self.height() - side) // 2, side, side)
        self.setTextMargins(glass + gap, 0, side, 0)
        room = self.width() - glass - side - 2 * (padding + gap)
        fitting = (each for each in self._hints if self.fontMetrics().horizontalAdvance(each) <= room)
        self.setPlaceholderText(next(fitting, ""))
