"""A profile whose keys a passphrase opens, because the system has no keyring."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton

from guichet_sync.wording import Words

from ..widgets.field import Field
from ..widgets.labels import label
from .gate_pages import GatePage


class PassphrasePage(GatePage):
    """Emits ``given`` with the passphrase."""

    given = Signal(str)

    def __init__(self, words: Words, reason: str) -> None:
        super().__init__(words.text("Phrase de passe du profil"))
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.returnPressed.connect(self._on_given)
        self.button = QPushButton(words.text("Ouvrir"))
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(self._on_given)
        self.column.addWidget(label(reason, "muted", wrap=True))
        self.column.addWidget(Field(words.text("Phrase de passe"), self.passphrase))
        self.column.addWidget(self.button)
        self.passphrase.setFocus()

    def _on_given(self) -> None:
        if self.passphrase.text():
            self.button.setEnabled(False)
            self.given.emit(self.passphrase.text())
