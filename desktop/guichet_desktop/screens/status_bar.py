"""The foot of the window: keys worth knowing, and the age of the copy when it is stale."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from ..actions import ACTIONS, shown_key
from ..widgets.labels import keycap, label
from .context import Context


class StatusBar(QFrame):
    """Key hints from the table of actions."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("statusbar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 16, 6)
        layout.setSpacing(8)
        for action in ACTIONS:
            if action.hint:
                layout.addWidget(keycap(shown_key(action.key)))
                layout.addWidget(label(context.words.text(action.text), "meta"))
                layout.addSpacing(6)
        layout.addStretch(1)
        self._age = label("", "meta")
        layout.addWidget(self._age)

    def say_age(self, sentence: str) -> None:
        """Say how old the copy is, or nothing."""
        self._age.setText(sentence)
