"""Before the desk: a page that waits, and one that asks who is there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from guichet_sync.wording import Explanation, Words

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


class WaitPage(GatePage):
    """Something is being opened."""

    def __init__(self, words: Words) -> None:
        title = words.text("Ouverture de Guichet…")
        super().__init__(title)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(title)
        self.column.addWidget(bar)


class ClosedPage(GatePage):
    """It did not open: why, what to do, and a way to try again. Emits ``again``."""

    again = Signal()

    def __init__(self, words: Words, reason: Explanation) -> None:
        super().__init__(reason.title)
        self.reason = reason
        self.button = QPushButton(words.text("Réessayer"))
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(self.again)
        self.button.setAutoDefault(True)
        self.column.addWidget(label(reason.advice, "muted", wrap=True))
        self.column.addWidget(self.button)
