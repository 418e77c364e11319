"""The questions of the category chosen, one field each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from guichet_sync.domain.category import Answer, Question
from guichet_sync.wording import Words

from ..widgets.field import Field
from .question_fields import QuestionField, build


class QuestionList(QWidget):
    """Emits ``changed`` at every change a person makes."""

    changed = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._fields: list[QuestionField] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.hide()

    def ask(self, questions: tuple[Question, ...], answers: Mapping[str, Answer]) -> None:
        """Show these questions and what is answered already."""
        for each in self._fields:
            self._column.removeWidget(each.field)
            each.field.setParent(None)
            each.field.deleteLater()
        self._fields = [build(question, self._words, self.changed.emit) for question in questions]
        for each in self._fields:
            each.show(answers.get(each.question.code, ""))
            self._column.addWidget(each.field)
        self.setVisible(bool(self._fields))

    def read(self) -> dict[str, Answer]:
        """The answers by question code, empty ones too."""
        return {each.question.code: each.read() for each in self._fields}

    def asked(self) -> tuple[QuestionField, ...]:
        """The fields shown, in their order."""
        return tuple(self._fields)

    def fields(self) -> dict[str, Field]:
        """The fields by the name that problems call them."""
        return {f"answers.{each.question.code}": each.field for each in self._fields}
