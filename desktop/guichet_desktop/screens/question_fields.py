"""A category's questions as fields: one small builder for each datatype."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from guichet_sync.domain.category import Answer, Datatype, Question
from guichet_sync.wording import Words

from ..desk.checks import MAX_DESCRIPTION
from ..widgets.field import Field
from ..widgets.note_edit import NoteEdit

Changed = Callable[[], None]
_PARAGRAPH_PX = 72


@dataclass(frozen=True, slots=True)
class QuestionField:
    """A question's field, and how its answer is read and shown."""

    question: Question
    field: Field
    read: Callable[[], Answer]
    show: Callable[[Answer], None]


def build(question: Question, words: Words, changed: Changed) -> QuestionField:
    """The field of a question. ``changed`` is called at every change a person makes."""
    builder = _BUILDERS.get(question.datatype, _line)
    return builder(question, _label(question, words), words, changed)


def _label(question: Question, words: Words) -> str:
    label = words.both(question.label)
    return words.text("{label} (obligatoire)", label=label) if question.required else label


def _line(question: Question, label: str, _words: Words, changed: Changed) -> QuestionField:
    editor = QLineEdit()
    editor.textEdited.connect(lambda _text: changed())
    return QuestionField(question, Field(label, editor), editor.text, lambda answer: editor.setText(_one(answer)))


def _date(question: Question, label: str, words: Words, changed: Changed) -> QuestionField:
    made = _line(question, label, words, changed)
    editor = made.field.editor
    if isinstance(editor, QLineEdit):
        editor.setPlaceholderText(words.text("AAAA-MM-JJ"))
    return made


def _paragraph(question: Question, label: str, _words: Words, changed: Changed) -> QuestionField:
    editor = NoteEdit(MAX_DESCRIPTION, _PARAGRAPH_PX)
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
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    boxes = {choice.key: QCheckBox(words.both(choice.name)) for choice in question.values}
    for box in boxes.values():
        box.clicked.connect(lambda _checked: changed())
        layout.addWidget(box)

    def show(answer: Answer) -> None:
        for key, box in boxes.items():
            box.setChecked(key in answer)

    return QuestionField(
        question, Field(label, holder), lambda: tuple(key for key, box in boxes.items() if box.isChecked()), show
    )


def _one(answer: Answer) -> str:
    return answer if isinstance(answer, str) else ", ".join(answer)


_BUILDERS: dict[Datatype, Callable[[Question, str, Words, Changed], QuestionField]] = {
    Datatype.TEXT: _paragraph,
    Datatype.DATETIME: _date,
    Datatype.SINGLE: _choice,
    Datatype.MULTI: _choices,
}
