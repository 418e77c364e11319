"""A profile whose keys a passphrase opens, because the system has no keyring."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guichet_sync.domain.errors import GuichetError, InvalidInput
from guichet_sync.wording import Words

from ..theme.look import Look
from ..widgets.field import Field
from ..widgets.icon_button import IconButton
from ..widgets.labels import label
from ..widgets.progress import Progress
from ..widgets.secret_edit import SecretEdit
from .gate_fields import GateForm
from .gate_pages import GatePage


class PassphrasePage(GatePage):
    """Emits ``given`` with the passphrase; one that is being chosen is typed twice. ``error`` is why the last one did not do."""

    given = Signal(str)

    def __init__(self, look: Look, words: Words, error: GuichetError | None = None, *, choosing: bool) -> None:
        super().__init__(look, words, words.text("Phrase de passe du profil"))
        self._choosing = choosing
        show = words.text("Afficher la phrase de passe")
        self.passphrase, self._second = SecretEdit(look, show), SecretEdit(look, show)
        self._field = Field(words.text("Phrase de passe"), self.passphrase)
        self._again = Field(words.text("La même, une seconde fois"), self._second)
        self._progress = Progress(look, words.text("Ouverture du profil…"))
        self.button = IconButton(look, "arrow-right", words.text("Ouvrir"), kind="primary")
        fields = {"passphrase": self._field} | ({"again": self._again} if choosing else {})
        self._form = GateForm(self, fields, self.button, self._progress, self._on_given)
        self.column.addWidget(label(self._purpose(), "muted", wrap=True))
        for part in (*fields.values(), self.problem, self._progress, self.button):
            self.column.addWidget(part)
        if error is not None:
            self.tell(error)

    def _purpose(self) -> str:
        if self._choosing:
            return self.words.text(
                "Ce poste n’a pas de trousseau de clés. La phrase que vous choisissez protège les fichiers de Guichet; elle sera"
                " demandée à chaque ouverture. Gardez-la en lieu sûr : perdue, personne ne peut la retrouver."
            )
        return self.words.text("Elle ouvre les fichiers de Guichet sur ce poste.")

    def first(self) -> QWidget:
        """The passphrase."""
        return self.passphrase

    def _on_given(self) -> None:
        self.told = None
        if self._choosing and self.passphrase.text() != self._second.text():
            self.tell(InvalidInput("passphrases_differ", field="passphrase"))
            self.go_to(self._second)
            return
        for editor in (self.passphrase, self._second):
            editor.hide_again()
        self.set_busy(busy=True)
        self.given.emit(self.passphrase.text())

    def tell(self, error: GuichetError) -> None:
        """Beside the field it is about."""
        self.told = error
        differ = error.code == "passphrases_differ"
        self._form.tell("again" if differ else "passphrase", str(self.words.error(error)))

    def error(self) -> str:
        """What is said now."""
        return self._field.error() or self._again.error()

    def set_busy(self, *, busy: bool) -> None:
        """The profile is being opened, or not any more."""
        self._form.set_busy(busy=busy)

    def is_busy(self) -> bool:
        """Whether the profile is being opened."""
        return self._form.busy
