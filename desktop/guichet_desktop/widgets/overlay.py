"""A panel over a part of the window that stands dimmed behind it. No window of its own: nothing is modal, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication, QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

ALWAYS = "always"
"""The property of actions that act over an open panel too."""

_DIM = QColor(6, 14, 26, 140)
_SHADOW = QColor(0, 0, 0, 14)
_SHADOW_STEPS = 8
_MARGIN_LINES = 2
_RADIUS = 12
_RELAID_BY = (QEvent.Type.LayoutRequest, QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.ApplicationFontChange)
_Scroll = QAbstractSlider.SliderAction
_SCROLLED_BY = {
    Qt.Key.Key_Down: _Scroll.SliderSingleStepAdd,
    Qt.Key.Key_Up: _Scroll.SliderSingleStepSub,
    Qt.Key.Key_PageDown: _Scroll.SliderPageStepAdd,
    Qt.Key.Key_PageUp: _Scroll.SliderPageStepSub,
    Qt.Key.Key_Home: _Scroll.SliderToMinimum,
    Qt.Key.Key_End: _Scroll.SliderToMaximum,
}


class _Panel(QDialog):
    """Screen readers learn of a dialog by its class; inside another widget, without flags of a window, it is only a surface."""

    def __init__(self, parent: QWidget, accessible_name: str) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("panel")
        self.setAccessibleName(accessible_name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys are the overlay's: a dialog would hide itself, and press buttons at Enter."""
        event.ignore()


