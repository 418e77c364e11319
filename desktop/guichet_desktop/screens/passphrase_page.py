"""A profile whose keys a passphrase opens, because the system has no keyring."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton

from guichet_sync.wording import Words

from ..widgets.field import Field
from ..widgets.labels import label
from .gate_pages import GatePage


class PassphrasePage(GatePage):
    """Emits ``given`` with the passphrase; one that is being chosen is typed twice."""

    given = Signal(str)

    def __init__(self, words: Words, reason: str, *, choosing: bool) -> None:
        super().__init__(words.text("Phrase de passe du profil"))
        self._words = words
        self.passphrase = self._editor()
        self.column.addWidget(label(reason, "muted", wrap=True))
        self.column.addWidget(Field(words.text("Phrase de passe"), self.passphrase))
        self._editors = [self.passphrase]
        if choosing:
            self._editors.append(self._editor())
            self._again = Field(words.text("La même, une seconde fois"), self._editors[-1])
            self.column.addWidget(self._again)
        self.button = QPushButton(words.text("Ouvrir"))
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(self._on_given)
        self.column.addWidget(self.button)

    def _editor(self) -> QLineEdit:
        editor = QLineEdit()
        editor.setEchoMode(QLineEdit.EchoMode.Password)
        editor.returnPressed.connect(self._on_return)
        return editor

    def _on_return(self) -> None:
        """Enter goes to the field that is still empty, then gives what was typed."""
        missing = next((each for each in self._editors if not each.text()), None)
        if missing is None:
            self._on_given()
        else:
            missing.setFocus()

    def _on_given(self) -> None:
        typed = [each.text() for each in self._editors]
        if not all(typed) or not self.button.isEnabled():
            return
        if len(set(typed)) > 1:
            self._again.show_error(str(self._words.reason("passphrases_differ")))
            self._again.editor.setFocus()
            return
        self.button.setEnabled(False)
        self.given.emit(typed[0])

    def error(self) -> str:
        """What is said beside the second field."""
        return self._again.error()
