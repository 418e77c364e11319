"""A long text to be read: as tall as it is, scrolled with what is around it, laid out piece by piece."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QScrollArea, QSizePolicy

from ..theme.look import Look
from .safe_browser import SafeBrowser

_HEADING_PX = 15
_SCROLLING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)


class Reading(SafeBrowser):
    """What it stands in scrolls, by the keys it hears too. A long text comes piece by piece, one a turn of the loop, so that no
    key waits for it.
    """

    def __init__(self, look: Look, accessible_name: str) -> None:
        super().__init__(accessible_name, look.theme.px(_HEADING_PX))
        self._look = look
        self._parts: list[str] = []
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._add_part)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self.updateGeometry())

    def show_parts(self, parts: Sequence[str]) -> None:
        """Show the pieces of one text, the first at once."""
        self._parts = list(parts)
        self.style_text(self._look.theme.px(_HEADING_PX))
        self.setHtml(self._parts.pop(0) if self._parts else "")
        self._next.start()

    def is_whole(self) -> bool:
        """Whether all pieces are shown."""
        return not self._parts

    def _add_part(self) -> None:
        if not self._parts:
            return
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock()
        cursor.insertHtml(self._parts.pop(0))
        self._next.start()

    def sizeHint(self) -> QSize:
        """As tall as its text at the width it has."""
        frame = 2 * self.frameWidth()
        return QSize(super().sizeHint().width(), round(self.document().size().height()) + frame + 4)

    def minimumSizeHint(self) -> QSize:
        """It is never cut: what it stands in scrolls."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width makes another height."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that scroll do so in what this stands in."""
        area = self._area()
        if area is not None and event.key() in _SCROLLING:
            area.verticalScrollBar().event(QKeyEvent(QEvent.Type.KeyPress, event.key(), Qt.KeyboardModifier.NoModifier))
        else:
            super().keyPressEvent(event)

    def _area(self) -> QScrollArea | None:
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        return parent
