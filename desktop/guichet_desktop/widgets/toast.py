"""A short message over the foot of the window, with an undo while it lasts. It takes no focus by itself."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from .announcing import announce
from .focus_watch import FocusWatch
from .labels import label

_LASTS_MS = 8_000
_MARGIN = 5
_MOST_CHARACTERS = 70
_LARGE_SHARE = 0.4
_RESTYLED = (QEvent.Type.FontChange, QEvent.Type.StyleChange)


class Toast(QFrame):
    """One message at a time; a new one takes the place of the last. It follows its host's size, and is announced.

    Its time stands still while the pointer or the focus is on it: who reads slowly, or reaches for the undo by Tab, is not cut
    short. ``undo_words`` are the button's, with the key that does the same: "Annuler (F8)".
    """

    def __init__(self, host: QWidget, undo_words: str = "") -> None:
        super().__init__(host)
        self.setObjectName("toast")
        self._host = host
        self._undo_words = undo_words
        self._undo: Callable[[], None] | None = None
        self._next = ""
        self._before: QWidget | None = None
        self._label = label("", wrap=True)
        self.undo_button = QPushButton()
        self.undo_button.setProperty("action", "undo")
        self.undo_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.undo_button.clicked.connect(self.undo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 10, 8)
        layout.setSpacing(12)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.undo_button, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self, singleShot=True, interval=_LASTS_MS)
        self._timer.timeout.connect(self._on_gone)
        self._watch = FocusWatch(self._on_focus_changed)
        host.installEventFilter(self)
        self.hide()

    def say(self, sentence: str, undo_label: str = "", undo: Callable[[], None] | None = None) -> None:
        """Show a sentence, with an undo if there is one; a notice without one waits until an undo is gone."""
        if undo is None and self.can_undo():
            self._next = sentence
            return
        words = undo_label or self._undo_words
        self._undo = undo
        self._label.setText(sentence)
        self.undo_button.setText(words)
        self.undo_button.setAccessibleName(words)
        self.undo_button.setVisible(undo is not None)
        self._place()
        self.show()
        self.raise_()
        self._run()
        announce(self, f"{sentence} {words}" if undo else sentence)

    def message(self) -> str:
        """What is said now, nothing when hidden."""
        return self._label.text() if self.isVisible() else ""

    def can_undo(self) -> bool:
        """Whether there is something to undo now."""
        return self._undo is not None and not self.isHidden()

    def undo(self) -> None:
        """Undo what is said to be undoable, if anything; the message goes."""
        undo = self._undo
        self._on_gone()
        if undo is not None:
            undo()

    def lasts(self) -> bool:
        """Whether its time runs; it stands still under the pointer and the focus."""
        return self._timer.isActive()

    def showEvent(self, event: QShowEvent) -> None:
        """From now on, who comes to the undo and from where matters."""
        self._watch.begin()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Gone, or its window is: nothing is followed any more."""
        self._watch.end()
        super().hideEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is on it: it stays."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone: its time begins anew."""
        self._run()
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another text size takes another room."""
        super().changeEvent(event)
        if event.type() in _RESTYLED and self.isVisible():
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the host's size."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget() and self.isVisible():
            self._place()
        return False

    def _run(self) -> None:
        if self.isVisible() and not self.underMouse() and not self.undo_button.hasFocus():
            self._timer.start()

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is self.undo_button:
            self._before = before
            self._timer.stop()
        elif before is self.undo_button:
            self._run()

    def _place(self) -> None:
        """Over the foot of the host, as wide as its words want and the host allows; at its end where it is narrow, since what
        one works with begins at the other.
        """
        around = self._host.rect()
        most = min(around.width() - 2 * _MARGIN, _MOST_CHARACTERS * self._label.fontMetrics().averageCharWidth())
        button = self.undo_button.sizeHint().width() if self._undo else 0
        line = self._label.fontMetrics().horizontalAdvance(self._label.text())
        margins = self._layout_margins()
        width = min(most, line + button + margins)
        height = self._layout_height(width)
        free = around.width() - width
        left = free - _MARGIN if width > _LARGE_SHARE * around.width() else free // 2
        self.setGeometry(max(0, left), around.height() - height - _MARGIN, width, height)

    def _layout_margins(self) -> int:
        layout = self.layout()
        if layout is None:
            return 0
        around = layout.contentsMargins()
        return around.left() + around.right() + layout.spacing() + 4

    def _layout_height(self, width: int) -> int:
        layout = self.layout()
        if layout is None:
            return 0
        layout.invalidate()
        return max(layout.heightForWidth(width), layout.minimumSize().height())

    def _on_gone(self) -> None:
        self._timer.stop()
        waiting, self._next, self._undo = self._next, "", None
        self._give_focus_back()
        self.hide()
        if waiting:
            self.say(waiting)

    def _give_focus_back(self) -> None:
        before, self._before = self._before, None
        if self.undo_button.hasFocus() and before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
