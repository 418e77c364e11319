"""The questions of the category chosen, one field each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from guichet_sync.domain.category import Answer, Question
from guichet_sync.wording import Words

from ..widgets.date_field import Today, today_here
from ..widgets.field import Field
from ..widgets.labels import label
from .question_fields import QuestionField, build


class QuestionList(QWidget):
    """Emits ``changed`` at every change a person makes."""

    changed = Signal()

    def __init__(self, words: Words, today: Today = today_here) -> None:
        super().__init__()
        self._words = words
        self._today = today
        self._orphans = label("", "muted", wrap=True)
        self._orphans.hide()
        self._fields: list[QuestionField] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(self._orphans)
        self.hide()

    def ask(self, questions: tuple[Question, ...], answers: Mapping[str, Answer]) -> None:
        """Show these questions and what is answered already."""
        for each in self._fields:
            self._column.removeWidget(each.field)
            each.field.setParent(None)
            each.field.deleteLater()
        self._fields = [build(question, self._words, self.changed.emit, self._today) for question in questions]
        for place, each in enumerate(self._fields):
            each.show(answers.get(each.question.code, ""))
            self._column.insertWidget(place, each.field)
        self._show_or_hide()

    def show_orphans(self, answers: Mapping[str, str]) -> None:
        """Say which answers, by the label of their question, belong to another category and are kept; none says nothing."""
        listed = "; ".join(self._words.text("{label} : {answer}", label=name, answer=text) for name, text in answers.items())
        self._orphans.setText(self._words.text("Réponses d’une autre catégorie, gardées : {answers}", answers=listed))
        self._orphans.setVisible(bool(answers))
        self._show_or_hide()

    def orphans(self) -> str:
        """What is said of answers of another category."""
        return "" if self._orphans.isHidden() else self._orphans.text()

    def _show_or_hide(self) -> None:
        self.setVisible(bool(self._fields) or not self._orphans.isHidden())

    def read(self) -> dict[str, Answer]:
        """The answers by question code, empty ones too."""
        return {each.question.code: each.read() for each in self._fields}

    def asked(self) -> tuple[QuestionField, ...]:
        """The fields shown, in their order."""
        return tuple(self._fields)

    def fields(self) -> dict[str, Field]:
        """The fields by the name that problems call them."""
        return {f"answers.{each.question.code}": each.field for each in self._fields}
