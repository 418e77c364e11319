"""Who is sitting down: a known person and their password. Works without a network."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton

from guichet_sync.domain.errors import GuichetError
from guichet_sync.wording import Words

from ..widgets.field import Field
from .gate_pages import GatePage


class SignInPage(GatePage):
    """Emits ``asked`` with a person's id and password, ``another_asked`` to enrol somebody else."""

    asked = Signal(str, str)
    another_asked = Signal()

    def __init__(self, words: Words, people: Sequence[tuple[str, str]], last: str) -> None:
        super().__init__(words.text("Ouvrir une session"))
        self._words = words
        self.person, self.password = QComboBox(), QLineEdit()
        for person_id, display in people:
            self.person.addItem(display, person_id)
        self.person.setCurrentIndex(max(0, self.person.findData(last)))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.returnPressed.connect(self._on_asked)
        self._password_field = Field(words.text("Mot de passe"), self.password)
        self.button = QPushButton(words.text("Ouvrir"))
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(self._on_asked)
        self._another = QPushButton(words.text("Une autre personne…"))
        self._another.setProperty("kind", "ghost")
        self._another.clicked.connect(self.another_asked)
        self.column.addWidget(Field(words.text("Personne"), self.person))
        for part in (self._password_field, self.button, self._another):
            self.column.addWidget(part)
        self.password.setFocus()

    def refuse(self, error: GuichetError) -> None:
        """Say why not."""
        self._set_busy(busy=False)
        self._password_field.show_error(str(self._words.error(error)))
        self.password.selectAll()
        self.password.setFocus()

    def error(self) -> str:
        """What is said now."""
        return self._password_field.error()

    def _on_asked(self) -> None:
        if not self.button.isEnabled():
            return
        self._set_busy(busy=True)
        self._password_field.show_error("")
        self.asked.emit(str(self.person.currentData()), self.password.text())

    def _set_busy(self, *, busy: bool) -> None:
        self.button.setEnabled(not busy)
        self._another.setEnabled(not busy)
