"""Shows a fiche's own text and nothing else: no request leaves it, no link lives in it."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QByteArray, QUrl
from PySide6.QtWidgets import QTextBrowser

_INDENT_PX = 18
_STYLE = Template(
    "h2, h3, h4 { font-size: ${heading}px; font-weight: 600; margin: 10px 0 3px 0; } b, strong, th { font-weight: 600; }"
    " p { margin: 3px 0; } ul, ol { margin: 2px 0; } li { margin: 2px 0; }"
)


class SafeBrowser(QTextBrowser):
    """By default a QTextBrowser asks for ``http://`` and ``file:`` resources: this one loads nothing and follows nothing.

    What it gives for a resource is empty, but something: given nothing, its document would open the file itself.
    """

    def __init__(self, accessible_name: str, heading_px: int) -> None:
        super().__init__()
        self.setAccessibleName(accessible_name)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        document = self.document()
        document.setDocumentMargin(0)
        document.setIndentWidth(_INDENT_PX)
        self.style_text(heading_px)

    def style_text(self, heading_px: int) -> None:
        """What is shown from now on has headings of that size."""
        self.document().setDefaultStyleSheet(_STYLE.substitute(heading=heading_px))

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """No resource, whatever it is."""
        return QByteArray(b"")
