"""Cards and banners."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from .labels import label


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
    """A tinted strip with a sentence; hidden while it has nothing to say."""

    def __init__(self, tone: str = "info", role: str = "") -> None:
        super().__init__()
        self.setProperty("tone", tone)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(4)
        self.label: QLabel = label("", role, wrap=True)
        self._column.addWidget(self.label)
        self.hide()

    def add(self, part: QWidget) -> None:
        """Put a part below the sentence."""
        self._column.addWidget(part)

    def say(self, sentence: str) -> None:
        """Show a sentence, or nothing."""
        self.label.setText(sentence)
        self.setVisible(bool(sentence))
