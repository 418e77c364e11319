"""French or English, chosen before anybody is signed in."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from guichet_sync.domain.words import Language

OWN_NAMES = {Language.FR: "Français", Language.EN: "English"}
"""Each language's own name: the same in all of them, so that those who can't read this one find theirs."""


class LanguageChoice(QWidget):
    """A button a language, the one spoken now pressed in; emits ``chosen`` with another one."""

    chosen = Signal(object)

    def __init__(self, spoken: Language) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for language, name in OWN_NAMES.items():
            layout.addWidget(self._button(language, name, spoken))

    def _button(self, language: Language, name: str, spoken: Language) -> QPushButton:
        button = QPushButton(language.value.upper())
        button.setProperty("kind", "chip")
        button.setObjectName(language.value)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setLocale(QLocale(language.value))
        button.setCheckable(True)
        button.setChecked(language is spoken)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self._on_clicked(button, language, spoken))
        return button

    def _on_clicked(self, button: QPushButton, language: Language, spoken: Language) -> None:
        """The language that is spoken already stays pressed in."""
        button.setChecked(language is spoken)
        if language is not spoken:
            self.chosen.emit(language)
