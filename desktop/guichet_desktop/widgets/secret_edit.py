"""A field for a secret: hidden while one types, shown for as long as one asks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit

from ..theme.look import Look
from .icon_button import IconButton

_LEAST_PX = 24
_AROUND_PX = 3


class SecretEdit(QLineEdit):
    """Its ``reveal`` button stands inside, at its end; Tab goes to it. ``show_name`` is what that button does, in words."""

    def __init__(self, look: Look, show_name: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.reveal = IconButton(look, "eye", kind="inside", name=show_name)
        self.reveal.setParent(self)
        self.reveal.setCheckable(True)
        self.reveal.setCursor(Qt.CursorShape.ArrowCursor)
        self.reveal.toggled.connect(self._on_toggled)

    def hide_again(self) -> None:
        """What is typed is hidden from now on."""
        self.reveal.setChecked(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button at the end, as high as there is room, and the words before it."""
        super().resizeEvent(event)
        side = max(_LEAST_PX, self.height() - 2 * _AROUND_PX)
        self.setTextMargins(0, 0, side, 0)
        self.reveal.setGeometry(self.width() - side - _AROUND_PX, (self.height() - side) // 2, side, side)

    def _on_toggled(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.reveal.set_icon("eye-off" if shown else "eye")
