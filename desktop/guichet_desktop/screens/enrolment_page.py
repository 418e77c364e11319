"""First run: which server, who, which password."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from guichet_sync.domain.errors import GuichetError, InvalidInput, SignInRefused, Unreachable
from guichet_sync.wording import Words

from ..theme.look import Look
from ..widgets.field import Field
from ..widgets.icon_button import IconButton
from ..widgets.labels import label
from ..widgets.progress import Progress
from ..widgets.secret_edit import SecretEdit
from .gate_fields import GateForm
from .gate_pages import GatePage


class EnrolmentPage(GatePage):
    """Emits ``asked`` with server, name and password; ``left`` where there is something to go back to."""

    asked = Signal(str, str, str)
    left = Signal()

    def __init__(self, look: Look, words: Words, server: str, *, can_leave: bool) -> None:
        super().__init__(look, words, words.text("Inscrire ce poste"))
        self.server, self.user = QLineEdit(server), QLineEdit()
        self.server.setPlaceholderText("https://guichet.ville.example")
        self.password = SecretEdit(look, words.text("Afficher le mot de passe"))
        self._server_field = Field(words.text("Adresse du serveur central"), self.server)
        self._user_field = Field(words.text("Nom d’utilisateur"), self.user)
        self._password_field = Field(words.text("Mot de passe"), self.password)
        self._progress = Progress(look, words.text("Inscription auprès du serveur…"))
        self.button = IconButton(look, "arrow-right", words.text("Inscrire"), kind="primary")
        self._back = IconButton(look, "arrow-left", words.text("Retour"), kind="ghost")
        fields = {"server": self._server_field, "user": self._user_field, "password": self._password_field}
        self._form = GateForm(self, fields, self.button, self._progress, self._on_asked)
        self._fill()
        self._back.clicked.connect(self.left)
        self._back.setVisible(can_leave)
        if can_leave:
            QShortcut(QKeySequence("Escape"), self, self._back.click)

    def _fill(self) -> None:
        intro = self.words.text("Une seule fois : ce poste reçoit sa copie des fiches, des adresses et des requêtes.")
        parts = (
            self._server_field,
            self._user_field,
            self._password_field,
            self.problem,
            self._progress,
            self.button,
            self._back,
        )
        self.column.addWidget(label(intro, "muted", wrap=True))
        for part in parts:
            self.column.addWidget(part)

    def first(self) -> QWidget:
        """The first field that nobody filled yet."""
        return self.user if self.server.text() else self.server

    def _on_asked(self) -> None:
        self.told = None
        self.password.hide_again()
        self.set_busy(busy=True)
        self.asked.emit(self.server.text().strip(), self.user.text().strip(), self.password.text())

    def refuse(self, error: GuichetError) -> None:
        """Say why not; what was typed stays, but for a password that is wrong."""
        self.set_busy(busy=False)
        if isinstance(error, Unreachable):
            self.password.selectAll()
        else:
            self.password.clear()
        self.tell(error)
        self.go_to(self.server if self._is_of_server(error) else self.password)

    def tell(self, error: GuichetError) -> None:
        """Beside the field it is about, or above the button."""
        self.told = error
        sentence = str(self.words.error(error))
        if self._is_of_server(error):
            self._form.tell("server", sentence)
        elif type(error) is SignInRefused:
            self._form.tell("password", sentence)
        elif isinstance(error, Unreachable):
            advice = self.words.text("Pour inscrire ce poste, il le faut : vérifiez l’adresse et le réseau, puis recommencez.")
            self.warn(f"{self.words.error(error).title} {advice}")
        else:
            self.warn(sentence)

    def _is_of_server(self, error: GuichetError) -> bool:
        return isinstance(error, InvalidInput) and error.field == "server"

    def error(self) -> str:
        """What is said now of the name and the password, or of the whole."""
        return self._password_field.error() or self._user_field.error() or self.problem.label.text()

    def server_error(self) -> str:
        """What is said now beside the address."""
        return self._server_field.error()

    def set_busy(self, *, busy: bool) -> None:
        """The server is being asked, or not any more."""
        self._form.set_busy(busy=busy)
        self._back.setEnabled(not busy)

    def is_busy(self) -> bool:
        """Whether the server is being asked."""
        return self._form.busy
