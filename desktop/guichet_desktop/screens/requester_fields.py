"""Who asks. *Anonyme* means no field at all; nothing here is required unless the category says so."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from guichet_sync.domain.request import Requester
from guichet_sync.wording import Words

from ..widgets.field import Field
from ..widgets.frames import row
from ..widgets.labels import label


class RequesterFields(QWidget):
    """Emits ``changed`` at every change a person makes."""

    changed = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._kept = Requester()
        self.anonymous = QPushButton(words.text("Anonyme"))
        self.anonymous.setProperty("kind", "chip")
        self.anonymous.setCheckable(True)
        self.anonymous.clicked.connect(self._on_anonymous)
        self.name, self.phone, self.email = (QLineEdit() for _ in range(3))
        for editor in (self.name, self.phone, self.email):
            editor.textEdited.connect(self.changed)
        self._fields = QWidget()
        fields = QVBoxLayout(self._fields)
        fields.setContentsMargins(0, 0, 0, 0)
        self.name_field = Field(words.text("Nom (facultatif)"), self.name)
        self.phone_field = Field(words.text("Téléphone (facultatif)"), self.phone)
        self.email_field = Field(words.text("Courriel (facultatif)"), self.email)
        fields.addWidget(self.name_field)
        fields.addLayout(row(self.phone_field, self.email_field))
        self._error = label("", "error", wrap=True)
        self._error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row(label(words.text("Demandeur"), "section"), None, self.anonymous))
        layout.addWidget(self._fields)
        layout.addWidget(self._error)

    def read(self) -> Requester | None:
        """The requester, None when anonymous or when nothing was typed."""
        if self.anonymous.isChecked():
            return None
        given = replace(
            self._kept,
            name=self.name.text().strip(),
            phone=self.phone.text().strip(),
            email=self.email.text().strip(),
        )
        return given if given.name or given.is_reachable else None

    def show_requester(self, requester: Requester | None) -> None:
        """Show a requester; parts that have no field here are kept as they are."""
        self._kept = requester or Requester()
        self.anonymous.setChecked(False)
        self._fields.show()
        for editor, value in ((self.name, self._kept.name), (self.phone, self._kept.phone), (self.email, self._kept.email)):
            editor.setText(value)

    def show_error(self, sentence: str) -> None:
        """Say what is wrong, or nothing."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _on_anonymous(self, anonymous: bool) -> None:
        self._fields.setVisible(not anonymous)
        self.changed.emit()
