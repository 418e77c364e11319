"""Work that takes a while: how far it is, and a way to stop it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ..theme.look import Look
from .announcing import announce
from .frames import row
from .icon_button import IconButton
from .labels import label
from .picture import Picture


class ProgressState(StrEnum):
    """How the work stands."""

    IDLE = "idle"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


_ENDS = {ProgressState.DONE: ("circle-check", "ok"), ProgressState.FAILED: ("circle-alert", "bad")}
"""An end has its sign, in shape and in colour."""


class Progress(QWidget):
    """Named ``name``; ``cancel_words`` are the button's, none where the work can't be stopped. Emits ``cancelled`` once a run.

    Its beginning and its end are announced, what is between is not: a screen reader reads the bar when asked.
    """

    cancelled = Signal()

    def __init__(self, look: Look, name: str, cancel_words: str = "") -> None:
        super().__init__()
        self.state = ProgressState.IDLE
        self._name = name
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(name)
        self._icon = Picture(look)
        self._told = label("", "muted", wrap=True)
        self.cancel = IconButton(look, "x", cancel_words)
        self.cancel.clicked.connect(self._on_cancel)
        self._can_cancel = bool(cancel_words)
        self._lay_out()
        self._become(ProgressState.IDLE, "")

    def _lay_out(self) -> None:
        bar = row(self._bar, self.cancel, spacing=12)
        bar.setStretch(0, 1)
        told = row(self._icon, self._told)
        told.setStretch(1, 1)
        told.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(self._name, "label", wrap=True))
        column.addLayout(bar)
        column.addLayout(told)

    def begin(self, sentence: str = "") -> None:
        """It begins; how much there is to do is not known yet."""
        self._bar.setRange(0, 0)
        self._become(ProgressState.RUNNING, sentence)
        announce(self, sentence or self._name)

    def advance(self, done: int, total: int, sentence: str = "") -> None:
        """So much of so much is done; a total of 0 is not known."""
        self._bar.setRange(0, total)
        self._bar.setValue(min(done, total))
        self._told.setText(sentence)

    def finish(self, sentence: str) -> None:
        """It is done."""
        self._bar.setRange(0, 1)
        self._bar.setValue(1)
        self._become(ProgressState.DONE, sentence)
        announce(self, sentence)

    def fail(self, sentence: str) -> None:
        """It ended without being done: why, and what to do. The bar stays where it was."""
        if self._bar.maximum() == 0:
            self._bar.setRange(0, 1)
            self._bar.reset()
        self._become(ProgressState.FAILED, sentence)
        announce(self, sentence, at_once=True)

    def said(self) -> str:
        """What is told below the bar."""
        return self._told.text()

    def _become(self, state: ProgressState, sentence: str) -> None:
        self.state = state
        self._told.setText(sentence)
        self.cancel.setVisible(self._can_cancel and state is ProgressState.RUNNING)
        self.cancel.setEnabled(True)
        self._icon.show_icon(*_ENDS.get(state, ("", "")))

    def _on_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancelled.emit()
