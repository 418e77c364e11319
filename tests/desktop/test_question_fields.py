from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from guichet_desktop.screens.question_list import QuestionList
from guichet_sync.domain.category import Answer, Choice, Datatype, Question
from guichet_sync.domain.words import Bilingual, Language
from guichet_sync.wording import Words

CHOICES = (Choice("petit", Bilingual("Petit", "Small")), Choice("gros", Bilingual("Gros", "Large")))


def _questions(*kinds: Datatype) -> tuple[Question, ...]:
    return tuple(Question(kind.value, Bilingual(f"Question {kind.value}"), kind, values=CHOICES) for kind in kinds)


@pytest.fixture
def asked(qtbot: QtBot) -> QuestionList:
    questions = QuestionList(Words(Language.FR))
    qtbot.addWidget(questions)
    return questions


@pytest.mark.parametrize(
    ("kind", "editor", "answer"),
    [
        (Datatype.STRING, QLineEdit, "devant la porte"),
        (Datatype.NUMBER, QLineEdit, "12"),
        (Datatype.DATETIME, QLineEdit, "2026-12-03"),
        (Datatype.TEXT, QPlainTextEdit, "deux\nlignes"),
        (Datatype.SINGLE, QComboBox, "gros"),
        (Datatype.MULTI, QCheckBox, ("petit", "gros")),
    ],
)
def test_each_kind_of_question_shows_an_answer_and_reads_it_again(
    asked: QuestionList, kind: Datatype, editor: type, answer: Answer
) -> None:
    asked.ask(_questions(kind), {kind.value: answer})
    assert asked.findChildren(editor)
    assert asked.read() == {kind.value: answer}
    (field,) = asked.fields().values()
    assert field.editor.accessibleName() == f"Question {kind.value}"


def test_what_a_person_changes_is_told_and_what_is_shown_is_not(asked: QuestionList) -> None:
    told: list[int] = []
    asked.changed.connect(lambda: told.append(1))
    asked.ask(_questions(*Datatype), {Datatype.STRING: "avant", Datatype.SINGLE: "gros", Datatype.TEXT: "avant"})
    assert not told
    asked.show()
    line, paragraph = asked.findChildren(QLineEdit)[0], asked.findChildren(QPlainTextEdit)[0]
    box, choice = asked.findChildren(QCheckBox)[0], asked.findChildren(QComboBox)[0]
    QTest.keyClick(line, "x")  # type: ignore[call-overload]
    QTest.keyClick(paragraph, "x")  # type: ignore[call-overload]
    box.click()
    choice.activated.emit(1)
    assert len(told) == 4


def test_an_answer_that_is_no_longer_offered_is_not_chosen_for_anybody(asked: QuestionList) -> None:
    asked.ask(_questions(Datatype.SINGLE, Datatype.MULTI), {Datatype.SINGLE: "énorme", Datatype.MULTI: ("énorme", "petit")})
    assert asked.read() == {Datatype.SINGLE: "", Datatype.MULTI: ("petit",)}


def test_another_category_s_questions_take_the_place_of_the_first_ones(asked: QuestionList) -> None:
    asked.ask(_questions(Datatype.STRING), {})
    asked.ask((), {})
    assert asked.isHidden()
    assert asked.read() == {}
