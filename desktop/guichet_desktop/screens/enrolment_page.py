"""First run: which server, who, which password."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QProgressBar, QPushButton

from guichet_sync.domain.errors import GuichetError, InvalidInput
from guichet_sync.wording import Words

from ..widgets.field import Field
from ..widgets.labels import label
from .gate_pages import GatePage


class EnrolmentPage(GatePage):
    """Emits ``asked`` with server, name and password; ``left`` where there is something to go back to."""

    asked = Signal(str, str, str)
    left = Signal()

    def __init__(self, words: Words, server: str, *, can_leave: bool) -> None:
        super().__init__(words.text("Inscrire ce poste"))
        self._words = words
        self.server = QLineEdit(server)
        self.server.setPlaceholderText("https://guichet.ville.example")
        self.user, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._server_field = Field(words.text("Adresse du serveur central"), self.server)
        self._error = label("", "error", wrap=True)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.hide()
        self.button = QPushButton(words.text("Inscrire"))
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(self._on_asked)
        self.password.returnPressed.connect(self._on_asked)
        self.column.addWidget(self._server_field)
        self.column.addWidget(Field(words.text("Nom d’utilisateur"), self.user))
        self.column.addWidget(Field(words.text("Mot de passe"), self.password))
        self._back = QPushButton(words.text("Retour"))
        self._back.setProperty("kind", "ghost")
        self._back.clicked.connect(self.left)
        for part in (self._error, self._busy, self.button):
            self.column.addWidget(part)
        if can_leave:
            self.column.addWidget(self._back)
            QShortcut(QKeySequence("Escape"), self, self._back.click)

    def _on_asked(self) -> None:
        if not self.button.isEnabled():
            return
        self._error.clear()
        self._server_field.show_error("")
        self._set_busy(busy=True)
        self.asked.emit(self.server.text().strip(), self.user.text().strip(), self.password.text())

    def refuse(self, error: GuichetError) -> None:
        """Say why not; what was typed stays, but for the password."""
        self._set_busy(busy=False)
        sentence = str(self._words.error(error))
        if isinstance(error, InvalidInput) and error.field == "server":
            self._server_field.show_error(sentence)
            self.server.setFocus()
            return
        self._error.setText(sentence)
        self.password.clear()
        self.password.setFocus()

    def error(self) -> str:
        """What is said now of the name and the password."""
        return self._error.text()

    def server_error(self) -> str:
        """What is said now beside the address."""
        return self._server_field.error()

    def _set_busy(self, *, busy: bool) -> None:
        self.button.setEnabled(not busy)
        self._back.setEnabled(not busy)
        self._busy.setVisible(busy)
