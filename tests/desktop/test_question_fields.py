from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guichet_desktop.screens.question_list import QuestionList
from guichet_desktop.theme.look import Look
from guichet_desktop.widgets.choice_group import ChoiceGroup
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


def test_a_question_of_several_choices_is_one_named_group(asked: QuestionList, qtbot: QtBot) -> None:
    asked.ask(_questions(Datatype.MULTI), {})
    with qtbot.waitActive(asked):
        asked.activateWindow()
    (field,) = asked.fields().values()
    interface = QAccessible.queryAccessibleInterface(field.editor)
    assert interface.role() is QAccessible.Role.Grouping
    assert interface.text(QAccessible.Text.Name) == "Question multivaluelist"
    boxes = asked.findChildren(QCheckBox)
    field.editor.setFocus()
    assert boxes[0].hasFocus()
    field.show_error("Cette question attend une réponse.")
    assert {each.accessibleDescription() for each in boxes} == {"Cette question attend une réponse."}
    field.show_error("")
    assert {each.accessibleDescription() for each in boxes} == {""}


def test_tab_goes_through_all_boxes_before_the_next_field(qtbot: QtBot) -> None:
    window, after, before, group = QWidget(), QLineEdit(), QLineEdit(), ChoiceGroup((("petit", "Petit"), ("gros", "Gros")))
    layout = QVBoxLayout(window)
    for part in (after, group, before):
        layout.addWidget(part)
    QWidget.setTabOrder(before, group)
    QWidget.setTabOrder(group, after)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    before.setFocus()
    reached = []
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == [*group.findChildren(QCheckBox), after]


def test_a_date_is_kept_as_it_was_understood_and_what_was_not_as_it_was_typed(asked: QuestionList, qtbot: QtBot) -> None:
    asked.ask(_questions(Datatype.DATETIME), {Datatype.DATETIME: "2026-12-03T13:58"})
    assert asked.read() == {Datatype.DATETIME: "2026-12-03T13:58"}
    editor = asked.findChildren(QLineEdit)[0]
    with qtbot.waitActive(asked):
        asked.activateWindow()
    editor.selectAll()
    for character in "24 dec 2026":
        QTest.keyClick(editor, character)  # type: ignore[call-overload]
    assert asked.read() == {Datatype.DATETIME: "2026-12-24"}
    QTest.keyClick(editor, "x")  # type: ignore[call-overload]
    assert asked.read() == {Datatype.DATETIME: "24 dec 2026x"}


def test_a_paragraph_is_of_lines_of_text_at_any_size(asked: QuestionList, qapp: QApplication) -> None:
    look = Look(qapp, "light")
    asked.ask(_questions(Datatype.TEXT), {})
    asked.show()
    paragraph = asked.findChildren(QPlainTextEdit)[0]
    for percent in (100, 200):
        look.wear("light", percent)
        assert paragraph.viewport().height() >= 3 * paragraph.fontMetrics().lineSpacing()
        assert paragraph.height() <= 5 * paragraph.fontMetrics().lineSpacing()
    look.wear("light", 100)


def test_answers_of_another_category_are_shown_as_kept(asked: QuestionList) -> None:
    asked.show_orphans({"Taille": "Gros", "Depuis quand?": "hier"})
    assert asked.orphans() == "Réponses d’une autre catégorie, gardées\u00a0: Taille\u00a0: Gros; Depuis quand?\u00a0: hier"
    assert not asked.isHidden()
    asked.ask(_questions(Datatype.STRING), {})
    asked.show_orphans({})
    assert asked.orphans() == ""
    assert not asked.isHidden()
    asked.ask((), {})
    assert asked.isHidden()
