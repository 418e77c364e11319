"""A category's questions as fields: one small builder for each datatype."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QLineEdit

from guichet_sync.domain.category import Answer, Datatype, Question
from guichet_sync.wording import Words

from ..desk.checks import MAX_DESCRIPTION
from ..widgets.choice_group import ChoiceGroup
from ..widgets.date_field import DateField, Today, today_here
from ..widgets.field import Field
from ..widgets.note_edit import NoteEdit

Changed = Callable[[], None]
_PARAGRAPH_LINES = 3


@dataclass(frozen=True, slots=True)
class QuestionField:
    """A question's field, and how its answer is read and shown."""

    question: Question
    field: Field
    read: Callable[[], Answer]
    show: Callable[[Answer], None]


def said(question: Question, answer: Answer, words: Words) -> str:
    """An answer in words: the names of what was chosen, or what was typed."""
    names = {choice.key: words.both(choice.name) for choice in question.values}
    given = (answer,) if isinstance(answer, str) else answer
    return ", ".join(names.get(each, each) for each in given)


def build(question: Question, words: Words, changed: Changed, today: Today = today_here) -> QuestionField:
    """The field of a question. ``changed`` is called at every change a person makes; ``today`` gives the day it is here."""
    label = _label(question, words)
    if question.datatype is Datatype.DATETIME:
        return _date(question, label, DateField(words, today), changed)
    return _BUILDERS.get(question.datatype, _line)(question, label, words, changed)


def _label(question: Question, words: Words) -> str:
    label = words.both(question.label)
    return words.text("{label} (obligatoire)", label=label) if question.required else label


def _line(question: Question, label: str, _words: Words, changed: Changed) -> QuestionField:
    editor = QLineEdit()
    editor.textEdited.connect(lambda _text: changed())
    return QuestionField(question, Field(label, editor), editor.text, lambda answer: editor.setText(_one(answer)))


def _date(question: Question, label: str, editor: DateField, changed: Changed) -> QuestionField:
    """What was understood is kept as a date; what was not (a time of day too), as it was typed."""
    editor.changed.connect(changed)

    def read() -> Answer:
        day = editor.value()
        return day.isoformat() if day else editor.text().strip()

    return QuestionField(question, Field(label, editor), read, lambda answer: editor.show_text(_one(answer)))


def _paragraph(question: Question, label: str, _words: Words, changed: Changed) -> QuestionField:
    editor = NoteEdit(MAX_DESCRIPTION, lines=_PARAGRAPH_LINES)
    editor.textChanged.connect(changed)

    def show(answer: Answer) -> None:
        with QSignalBlocker(editor):
            editor.setPlainText(_one(answer))

    return QuestionField(question, Field(label, editor), editor.toPlainText, show)


def _choice(question: Question, label: str, words: Words, changed: Changed) -> QuestionField:
    editor = QComboBox()
    editor.addItem(words.text("Choisir…"), "")
    for choice in question.values:
        editor.addItem(words.both(choice.name), choice.key)
    editor.activated.connect(lambda _place: changed())
    return QuestionField(
        question,
        Field(label, editor),
        lambda: str(editor.currentData() or ""),
        lambda answer: editor.setCurrentIndex(max(0, editor.findData(_one(answer)))),
    )


def _choices(question: Question, label: str, words: Words, changed: Changed) -> QuestionField:
    group = ChoiceGroup((choice.key, words.both(choice.name)) for choice in question.values)
    group.changed.connect(changed)
    return QuestionField(question, Field(label, group, group.tell), group.chosen, group.choose)


def _one(answer: Answer) -> str:
    return answer if isinstance(answer, str) else ", ".join(answer)


_BUILDERS: dict[Datatype, Callable[[Question, str, Words, Changed], QuestionField]] = {
    Datatype.TEXT: _paragraph,
    Datatype.SINGLE: _choice,
    Datatype.MULTI: _choices,
}
