"""A short message over a corner of the window, with an undo while it lasts. It takes no focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from .labels import label

_LASTS_MS = 8_000
_MARGIN = 5
_LEAST_PX, _MOST_PX = 260, 620


class Toast(QFrame):
    """One message at a time; a new one takes the place of the last."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._host = parent
        self._label = label("", wrap=True)
        self._label.setMinimumWidth(_LEAST_PX)
        self._label.setMaximumWidth(_MOST_PX)
        self.undo_button = QPushButton()
        self.undo_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.undo_button.clicked.connect(self._on_undo)
        self._undo: Callable[[], None] | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 10, 8)
        layout.addWidget(self._label)
        layout.addWidget(self.undo_button)
        self._timer = QTimer(self, singleShot=True, interval=_LASTS_MS)
        self._timer.timeout.connect(self._on_gone)
        self._next = ""
        self.hide()

    def say(self, sentence: str, undo_label: str = "", undo: Callable[[], None] | None = None) -> None:
        """Show a sentence, with an undo if there is one; a notice without one waits until an undo is gone."""
        if undo is None and self._undo is not None and self.isVisible():
            self._next = sentence
            return
        self._label.setText(sentence)
        self._undo = undo
        self.undo_button.setText(undo_label)
        self.undo_button.setVisible(undo is not None)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def message(self) -> str:
        """What is said now, nothing when hidden."""
        return self._label.text() if self.isVisible() else ""

    def _place(self) -> None:
        """Over the foot of the window, where it hides nothing that one works with."""
        around = self._host.rect()
        self.move((around.width() - self.width()) // 2, around.height() - self.height() - _MARGIN)

    def _on_gone(self) -> None:
        waiting, self._next, self._undo = self._next, "", None
        self.hide()
        if waiting:
            self.say(waiting)

    def _on_undo(self) -> None:
        undo = self._undo
        self._timer.stop()
        self._on_gone()
        if undo is not None:
            undo()
