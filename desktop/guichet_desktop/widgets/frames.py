"""Cards and banners."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ..theme.look import Look
from .announcing import announce
from .icon_button import ActionButton
from .labels import label
from .picture import Picture

_INKS = {"info": "onTint", "say": "brand"}


def card() -> tuple[QFrame, QVBoxLayout]:
    """A surface with a line around it, and its layout."""
    frame = QFrame()
    frame.setProperty("card", "true")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(14, 12, 14, 12)
    layout.setSpacing(8)
    return frame, layout


def row(*parts: QWidget | None, spacing: int = 8) -> QHBoxLayout:
    """Widgets in a line; None is the stretch between them."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        else:
            layout.addWidget(part)
    return layout


class Banner(QFrame):
    """A tinted strip with a sentence; hidden while it has nothing to say.

    ``icon`` stands before the sentence, and the button of ``action`` after it, both drawn in ``look``. One that ``announces``
    has what it says read aloud as it begins to say it.
    """

    def __init__(
        self,
        tone: str = "info",
        role: str = "",
        *,
        look: Look | None = None,
        icon: str = "",
        action: QAction | None = None,
        announces: bool = False,
    ) -> None:
        super().__init__()
        self.setProperty("tone", tone)
        self._announces = announces
        self.label: QLabel = label("", role, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(4)
        self._column.addLayout(self._line(look, icon, _INKS.get(tone, tone), action))
        self.hide()

    def _line(self, look: Look | None, icon: str, ink: str, action: QAction | None) -> QHBoxLayout:
        """The icon stands by the first line of the sentence, or in the middle beside a button, which is taller."""
        middle, top = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignTop
        line = row(self.label)
        line.setStretch(0, 1)
        if look is not None and icon:
            line.insertWidget(0, Picture(look, icon, ink), alignment=middle if action else top)
        if look is not None and action is not None:
            line.addWidget(ActionButton(look, action), alignment=middle)
        return line

    def add(self, part: QWidget) -> None:
        """Put a part below the sentence."""
        self._column.addWidget(part)

    def say(self, sentence: str) -> None:
        """Show a sentence, or nothing."""
        new = sentence != self.label.text()
        self.label.setText(sentence)
        self.setVisible(bool(sentence))
        if new and self._announces:
            announce(self, sentence)
