"""A telephone number, put into its form when one leaves the field. An odd one is told beside it, and kept as typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent

from guichet_sync.wording import N_, Words

from . import phone_reading
from .noted_edit import NotedEdit
from .phone_reading import Oddity, Phone, read_phone

_SAID = {
    Oddity.NO_NUMBER: N_("Ceci n’a pas la forme d’un numéro de téléphone; c’est gardé tel quel."),
    Oddity.NO_AREA: N_("Il manque l’indicatif régional; le numéro est gardé tel quel."),
    Oddity.LENGTH: N_("Ce numéro est trop court ou trop long; il est gardé tel quel."),
    Oddity.UNKNOWN: N_("Aucun numéro ne commence ainsi; il est gardé tel quel."),
}


class PhoneField(NotedEdit):
    """Emits ``changed`` at every change a person makes, and when what was typed is put into its form."""

    changed = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._prepared = False
        self._typed = False
        self.textEdited.connect(self._on_edited)
        self.editingFinished.connect(self._on_left)

    def value(self) -> str:
        """The number in its form, or what is typed where it has none; one that was shown and not touched, as it was kept."""
        return self._shown(read_phone(self.text())) if self._typed else self.text().strip()

    def show_phone(self, number: str) -> None:
        """Show a number as it was kept."""
        self._typed = False
        self.setText(number)
        self.say("")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A number may come: the rules are read while it is typed."""
        if not self._prepared:
            self._prepared = True
            phone_reading.prepare()
        super().focusInEvent(event)

    def _on_edited(self, _typed: str) -> None:
        """What was odd may be mended now."""
        self._typed = True
        self.say("")
        self.changed.emit()

    def _on_left(self) -> None:
        if not self._typed:
            return
        phone = read_phone(self.text())
        self.say(self._words.text(_SAID[phone.oddity]) if phone.oddity else "", warns=True, aloud=True)
        shown = self._shown(phone)
        if shown != self.text():
            self.setText(shown)
            self.changed.emit()

    def _shown(self, phone: Phone) -> str:
        if not phone.extension:
            return phone.number
        return self._words.text("{number} poste {extension}", number=phone.number, extension=phone.extension)
