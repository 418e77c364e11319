"""The top of the window: the one search field, how the post stands, who is signed in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton

from ..theme.icons import icon
from ..widgets.frames import row
from ..widgets.labels import label
from ..widgets.sync_chip import SyncChip
from .context import Context


class TopBar(QFrame):
    """Holds the search field; emits what its buttons ask for."""

    language_asked = Signal()
    lock_asked = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("topbar")
        words, theme = context.words, context.theme
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(words.text("Chercher une réponse : arrosage, bac brun, permis…"))
        self.search.setAccessibleName(words.text("Rechercher une fiche"))
        self.search.addAction(icon("search", theme.colours["text2"], theme.px(18)), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMaximumWidth(theme.px(640))
        self.chip = SyncChip(words.text("État de la synchronisation"))
        state = row(None, self.chip, label(context.desk.person.display, "muted"), *self._buttons(context), spacing=12)
        layout = QGridLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setHorizontalSpacing(12)
        layout.addWidget(label("Guichet", "brand"), 0, 0)
        layout.addWidget(self.search, 0, 1)
        layout.addLayout(state, 0, 2)
        for column, stretch in enumerate((5, 8, 5)):
            layout.setColumnStretch(column, stretch)

    def _buttons(self, context: Context) -> tuple[QPushButton, QPushButton]:
        words, theme = context.words, context.theme
        language = QPushButton(words.text("English"))
        language.setProperty("kind", "chip")
        language.setAccessibleName(words.text("Passer à l’anglais"))
        language.clicked.connect(self.language_asked)
        lock = QPushButton(icon("lock", theme.colours["text"]), words.text("Verrouiller"))
        lock.clicked.connect(self.lock_asked)
        return language, lock
