"""Before the desk: a page that waits, and one that asks who is there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from ..widgets.frames import card
from ..widgets.labels import label

WIDTH = 420


class GatePage(QWidget):
    """A card in the middle of the window."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("page")
        frame, self.column = card()
        frame.setFixedWidth(WIDTH)
        self.column.setContentsMargins(28, 24, 28, 24)
        self.column.setSpacing(14)
        self.column.addWidget(label("Guichet", "brand"))
        self.column.addWidget(label(title, "title", wrap=True))
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(frame, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.frame: QFrame = frame


class WaitPage(GatePage):
    """Something is being opened or fetched."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.sentence = label("", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.column.addWidget(self.sentence)
        self.column.addWidget(self.bar)

    def progress(self, sentence: str, done: int, total: int) -> None:
        """Show how far it is."""
        self.sentence.setText(sentence)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)

    def fail(self, sentence: str) -> None:
        """Show why it can't go on."""
        self.sentence.setText(sentence)
        self.bar.hide()
