"""The head of the form: what it is, its nature, whether it is urgent, whether it is kept."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLabel, QPushButton, QSizePolicy, QWidget

from guichet_sync.domain.category import Category, Nature
from guichet_sync.wording.desk_words import NATURE

from ..desk.drafts import Draft
from ..widgets.flow import FlowLayout
from ..widgets.labels import label
from .context import Context

_GAP, _KEPT_CHARACTERS = 8, 18


class RequestHeading(QWidget):
    """Reads and shows a draft's nature and urgency. Emits ``changed`` at every change a person makes.

    The nature is the category's until the person chooses another one.
    """

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        words = context.words
        self._words = words
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
        self._lay_out(label(words.text("Nouvelle requête"), "title"))

    def _lay_out(self, title: QLabel) -> None:
        self._kept.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._kept.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._title, self._line = title, FlowLayout(_GAP)
        for part in (self.nature, self.urgent, self._kept):
            self._line.addWidget(part)
        self._lines = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(_GAP)
        self._lines.addWidget(title)
        self._lines.addLayout(self._line, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All in one line where it has room there, else the name above the rest."""
        kept = _KEPT_CHARACTERS * self._kept.fontMetrics().averageCharWidth()
        needed = sum(each.sizeHint().width() + 2 * _GAP for each in (self._title, self.nature, self.urgent)) + kept
        beside = event.size().width() >= needed
        self._lines.setSpacing(2 * _GAP if beside else _GAP)
        self._lines.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

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
        words = self._words
        self._title.setText(
            words.text("Requête {number}", number=draft.number) if draft.number else words.text("Nouvelle requête")
        )
        self.show_category(category)

    def show_category(self, category: Category | None) -> None:
        """Another category: its nature, unless one was chosen."""
        shown = self._chosen or (category.nature if category else Nature.REQUEST)
        self.nature.setCurrentIndex(self.nature.findData(shown))

    def _on_nature(self, _place: int) -> None:
        self._chosen = Nature(self.nature.currentData())
        self.changed.emit()
