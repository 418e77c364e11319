"""The calm chip that says how the post stands with the server. Never a dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from .labels import label, pill, set_pill


class SyncChip(QFrame):
    """A word on a tint, and what waits."""

    def __init__(self, accessible_name: str) -> None:
        super().__init__()
        self.setAccessibleName(accessible_name)
        self._state: QLabel = pill("", "mute")
        self._waiting: QLabel = label("", "meta")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._state, alignment=Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._waiting)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def say(self, state: str, tone: str, waiting: str) -> None:
        """Show a state and what waits."""
        set_pill(self._state, state, tone)
        self._waiting.setText(waiting)
        self.setAccessibleDescription(f"{state} {waiting}".strip())

    def set_short(self, *, short: bool) -> None:
        """The state alone; what waits stays in its description."""
        self._waiting.setVisible(not short)

    def words(self) -> str:
        """What is shown now."""
        return f"{self._state.text()} {self._waiting.text()}".strip()
