"""The request being captured: category, place, its questions, the person, and what is promised."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import GuichetError, InvalidInput

from ..actions import action, shown_key
from ..desk import capture, drafts
from ..desk.capture import Captured, Preview
from ..desk.drafts import Draft
from ..theme.icons import icon
from ..widgets.field import Field
from ..widgets.frames import row
from ..widgets.labels import keycap, label
from .category_field import CategoryField
from .context import Context
from .draft_keeper import DraftKeeper
from .place_field import PlaceField
from .promise_panel import PromisePanel
from .question_list import QuestionList
from .requester_fields import RequesterFields

PREVIEW_MS = 200
_BESIDE_SCROLLBAR = 8


class RequestForm(QFrame):
    """Emits ``saved`` with what was captured. Nothing typed is ever dropped: the draft of before is kept when another begins."""

    saved = Signal(object)
    draft_kept = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context = context
        self._draft = drafts.new(context.desk, context.channel)
        self.keeper = DraftKeeper(context, self.draft, self)
        self._preview_later = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._preview_later.timeout.connect(self._preview)
        self._make_fields()
        self._connect()
        self._lay_out()

    # -- what it is made of

    def _make_fields(self) -> None:
        words, theme = self._context.words, self._context.theme
        self.category = CategoryField(self._context)
        self.place = PlaceField(self._context)
        self.questions = QuestionList(words)
        self.description = QPlainTextEdit()
        self.description.setTabChangesFocus(True)
        self.description.setMaximumHeight(theme.px(84))
        self._description_field = Field(words.text("Description"), self.description)
        self.requester = RequesterFields(words)
        self.promise = PromisePanel(self._context)
        self.save_button = QPushButton(icon("check", theme.colours["onBrand"]), words.text("Enregistrer"))
        self.save_button.setProperty("kind", "primary")
        self._kept = label("", "meta")

    def _connect(self) -> None:
        self.category.chosen.connect(self._on_category_chosen)
        self.place.chosen.connect(self.focusNextChild)
        for signal in (self.place.changed, self.questions.changed, self.description.textChanged, self.requester.changed):
            signal.connect(self._on_changed)
        self.save_button.clicked.connect(self.save)
        self.keeper.kept.connect(self._on_kept)
        self.keeper.failed.connect(self._on_refused)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, _BESIDE_SCROLLBAR, 0)
        column.setSpacing(12)
        for part in (self.category, self.place, self.questions, self._description_field, self.requester):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self._scroll = scroll
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 12, 12)
        layout.setSpacing(10)
        layout.addLayout(row(label(self._context.words.text("Nouvelle requête"), "title"), None, self._kept))
        layout.addWidget(scroll, 1)
        self.promise.setContentsMargins(0, 0, _BESIDE_SCROLLBAR, 0)
        layout.addWidget(self.promise)
        layout.addLayout(row(self.save_button, keycap(shown_key(action("save").key, self._context.words)), None))

    # -- what it holds

    def draft(self) -> Draft:
        """What the form holds now. Answers of a category chosen before are kept beside those of this one."""
        answers = self._draft.answers | self.questions.read()
        return replace(
            self._draft,
            category=self.category.category.code if self.category.category else "",
            where=self.place.read(),
            answers={code: answer for code, answer in answers.items() if answer},
            description=self.description.toPlainText(),
            requester=self.requester.read(),
        )

    def open(self, draft: Draft) -> None:
        """Show a draft; what the form held is kept on disk first."""
        self.keeper.keep()
        self._draft = draft
        self._show_category(next((each for each in self._context.categories if each.code == draft.category), None))
        self.place.show_place(draft.where)
        self.description.setPlainText(draft.description)
        self.requester.show_requester(draft.requester)
        self.keeper.rest()
        self._kept.clear()
        self._show_errors({})
        self._preview_later.start()

    def start(self, category_code: str = "") -> None:
        """Begin an empty request, of a category if one is known; the form's content is kept as a draft."""
        self.open(replace(drafts.new(self._context.desk, self._context.channel), category=category_code))
        (self.place if category_code else self.category).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def save(self) -> None:
        """Save the request; what is missing is said beside its field."""
        draft, desk, language = self.draft(), self._context.desk, self._context.words.language
        if not draft.category:
            self._on_refused(InvalidInput("category_needed", field="category"))
        elif self.save_button.isEnabled():
            self.save_button.setEnabled(False)
            self.keeper.rest()
            self._preview_later.stop()
            self._context.thread.forget("preview")
            self._context.thread.ask(lambda: capture.submit(desk, draft, language), self._on_saved, self._on_refused)

    # -- what happens to it

    def _on_changed(self) -> None:
        self._kept.clear()
        self.keeper.touch()
        self._preview_later.start()

    def _on_kept(self) -> None:
        self._kept.setText(self._context.words.text("Brouillon gardé"))
        self.draft_kept.emit()

    def _on_category_chosen(self, category: Category) -> None:
        self._draft = self.draft()
        self._show_category(category)
        self._on_changed()
        self.focusNextChild()

    def _on_saved(self, done: Captured) -> None:
        self.save_button.setEnabled(True)
        self.open(drafts.new(self._context.desk, self._context.channel))
        self.promise.show_saved(done)
        self._context.wake()
        self.saved.emit(done)

    def _on_refused(self, error: GuichetError) -> None:
        """It could not be saved: the form keeps all of it, says why and, where a field is at fault, goes there."""
        self.save_button.setEnabled(True)
        self.keeper.touch()
        sentence = str(self._context.words.error(error))
        if isinstance(error, InvalidInput):
            self._show_errors({error.field: sentence})
            self._focus(error.field)
        else:
            self.promise.show_failure(sentence)

    def _preview(self) -> None:
        draft, desk, language = self.draft(), self._context.desk, self._context.words.language
        if not draft.category:
            self.promise.clear()
            return
        self._context.thread.ask(
            lambda: capture.preview(desk, draft, language), self._on_preview, self._on_no_preview, lane="preview"
        )

    def _on_preview(self, seen: Preview) -> None:
        """Say what saving would promise; what was mended meanwhile is no longer said to be wrong."""
        wrong = {problem.field for problem in seen.problems}
        for name, field in self._fields().items():
            if name not in wrong:
                field.show_error("")
        self.promise.show_preview(seen)

    def _on_no_preview(self, error: GuichetError) -> None:
        self.promise.show_failure(str(self._context.words.error(error)))

    # -- its fields

    def _show_category(self, category: Category | None) -> None:
        self.category.show_category(category)
        self.questions.ask(category.questions if category else (), self._draft.answers)
        self.place.setVisible(category is None or bool(category.places))
        asked = [each.field.editor for each in self.questions.asked()]
        for before, after in pairwise((self.category.lookup, self.place.lookup, *asked, self.description)):
            self.setTabOrder(before, after)

    def _fields(self) -> dict[str, Field]:
        own = {"category": self.category, "location": self.place, "description": self._description_field}
        return own | self.questions.fields() | self.requester.fields()

    def _show_errors(self, errors: dict[str, str]) -> None:
        for name, field in self._fields().items():
            field.show_error(errors.get(name, ""))

    def _focus(self, name: str) -> None:
        field = self._fields().get(name, self.category)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(field)
