"""A field for a few sentences: Tab leaves it, and a paste longer than it takes is cut."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QPlainTextEdit


class NoteEdit(QPlainTextEdit):
    """At most ``most`` characters are pasted, so that no paste holds the window up."""

    def __init__(self, most: int, height: int) -> None:
        super().__init__()
        self._most = most
        self.setTabChangesFocus(True)
        self.setMaximumHeight(height)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste text, as plain text and no more of it than the field takes."""
        self.insertPlainText(source.text()[: self._most])
