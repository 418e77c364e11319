"""Who is sitting down: a known person and their password. Works without a network."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from guichet_sync.domain.errors import GuichetError
from guichet_sync.wording import Words

from ..theme.look import Look
from ..widgets.field import Field
from ..widgets.icon_button import IconButton
from ..widgets.progress import Progress
from ..widgets.secret_edit import SecretEdit
from .gate_fields import GateForm
from .gate_pages import GatePage


class SignInPage(GatePage):
    """Emits ``asked`` with a person's id and password, ``another_asked`` to enrol somebody else."""

    asked = Signal(str, str)
    another_asked = Signal()

    def __init__(self, look: Look, words: Words, people: Sequence[tuple[str, str]], last: str) -> None:
        super().__init__(look, words, words.text("Ouvrir une session"))
        self.person = QComboBox()
        for person_id, display in people:
            self.person.addItem(display, person_id)
        self.person.setCurrentIndex(max(0, self.person.findData(last)))
        self.password = SecretEdit(look, words.text("Afficher le mot de passe"))
        person_field = Field(words.text("Personne"), self.person)
        self._password_field = Field(words.text("Mot de passe"), self.password)
        self._progress = Progress(look, words.text("Ouverture de la session…"))
        self.button = IconButton(look, "arrow-right", words.text("Ouvrir"), kind="primary")
        self._another = IconButton(look, "user", words.text("Une autre personne…"), kind="ghost")
        self._another.clicked.connect(self.another_asked)
        fields = {"person": person_field, "password": self._password_field}
        self._form = GateForm(self, fields, self.button, self._progress, self._on_asked)
        for part in (person_field, self._password_field, self.problem, self._progress, self.button, self._another):
            self.column.addWidget(part)

    def first(self) -> QWidget:
        """The password: the person is most often the last one."""
        return self.password

    def refuse(self, error: GuichetError) -> None:
        """Say why not."""
        self.set_busy(busy=False)
        self.tell(error)
        self.password.selectAll()
        self.go_to(self.password)

    def tell(self, error: GuichetError) -> None:
        """Beside the password."""
        self.told = error
        self._form.tell("password", str(self.words.error(error)))

    def error(self) -> str:
        """What is said now."""
        return self._password_field.error()

    def _on_asked(self) -> None:
        self.told = None
        self.password.hide_again()
        self.set_busy(busy=True)
        self.asked.emit(str(self.person.currentData()), self.password.text())

    def set_busy(self, *, busy: bool) -> None:
        """The password is being proved, or not any more."""
        self._form.set_busy(busy=busy)
        self._another.setEnabled(not busy)

    def is_busy(self) -> bool:
        """Whether the password is being proved."""
        return self._form.busy
