"""Short things to say to the person, from any screen: shown by the one toast of the window and announced."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

Undo = Callable[[], None]


class Notices(QObject):
    """Emits ``said`` with a sentence and what undoes it, or None."""

    said = Signal(str, object)

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        """Say a sentence; with ``undo`` it can be undone for as long as it stands."""
        self.said.emit(sentence, undo)
