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
        self._by_name = {
            "requester.name": Field(words.text("Nom (facultatif)"), self.name),
            "requester.phone": Field(words.text("Téléphone (facultatif)"), self.phone),
            "requester.email": Field(words.text("Courriel (facultatif)"), self.email),
        }
        self._lay_out(words)

    def _lay_out(self, words: Words) -> None:
        name, phone, email = self._by_name.values()
        self._identity = QWidget()
        inside = QVBoxLayout(self._identity)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(name)
        inside.addLayout(row(phone, email))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row(label(words.text("Demandeur"), "section"), None, self.anonymous))
        layout.addWidget(self._identity)

    def fields(self) -> dict[str, Field]:
        """The fields by the name that problems call them; how to reach a person is said beside the telephone."""
        return self._by_name | {"requester": self._by_name["requester.phone"]}

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
        self.show_identity()
        for editor, value in ((self.name, self._kept.name), (self.phone, self._kept.phone), (self.email, self._kept.email)):
            editor.setText(value)

    def show_identity(self) -> None:
        """Show the fields again: the category needs to know the person."""
        self.anonymous.setChecked(False)
        self._identity.show()

    def _on_anonymous(self, anonymous: bool) -> None:
        self._identity.setVisible(not anonymous)
        self.changed.emit()
