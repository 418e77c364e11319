"""Names and values, to be read and copied: one text that a caret and a screen reader go through."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent

from ..theme.look import Look
from .safe_browser import SafeBrowser

_HEADING_PX, _CELL_PX, _BETWEEN_PX, _FRAME_PX = 15, 4, 14, 4
Pairs = Sequence[tuple[str, str]]


class Facts(SafeBrowser):
    """Shows pairs as a table of two columns; never markup, whatever they hold. It scrolls, or is as tall as its text."""

    def __init__(self, look: Look, accessible_name: str) -> None:
        super().__init__(accessible_name, look.theme.px(_HEADING_PX))
        self._look = look
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._tall = False
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        look.changed.connect(self._draw)

    def show_pairs(self, pairs: Pairs) -> None:
        """Show these and no others, from the first one on."""
        if tuple(pairs) != self._pairs:
            self._pairs = tuple(pairs)
            self._draw()

    def stand_tall(self, *, tall: bool) -> None:
        """As tall as its text (something around it scrolls), or as the room it has."""
        if tall != self._tall:
            self._tall = tall
            self._fit()

    def sizeHint(self) -> QSize:
        """As tall as its text where it stands so."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.minimumHeight()) if self._tall else hint

    def minimumSizeHint(self) -> QSize:
        """No taller than its text where it stands so."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), self.minimumHeight()) if self._tall else hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def _draw(self) -> None:
        self.setHtml(f"<table cellspacing='0'>{''.join(self._row(name, value) for name, value in self._pairs)}</table>")
        self._fit()

    def _row(self, name: str, value: str) -> str:
        theme = self._look.theme
        down, side = theme.px(_CELL_PX), theme.px(_BETWEEN_PX)
        shown = escape(value).replace("\n", "<br>")
        return (
            f"<tr><td style='color: {theme.colours['text2']}; font-weight: 600; padding: {down}px {side}px {down}px 0'>"
            f"{escape(name)}</td><td style='padding: {down}px 0'>{shown}</td></tr>"
        )

    def _fit(self) -> None:
        self.setMinimumHeight(round(self.document().size().height()) + 2 * _FRAME_PX if self._tall else 0)