class Overlay(QWidget):
    """Covers ``host`` and follows its size; ``columns`` is how wide its panel gets, in characters.

    While it is open the focus stays in it and the window's keys rest, but for actions that say ``ALWAYS``. Escape, or a click
    beside the panel, closes it, and the focus is back where it was. Emits ``closed``.
    """

    closed = Signal()

    def __init__(self, host: QWidget, accessible_name: str = "", *, columns: int = 76, at_top: bool = False) -> None:
        super().__init__(host)
        self.setAccessibleName(accessible_name)
        self._host = host
        self._columns = columns
        self._at_top = at_top
        self._content: QWidget | None = None
        self._first: QWidget | None = None
        self._before: QWidget | None = None
        self._keys: dict[Callable[[], object], list[QKeySequence]] = {}
        self.panel = _Panel(self, accessible_name)
        self.room = QScrollArea(self.panel, widgetResizable=True)
        self.room.setFrameShape(QFrame.Shape.NoFrame)
        self.room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._around = QVBoxLayout(self.panel)
        self._around.setContentsMargins(1, 1, 1, 1)
        self._around.addWidget(self.room)
        self.answer_to(("Escape",), self.close_panel)
        host.installEventFilter(self)
        self.hide()

    def set_content(self, content: QWidget, first: QWidget | None = None, *, scrolls: bool = True) -> None:
        """What stands in the panel, and scrolls where there is no room unless it does so by itself.

        ``first`` is where the focus begins.
        """
        if scrolls:
            self.room.setWidget(content)
        else:
            self._around.replaceWidget(self.room, content)
            self.room.hide()
        self._content = content
        self._first = first

    def answer_to(self, keys: Iterable[str], act: Callable[[], object]) -> None:
        """While it is open these keys do so, in Qt's notation, and no others do."""
        self._keys[act] = [QKeySequence(key) for key in keys]

    def is_open(self) -> bool:
        """Whether it covers its host."""
        return not self.isHidden()

    def open(self) -> None:
        """Cover the host and take the focus; if it is open already, only that."""
        if not self.is_open():
            self._before = self.window().focusWidget()
            self._place()
            self.show()
            _application().focusChanged.connect(self._on_focus_changed)
        self.raise_()
        self._focus_first()

    def close_panel(self) -> None:
        """Uncover the host; the focus goes back to where it was, if that is still there."""
        if not self.is_open():
            return
        _application().focusChanged.disconnect(self._on_focus_changed)
        self.hide()
        before, self._before = self._before, None
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def act_on(self, event: QKeyEvent) -> bool:
        """Do what a key pressed does in this panel, or anywhere; whether it does anything. A key that is held acts once.

        A key that types a character does nothing else.
        """
        if _types(event):
            return False
        act = self._act_of(QKeySequence(event.keyCombination()))
        if act is not None and not event.isAutoRepeat():
            act()
        return act is not None

    def _act_of(self, pressed: QKeySequence) -> Callable[[], object] | None:
        own = next((act for act, keys in self._keys.items() if pressed in keys), None)
        if own is not None:
            return own
        actions = (each for each in self.window().findChildren(QAction) if each.property(ALWAYS))
        return next((each.trigger for each in actions if pressed in each.shortcuts()), None)

    # ── where the focus may go ────────────────────────────────────────────

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the panel. As it closes, Qt asks where the focus goes: out of it."""
        if not self.is_open():
            return super().focusNextPrevChild(forward)
        ring = _ring(self)
        if ring:
            here = _application().focusWidget()
            at = ring.index(here) if here in ring else (-1 if forward else 0)
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            ring[(at + (1 if forward else -1)) % len(ring)].setFocus(reason)
        return True

    def _focus_first(self) -> None:
        """An overlay without anything to do in it takes the focus itself: keys must not reach what is behind.

        As with a pop-up, a field behind keeps its selection and is not done being edited.
        """
        first = self._first
        if first is None or not (first.isEnabled() and first.isVisibleTo(self)):
            first = next(iter(_ring(self)), self)
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """What happens behind (an answer that arrives, a page that is entered) may not take the focus away."""
        if now is not None and self.isVisible() and now.window() is self.window() and not _is_in_overlay(now):
            self._focus_first()

    # ── keys, mouse ────────────────────────────────────────────

    def event(self, event: QEvent) -> bool:
        """The window's keys rest: each key pressed comes to the panel as a key."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() in _RELAID_BY and self.is_open():
            self._place()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key nobody in the panel took scrolls it, if it does anything; it goes no further."""
        scrolled = _SCROLLED_BY.get(Qt.Key(event.key()))
        if not self.act_on(event) and scrolled is not None:
            self.room.verticalScrollBar().triggerAction(scrolled)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the panel closes it."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_panel()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nothing scrolls behind."""
        event.accept()

    # ── place and look ────────────────────────────────────────────

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the host's size."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget() and self.is_open():
            self._place()
        return False

    def _place(self) -> None:
        self.setGeometry(self._host.rect())
        line = self.fontMetrics().lineSpacing()
        free = self.rect().adjusted(line, _MARGIN_LINES * line, -line, -_MARGIN_LINES * line)
        width = min(free.width(), self._columns * self.fontMetrics().averageCharWidth())
        height = min(free.height(), self._wanted_height(width))
        top = free.top() + (line if self._at_top else (free.height() - height) // 2)
        top = min(top, free.bottom() + 1 - height)
        self.panel.setGeometry((self.width() - width) // 2, top, width, height)

    def _wanted_height(self, width: int) -> int:
        content = self._content
        if content is None:
            return 0
        inside = width - 2
        high = content.heightForWidth(inside) if content.hasHeightForWidth() else content.sizeHint().height()
        return high + 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim what is behind, and set the panel off from it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _DIM)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SHADOW)
        for step in range(_SHADOW_STEPS, 0, -1):
            area = self.panel.geometry().adjusted(-step, -step // 2, step, step + step // 2)
            painter.drawRoundedRect(area, _RADIUS + step, _RADIUS + step)
        painter.end()


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)  # noqa: S101 - there is a widget, so there is one
    return application


def _ring(overlay: Overlay) -> list[QWidget]:
    """What Tab reaches inside, in its order."""
    found, at = list[QWidget](), overlay.nextInFocusChain()
    while at is not None and at is not overlay:
        if overlay.isAncestorOf(at) and _takes_tab(at, overlay):
            found.append(at)
        at = at.nextInFocusChain()
    return found


def _takes_tab(widget: QWidget, overlay: Overlay) -> bool:
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return by_tab and widget.isEnabled() and widget.isVisibleTo(overlay) and widget.focusProxy() is None


def _types(event: QKeyEvent) -> bool:
    """Whether a key gives a character. Of Control and Alt one alone makes a command, both are the AltGr of some systems."""
    held = event.modifiers()
    control, alt = bool(held & Qt.KeyboardModifier.ControlModifier), bool(held & Qt.KeyboardModifier.AltModifier)
    return control == alt and event.text() != "" and event.text().isprintable()


def _is_in_overlay(widget: QWidget) -> bool:
    at: QWidget | None = widget
    while at is not None and not isinstance(at, Overlay):
        at = at.parentWidget()
    return at is not None
