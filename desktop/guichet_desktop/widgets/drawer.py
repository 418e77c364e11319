"""A column that comes over the left edge of the window where there is no room beside the others."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from .focus_watch import FocusWatch
from .overlay import Overlay

_DIM = QColor(6, 14, 26, 110)
_LEAST_CHARACTERS = 34
_LEFT_FREE_CHARACTERS = 8


class Drawer(QWidget):
    """Holds ``content`` over ``host`` while it is open, and follows the host's size. Emits ``opened`` and ``closed``.

    Nothing is modal: Escape, a click beside it, or the focus going elsewhere in the window (Tab after its last part, a key that
    leads to the search field) closes it. After Escape and a click the focus is back where it was. ``content`` may live in
    another layout while the drawer is closed; it is taken in when it opens. It scrolls by itself. ``first`` gets the focus.
    """

    opened = Signal()
    closed = Signal()

    def __init__(self, host: QWidget, content: QWidget, first: QWidget | None = None) -> None:
        super().__init__(host)
        self._host = host
        self._content = content
        self._begins_at = first
        self._before: QWidget | None = None
        self._frame = QFrame(self)
        self._frame.setObjectName("drawer")
        self._room = QVBoxLayout(self._frame)
        self._room.setContentsMargins(12, 12, 12, 12)
        self._watch = FocusWatch(self._on_focus_changed)
        host.installEventFilter(self)
        self.hide()

    def is_open(self) -> bool:
        """Whether it stands over its host."""
        return not self.isHidden()

    def open(self) -> None:
        """Come over the host; the focus goes in."""
        if self.is_open():
            return
        self._before = QApplication.focusWidget()
        if self._content.parentWidget() is not self._frame:
            self._room.addWidget(self._content)
        self._content.show()
        self._place()
        self.show()
        self.raise_()
        self._first().setFocus(Qt.FocusReason.OtherFocusReason)
        self.opened.emit()

    def close_panel(self) -> None:
        """Go; the focus is back where it was, if that is still there."""
        before = self._before
        self._close()
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        if self.is_open():
            self._before = None
            self.hide()
            self.closed.emit()

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """The focus went behind, where the drawer would hide it; a panel over the window gives it back."""
        if now is not None and now.window() is self.window() and not self.isAncestorOf(now) and not _is_in_overlay(now):
            self._close()

    def showEvent(self, event: QShowEvent) -> None:
        """From now on it goes when the focus goes elsewhere."""
        self._watch.begin()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Put away, or its window is: nothing is followed any more."""
        self._watch.end()
        super().hideEvent(event)

    def event(self, event: QEvent) -> bool:
        """Escape is the drawer's before it is the window's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside it closes it."""
        if not self._frame.geometry().contains(event.position().toPoint()):
            self.close_panel()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the host's size."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim what is behind."""
        QPainter(self).fillRect(self.rect(), _DIM)

    def _place(self) -> None:
        self.setGeometry(self._host.rect())
        character = self.fontMetrics().averageCharWidth()
        wanted = max(self._frame.sizeHint().width(), _LEAST_CHARACTERS * character)
        most = max(self._frame.minimumSizeHint().width(), self.width() - _LEFT_FREE_CHARACTERS * character)
        self._frame.setGeometry(0, 0, min(wanted, most, self.width()), self.height())

    def _first(self) -> QWidget:
        """Where the focus begins: ``first``, or the first part that takes it.

        Neither ``focusProxy`` nor ``nextInFocusChain`` may be called on parts that Qt made (a list's viewport): PySide then
        makes that part the owner of what it returns, and the list dies with it.
        """
        parts = (each for each in self._content.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus)
        shown = (each for each in parts if each.isEnabled() and each.isVisibleTo(self))
        return self._begins_at or next(shown, self._content)


def _is_in_overlay(widget: QWidget) -> bool:
    at: QWidget | None = widget
    while at is not None and not isinstance(at, Overlay):
        at = at.parentWidget()
    return at is not None
