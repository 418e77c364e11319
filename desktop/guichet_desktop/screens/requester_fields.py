"""Who asks. *Anonyme* means no field at all; nothing here is required unless the category says so."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from guichet_sync.domain.request import Requester
from guichet_sync.wording import Words

from ..widgets.field import Field
from ..widgets.frames import row
from ..widgets.labels import label
from ..widgets.phone_field import PhoneField

_BESIDE_CHARACTERS = 46


class RequesterFields(QWidget):
    """Emits ``changed`` at every change a person makes."""

    changed = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._kept = Requester()
        self.anonymous = QPushButton(words.text("Anonyme"))
        self.anonymous.setProperty("kind", "chip")
        self.anonymous.setProperty("action", "anonymous")
        self.anonymous.setCheckable(True)
        self.anonymous.clicked.connect(self._on_anonymous)
        self.name, self.email = QLineEdit(), QLineEdit()
        self.phone = PhoneField(words)
        for editor in (self.name, self.email):
            editor.textEdited.connect(self.changed)
        self.phone.changed.connect(self.changed)
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
        self._pair = row(phone, email)
        for each in (phone, email):
            self._pair.setAlignment(each, Qt.AlignmentFlag.AlignTop)
            self._pair.setStretchFactor(each, 1)
        inside.addLayout(self._pair)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row(label(words.text("Demandeur"), "section"), None, self.anonymous))
        layout.addWidget(self._identity)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Telephone and e-mail stand side by side where both can be read whole, else one below the other."""
        beside = event.size().width() >= _BESIDE_CHARACTERS * self.fontMetrics().averageCharWidth()
        self._pair.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

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
            phone=self.phone.value(),
            email=self.email.text().strip(),
        )
        return given if given.name or given.is_reachable else None

    def show_requester(self, requester: Requester | None) -> None:
        """Show a requester; parts that have no field here are kept as they are."""
        self._kept = requester or Requester()
        self.show_identity()
        self.name.setText(self._kept.name)
        self.phone.show_phone(self._kept.phone)
        self.email.setText(self._kept.email)

    def show_identity(self) -> None:
        """Show the fields again: the category needs to know the person."""
        self.anonymous.setChecked(False)
        self._identity.show()

    def _on_anonymous(self, anonymous: bool) -> None:
        self._identity.setVisible(not anonymous)
        self.changed.emit()
