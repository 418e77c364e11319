"""Shows a fiche's own text and nothing else: no request leaves it, no link lives in it."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QTextBrowser


class SafeBrowser(QTextBrowser):
    """By default a QTextBrowser asks for ``http://`` and ``file:`` resources: this one loads nothing and follows nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """No resource, whatever it is."""
        return None
