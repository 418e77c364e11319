"""The request being captured: category, place, its questions, the person, and what is promised."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import GuichetError, InvalidInput
from guichet_sync.domain.location import Location, Whereabouts
from guichet_sync.domain.request import Channel
from guichet_sync.language import fold

from ..actions import action, shown_key
from ..desk import capture, drafts, lookup
from ..desk.capture import Captured, Preview
from ..desk.drafts import Draft
from ..theme.icons import icon
from ..widgets.field import Field
from ..widgets.frames import row
from ..widgets.labels import keycap, label
from ..widgets.lookup_field import LookupField
from .context import Context
from .promise_panel import PromisePanel
from .question_fields import QuestionField, build
from .requester_fields import RequesterFields

AUTOSAVE_MS = 600
PREVIEW_MS = 200
_MATCHES = 8


class RequestForm(QFrame):
    """Emits ``saved`` with what was captured. Every change is on disk within a second; nothing typed is ever dropped."""

    saved = Signal(object)
    draft_kept = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context = context
        self._category: Category | None = None
        self._draft = drafts.new(context.desk, Channel.PHONE)
        self._where = Whereabouts()
        self._questions: list[QuestionField] = []
        self._changed = False
        self._make_fields()
        self._lay_out()
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(self.keep)
        self._preview_later = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._preview_later.timeout.connect(self._preview)

    # -- what it is made of

    def _make_fields(self) -> None:
        words = self._context.words
        self.category = LookupField(words.text("Commencez à taper : nid-de-poule, bac…"))
        self.category.typed.connect(self._on_category_typed)
        self.category.chosen.connect(self._on_category_chosen)
        self.category.returnPressed.connect(self.category.take_first)
        self.place = LookupField(words.text("1425 érables, parc du Ruisseau…"))
        self.place.typed.connect(self._on_place_typed)
        self.place.chosen.connect(self._on_place_chosen)
        self.place.returnPressed.connect(self.place.take_first)
        self.description = QPlainTextEdit()
        self.description.setTabChangesFocus(True)
        self.description.setMaximumHeight(self._context.theme.px(84))
        self.description.textChanged.connect(self._on_changed)
        self.requester = RequesterFields(words)
        self.requester.changed.connect(self._on_changed)
        self.promise = PromisePanel(self._context)
        self.save_button = QPushButton(icon("check", self._context.theme.colours["onBrand"]), words.text("Enregistrer"))
        self.save_button.setProperty("kind", "primary")
        self.save_button.clicked.connect(self.save)

    def _lay_out(self) -> None:
        words = self._context.words
        self._fields = {
            "category": Field(words.text("Catégorie (obligatoire)"), self.category),
            "location": Field(words.text("Adresse ou lieu"), self.place),
            "description": Field(words.text("Description"), self.description),
        }
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self._fields["category"])
        self._column.addWidget(self._fields["location"])
        self._question_column = QVBoxLayout()
        self._question_column.setSpacing(10)
        self._column.addLayout(self._question_column)
        self._column.addWidget(self._fields["description"])
        self._column.addWidget(self.requester)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self._kept = label("", "meta")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 12, 12)
        layout.setSpacing(10)
        layout.addLayout(row(label(words.text("Nouvelle requête"), "title"), None, self._kept))
        layout.addWidget(scroll, 1)
        layout.addWidget(self.promise)
        layout.addLayout(row(self.save_button, keycap(shown_key(action("save").key)), None))

    # -- what it holds

    def draft(self) -> Draft:
        """What the form holds now. Answers of a category chosen before are kept beside those of this one."""
        answers = dict(self._draft.answers)
        answers.update({each.question.code: each.read() for each in self._questions})
        return replace(
            self._draft,
            category=self._category.code if self._category else "",
            where=self._where if self._where.label == self.place.text() else Whereabouts(label=self.place.text().strip()),
            answers={code: answer for code, answer in answers.items() if answer},
            description=self.description.toPlainText(),
            requester=self.requester.read(),
        )

    def questions(self) -> tuple[QuestionField, ...]:
        """The fields of the category's questions, in their order."""
        return tuple(self._questions)

    def open(self, draft: Draft) -> None:
        """Show a draft; what the form held is kept on disk first."""
        self.keep()
        self._draft = draft
        self._where = draft.where
        found = next((each for each in self._context.categories if each.code == draft.category), None)
        self._set_category(found)
        self.place.setText(draft.where.label)
        self.description.setPlainText(draft.description)
        self.requester.show_requester(draft.requester)
        self._autosave.stop()
        self._changed = False
        self._show_errors({})
        self._preview_later.start()

    def start(self, category_code: str = "") -> None:
        """Begin an empty request, of a category if one is known; the form's content is kept as a draft."""
        fresh = drafts.new(self._context.desk, Channel.PHONE)
        self.open(replace(fresh, category=category_code) if category_code else fresh)
        (self.place if category_code else self.category).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keep(self) -> None:
        """Put what is typed on disk."""
        self._autosave.stop()
        if self._changed:
            self._changed = False
            draft, desk = self.draft(), self._context.desk
            self._context.thread.ask(lambda: drafts.save(desk, draft), self._on_kept)

    def save(self) -> None:
        """Save the request; what is missing is said beside its field."""
        draft, desk, language = self.draft(), self._context.desk, self._context.words.language
        if self._category is None:
            self._show_errors({"category": self._reason("category_needed")})
            self.category.setFocus()
            return
        self.save_button.setEnabled(False)
        self._autosave.stop()
        self._changed = False
        self._context.thread.ask(lambda: capture.submit(desk, draft, language), self._on_saved, self._on_refused)

    # -- what happens to it

    def _on_changed(self) -> None:
        self._changed = True
        self._kept.clear()
        self._autosave.start()
        self._preview_later.start()

    def _on_kept(self, _draft: Draft) -> None:
        self._kept.setText(self._context.words.text("Brouillon gardé"))
        self.draft_kept.emit()

    def _on_saved(self, done: Captured) -> None:
        self.save_button.setEnabled(True)
        self._draft = drafts.new(self._context.desk, Channel.PHONE)
        self.open(self._draft)
        self._kept.clear()
        self.promise.show_saved(done)
        self._context.wake()
        self.saved.emit(done)

    def _on_refused(self, error: GuichetError) -> None:
        self.save_button.setEnabled(True)
        self._changed = True
        self._autosave.start()
        if isinstance(error, InvalidInput):
            self._show_errors({error.field: str(self._context.words.error(error))})
            self._focus(error.field)
        else:
            self.promise.show_failure(str(self._context.words.error(error)))

    def _preview(self) -> None:
        draft, desk, language = self.draft(), self._context.desk, self._context.words.language
        if not draft.category:
            self.promise.clear()
            return
        self._context.thread.ask(
            lambda: capture.preview(desk, draft, language), self._on_preview, self._on_refused, lane="preview"
        )

    def _on_preview(self, seen: Preview) -> None:
        still = {problem.field for problem in seen.problems}
        for name, field in self._all_fields().items():
            if name not in still:
                field.show_error("")
        if "requester" not in still:
            self.requester.show_error("")
        self.promise.show_preview(seen)

    def _on_category_typed(self, typed: str) -> None:
        wanted = fold(typed).split()
        words = self._context.words
        offers = [
            (f"{words.both(each.name)}  ·  {words.both(self._context.services[each.service].name)}", each)
            for each in self._context.categories
            if all(word in _haystack(each) for word in wanted)
        ]
        self.category.offer(offers[:_MATCHES] if wanted else [])

    def _on_category_chosen(self, category: Category) -> None:
        self._draft = self.draft()
        self._set_category(category)
        self._on_changed()
        self._fields["category"].show_error("")
        self.focusNextChild()

    def _set_category(self, category: Category | None) -> None:
        self._category = category
        self.category.setText(self._context.words.both(category.name) if category else "")
        for each in self._questions:
            self._question_column.removeWidget(each.field)
            each.field.deleteLater()
        asked = category.questions if category else ()
        self._questions = [build(question, self._context.words, self._on_changed) for question in asked]
        before: QWidget = self.place
        for each in self._questions:
            each.show(self._draft.answers.get(each.question.code, ""))
            self._question_column.addWidget(each.field)
            self.setTabOrder(before, each.field.editor)
            before = each.field.editor
        self.setTabOrder(before, self.description)
        self._fields["location"].setVisible(category is None or bool(category.places))

    def _on_place_typed(self, typed: str) -> None:
        desk = self._context.desk
        self._on_changed()
        self._context.thread.ask(lambda: lookup.addresses(desk, typed, _MATCHES), self._offer_places, lane="place")

    def _offer_places(self, found: tuple[Location, ...]) -> None:
        self.place.offer([(place.label, place) for place in found])

    def _on_place_chosen(self, place: Location) -> None:
        self._where = Whereabouts.of(place)
        self._on_changed()
        self.focusNextChild()

    def _all_fields(self) -> dict[str, Field]:
        return self._fields | {f"answers.{each.question.code}": each.field for each in self._questions}

    def _show_errors(self, errors: dict[str, str]) -> None:
        for name, field in self._all_fields().items():
            field.show_error(errors.get(name, ""))
        self.requester.show_error(errors.get("requester", ""))

    def _focus(self, name: str) -> None:
        field = self._all_fields().get(name)
        editor: QWidget = field.editor if field else self.requester.phone
        editor.setFocus()

    def _reason(self, code: str) -> str:
        return str(self._context.words.reason(code))


def _haystack(category: Category) -> str:
    return fold(" ".join((category.name.fr, category.name.en, *category.synonyms_fr, *category.synonyms_en)))
