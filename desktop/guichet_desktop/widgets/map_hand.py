"""Keys and mouse over a map: what they ask of it."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from .map_view import Pixel

NEARER = 1.5
"""A step of the keys and of the buttons."""

_STEP, _NOTCH_FACTOR, _NOTCH = 0.2, 1.25, 120
_WAYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_NEAR_KEYS, _FAR_KEYS = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)
_HOME, _PICK = (Qt.Key.Key_Home, Qt.Key.Key_0), (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN_MODIFIERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class Steered(Protocol):
    """A map that can be steered; pixels are those of its widget."""

    def pan(self, right: float, down: float) -> None:
        """Look so many pixels to the right and below."""

    def zoom(self, factor: float, about: Pixel | None = None) -> None:
        """Come nearer around a pixel, or around the middle."""

    def go_home(self) -> None:
        """Back to the place."""

    def pick(self, at: Pixel | None = None) -> None:
        """Choose the point seen at a pixel, or in the middle."""


class MapHand(QObject):
    """Arrows and dragging pan, +, − and the wheel zoom, Home and 0 go back to the place, Enter and a double click pick.

    The wheel is the map's once it has the focus, or with Ctrl: a map in a page that scrolls must not catch it on the way.
    """

    def __init__(self, steered: Steered, widget: QWidget) -> None:
        super().__init__(widget)
        self._steered, self._widget = steered, widget
        self._grip: QPointF | None = None
        self._dragging = False
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take what is meant for the map."""
        if isinstance(event, QKeyEvent):
            return event.type() is QEvent.Type.KeyPress and self._key(event)
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        return isinstance(event, QMouseEvent) and self._mouse(event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~_OWN_MODIFIERS:
            return False
        key = Qt.Key(event.key())
        if key in _WAYS:
            across, down = _WAYS[key]
            step = _STEP * min(self._widget.width(), self._widget.height())
            self._steered.pan(across * step, down * step)
        elif key in _NEAR_KEYS or key in _FAR_KEYS:
            self._steered.zoom(NEARER if key in _NEAR_KEYS else 1 / NEARER)
        elif key in _HOME:
            self._steered.go_home()
        elif key in _PICK:
            self._steered.pick()
        else:
            return False
        return True

    def _wheel(self, event: QWheelEvent) -> bool:
        if not (self._widget.hasFocus() or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            return False
        at = event.position()
        self._steered.zoom(_NOTCH_FACTOR ** (event.angleDelta().y() / _NOTCH), (at.x(), at.y()))
        event.accept()
        return True

    def _mouse(self, event: QMouseEvent) -> bool:
        at, kind = event.position(), event.type()
        if event.button() is Qt.MouseButton.LeftButton and kind is QEvent.Type.MouseButtonDblClick:
            self._steered.pick((at.x(), at.y()))
        elif event.button() is Qt.MouseButton.LeftButton and kind is QEvent.Type.MouseButtonPress:
            self._grip, self._dragging = at, False
            self._widget.setFocus(Qt.FocusReason.MouseFocusReason)
        elif kind is QEvent.Type.MouseMove and self._grip is not None:
            self._drag(at, self._grip)
        elif kind is QEvent.Type.MouseButtonRelease and self._grip is not None:
            self._grip = None
            self._widget.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            return False
        return True

    def _drag(self, at: QPointF, grip: QPointF) -> None:
        moved = grip - at
        self._dragging = self._dragging or moved.manhattanLength() >= QApplication.startDragDistance()
        if self._dragging:
            self._widget.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._grip = at
            self._steered.pan(moved.x(), moved.y())
