"""What a request is asked for, in the order of a call: category, place, its questions, words, the person."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from guichet_sync.domain.category import Answer, Category
from guichet_sync.domain.location import Whereabouts

from ..desk.checks import MAX_DESCRIPTION
from ..desk.drafts import Draft
from ..widgets.field import Field
from ..widgets.icon_button import ActionButton
from ..widgets.note_edit import NoteEdit
from ..widgets.still import Still
from .category_field import CategoryField
from .context import Context
from .map_pane import MapPane
from .place_field import PlaceField
from .question_fields import said
from .question_list import QuestionList
from .requester_fields import RequesterFields

BESIDE_SCROLLBAR = 8


class RequestFields(QScrollArea):
    """Reads and shows drafts. Emits ``changed`` at every change a person makes, ``category_chosen`` with the category taken."""

    changed = Signal()
    category_chosen = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        words = context.words
        self._context = context
        self.category = CategoryField(context)
        self.place = PlaceField(context)
        self.map = MapPane(context)
        self.map.point_picked.connect(self.place.look_near)
        self.map_button = ActionButton(context.look, context.commands.bind("map", self.map.toggle, self), "map", kind="chip")
        self.map.toggled.connect(self._on_map)
        self.map_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the hands go on to the questions
        self.questions = QuestionList(words, today=context.desk.today)
        self.description = NoteEdit(MAX_DESCRIPTION, lines=4)
        self._description_field = Field(words.text("Description"), self.description)
        self.requester = RequesterFields(words)
        self.category.chosen.connect(self._on_category)
        self.place.chosen.connect(self.focusNextChild)
        for signal in (self.place.changed, self.questions.changed, self.description.textChanged, self.requester.changed):
            signal.connect(self.changed)
        self.still = Still(self._lay_out())
        if context.preferences.settings.map_open:
            self.map.toggle()

    def _lay_out(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, BESIDE_SCROLLBAR, 0)
        column.setSpacing(12)
        for part in (
            self.category,
            self.place,
            self.map_button,
            self.map,
            self.questions,
            self._description_field,
            self.requester,
        ):
            column.addWidget(part)
        column.setAlignment(self.map_button, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        return inside

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is promised takes room: the field the hands are in stays in sight."""
        super().resizeEvent(event)
        at = self.focusWidget()
        if self.isAncestorOf(at) and at.hasFocus():
            self.ensureWidgetVisible(at)

    def read(self, draft: Draft) -> Draft:
        """``draft`` as the fields have it now. Answers of a category chosen before are kept beside those of this one."""
        answers = draft.answers | self.questions.read()
        return replace(
            draft,
            category=self.category.category.code if self.category.category else draft.category,
            where=self.place.read(),
            answers={code: answer for code, answer in answers.items() if answer},
            description=self.description.toPlainText(),
            requester=self.requester.read(),
        )

    def show_draft(self, draft: Draft) -> None:
        """Show a draft: no change of a person's, although Qt tells of new text."""
        with QSignalBlocker(self):
            self.show_category(draft.category, draft.answers)
            self.place.show_place(draft.where)
            self.map.show_place(draft.where, (), 0)
            self.description.setPlainText(draft.description)
            self.requester.show_requester(draft.requester)
            self.show_errors({})

    def show_category(self, code: str, answers: Mapping[str, Answer]) -> None:
        """Show a category and its questions, with what is answered already."""
        self.category.show_category(code)
        category = self.category.category
        self.questions.ask(category.questions if category else (), answers)
        self.questions.show_orphans(self._orphans(category, answers))
        placed = category is None or bool(category.places)
        self.place.setVisible(placed)
        self.map_button.setVisible(placed)
        if not placed:
            self.map.show_place(Whereabouts(), (), 0)
        asked = [each.field.editor for each in self.questions.asked()]
        for before, after in pairwise((self.category.lookup, self.place.lookup, *asked, self.description)):
            self.setTabOrder(before, after)

    def _orphans(self, category: Category | None, answers: Mapping[str, Answer]) -> dict[str, str]:
        """Answers that another category asked for, by the label of their question: kept, and shown to be."""
        asked = {question.code for question in category.questions} if category else set(answers)
        left = {code: answer for code, answer in answers.items() if answer and code not in asked}
        known = {question.code: question for each in self._context.categories for question in each.questions} if left else {}
        return {
            self._context.words.both(known[code].label): said(known[code], left[code], self._context.words)
            for code in left
            if code in known
        }

    def by_name(self) -> dict[str, Field]:
        """The fields by the names that problems call them."""
        own = {"category": self.category, "location": self.place, "description": self._description_field}
        return own | self.questions.fields() | self.requester.fields()

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Say what is wrong beside each field, and nothing beside the others."""
        for name, field in self.by_name().items():
            field.show_error(errors.get(name, ""))

    def forget_errors(self, still: Container[str]) -> None:
        """What was mended is no longer said to be wrong."""
        for name, field in self.by_name().items():
            if name not in still:
                field.show_error("")

    def focus_on(self, name: str) -> None:
        """Go to a field, showing it where it was hidden."""
        if name.startswith("requester"):
            self.requester.show_identity()
        field = self.by_name()[name]
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(field)

    def _on_map(self, is_open: bool) -> None:
        """It opens in sight, and as it was left for the next request."""
        if is_open:
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.map))
        if is_open != self._context.preferences.settings.map_open:
            self._context.preferences.change(map_open=is_open)

    def _on_category(self, category: Category) -> None:
        self.category_chosen.emit(category)
        self.changed.emit()
        self.focusNextChild()
