"""The head of the form: what it is, its nature, whether it is urgent, whether it is kept."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from guichet_sync.domain.category import Category, Nature
from guichet_sync.wording.desk_words import NATURE

from ..desk.drafts import Draft
from ..widgets.frames import row
from ..widgets.labels import label
from .context import Context


class RequestHeading(QWidget):
    """Reads and shows a draft's nature and urgency. Emits ``changed`` at every change a person makes.

    The nature is the category's until the person chooses another one.
    """

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        words = context.words
        self._chosen: Nature | None = None
        self._kept = label("", "meta")
        self.nature = QComboBox()
        self.nature.setAccessibleName(words.text("Nature"))
        self.nature.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        for nature, name in NATURE.items():
            self.nature.addItem(words.text(name), nature)
        self.nature.activated.connect(self._on_nature)
        self.urgent = QPushButton(words.text("Urgente"))
        self.urgent.setProperty("kind", "chip")
        self.urgent.setCheckable(True)
        self.urgent.clicked.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row(label(words.text("Nouvelle requête"), "title"), None, self._kept))
        layout.addLayout(row(self.nature, self.urgent, None))

    def say_kept(self, sentence: str) -> None:
        """Say that what was typed is on disk, or nothing."""
        self._kept.setText(sentence)

    def read(self, draft: Draft) -> Draft:
        """``draft`` as it stands here now."""
        return replace(draft, nature=self._chosen, urgent=self.urgent.isChecked())

    def show_draft(self, draft: Draft, category: Category | None) -> None:
        """Show a draft of that category."""
        self._chosen = draft.nature
        self.urgent.setChecked(draft.urgent)
        self.show_category(category)

    def show_category(self, category: Category | None) -> None:
        """Another category: its nature, unless one was chosen."""
        shown = self._chosen or (category.nature if category else Nature.REQUEST)
        self.nature.setCurrentIndex(self.nature.findData(shown))

    def _on_nature(self, _place: int) -> None:
        self._chosen = Nature(self.nature.currentData())
        self.changed.emit()
