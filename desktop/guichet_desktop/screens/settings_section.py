"""A part of the settings: its name, what it is for, its controls, and what could not be kept."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from guichet_sync.domain.errors import GuichetError

from ..widgets.announcing import announce
from ..widgets.frames import Banner
from ..widgets.labels import label
from .context import Context


class Section(QFrame):
    """A card. ``change`` changes settings; where they can't be kept, that is told here, beside what was changed."""

    changing = Signal()

    def __init__(self, context: Context, name: str, purpose: str) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.context, self.words, self.name = context, context.words, name
        self._trouble = Banner("warn")
        self.column = QVBoxLayout(self)
        self.column.addWidget(label(name, "section", wrap=True))
        self.column.addWidget(label(purpose, "muted", wrap=True))
        context.look.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        px = self.context.look.theme.px
        self.column.setContentsMargins(px(18), px(14), px(18), px(16))
        self.column.setSpacing(px(10))

    def first(self) -> QWidget:
        """Where the focus begins."""
        return self

    def refresh(self) -> None:
        """Show what is set now."""

    def change(self, **changes: object) -> None:
        """Change settings."""
        self.changing.emit()
        self.context.preferences.change(**changes)

    def close_with_trouble(self) -> None:
        """The place of what can't be kept is the foot of the card."""
        self.column.addWidget(self._trouble)

    def tell(self, error: GuichetError | None) -> None:
        """Say that a change holds for now but could not be kept, and why; or take that back."""
        sentence = ""
        if error is not None:
            kept = self.words.text("Ce réglage vaut jusqu’à la fermeture de Guichet : il n’a pas pu être gardé.")
            sentence = f"{kept} {self.words.error(error).title}"
        self._trouble.say(sentence)
        announce(self, sentence, at_once=True)

    def trouble(self) -> str:
        """What is said now of what could not be kept."""
        return self._trouble.label.text()
