"""A line that says what it understood of what is typed, or that it is odd. It never blocks."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from .announcing import announce

_FRAME_CHARACTERS = 3


class NotedEdit(QLineEdit):
    """Emits ``noted`` with a sentence and whether it asks for attention; an empty sentence takes the last one back.

    ``columns`` is how wide a short one is, in characters: what it notes then stands beside it. Else it stands below.
    """

    noted = Signal(str, bool)
    columns = 0

    def __init__(self) -> None:
        super().__init__()
        self._note = ""
        if self.columns:
            self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def note(self) -> str:
        """What is said now."""
        return self._note

    def say(self, sentence: str, *, warns: bool = False, aloud: bool = False) -> None:
        """Note something about what is typed; ``aloud`` has it announced too, where it is new."""
        if sentence == self._note:
            return
        self._note = sentence
        self.noted.emit(sentence, warns)
        if aloud and self.isVisible():
            announce(self, sentence)

    def sizeHint(self) -> QSize:
        """Room for its columns."""
        hint = super().sizeHint()
        if self.columns:
            hint.setWidth((self.columns + _FRAME_CHARACTERS) * self.fontMetrics().averageCharWidth())
        return hint
