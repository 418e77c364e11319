"""A field for a few sentences: Tab leaves it, and a paste longer than it takes is cut."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData
from PySide6.QtWidgets import QPlainTextEdit

_FONT_CHANGES = (QEvent.Type.FontChange, QEvent.Type.StyleChange)
_FRAME_LINES = 1
"""What the style sheet puts above and below the text takes no more than a line."""


class NoteEdit(QPlainTextEdit):
    """At most ``most`` characters are pasted, so that no paste holds the window up.

    It is ``lines`` of text tall, at any text size, or at most ``height`` pixels.
    """

    def __init__(self, most: int, height: int = 0, *, lines: int = 0) -> None:
        super().__init__()
        self._most = most
        self._lines = lines
        self.setTabChangesFocus(True)
        if height:
            self.setMaximumHeight(height)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size takes another height."""
        super().changeEvent(event)
        if event.type() in _FONT_CHANGES:
            self._fit()

    def _fit(self) -> None:
        if self._lines:
            margins = 2 * round(self.document().documentMargin())
            self.setFixedHeight((self._lines + _FRAME_LINES) * self.fontMetrics().lineSpacing() + margins)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste text, as plain text and no more of it than the field takes."""
        self.insertPlainText(source.text()[: self._most])
