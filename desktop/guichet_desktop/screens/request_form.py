"""The request being captured: its fields, what is promised, and the one gesture that saves it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import GuichetError, InvalidInput
from guichet_sync.domain.words import Language

from ..desk import capture, drafts
from ..desk.capture import Captured, Preview
from ..desk.desk import Desk
from ..desk.drafts import Draft
from ..widgets.fitting import FittingScroll
from ..widgets.frames import row
from ..widgets.icon_button import ActionButton
from ..widgets.labels import keycap
from .context import Context
from .draft_keeper import DraftKeeper
from .previewing import Previewing
from .promise_panel import PromisePanel
from .request_fields import BESIDE_SCROLLBAR, RequestFields
from .request_heading import RequestHeading


class RequestForm(QFrame):
    """Emits ``saved`` with what was captured, ``emptied`` when the person is done with the form.

    Nothing typed is ever dropped: the draft of before is kept when another begins.
    """

    saved = Signal(object)
    emptied = Signal()
    draft_kept = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context = context
        self._draft = self._blank()
        self.heading = RequestHeading(context)
        self.fields = RequestFields(context)
        self.promise = PromisePanel(context)
        self.keeper = DraftKeeper(context, self.draft, self)
        self._previewing = Previewing(context, self.draft, self)
        self._connect()
        self._bind()
        self._lay_out()
        self.heading.show_draft(self._draft, None)

    def _blank(self) -> Draft:
        """An empty draft, of the interaction under way or of the one it begins."""
        context = self._context
        return drafts.new(context.desk, context.channel, context.interaction.id)

    def _connect(self) -> None:
        self.fields.category_chosen.connect(self._on_category_chosen)
        self.fields.changed.connect(self._on_changed)
        self.heading.changed.connect(self._on_changed)
        self.keeper.kept.connect(self._on_kept)
        self.keeper.failed.connect(self._say)
        self._previewing.nothing.connect(self.promise.clear)
        self._previewing.seen.connect(self._on_preview)
        self._previewing.failed.connect(self._say)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self.heading)
        layout.addWidget(self.fields, 1)
        self.promise.setContentsMargins(0, 0, BESIDE_SCROLLBAR, 0)
        layout.addWidget(FittingScroll(self.promise, at_most=True))
        layout.addLayout(row(self.save_button, self._cap, self.read_back_button, None, spacing=10))

    def _bind(self) -> None:
        look, commands = self._context.look, self._context.commands
        self._save = commands.bind("save", self.save, self)
        self.save_button = ActionButton(look, self._save, "check", kind="primary")
        self.read_back_button = ActionButton(
            look, commands.bind("read_back", self.promise.toggle_read_back, self), "message-square-quote"
        )
        commands.bind("anonymous", self.fields.requester.anonymous.click, self)
        self._cap = keycap(commands.shown_key("save"))
        commands.remapped.connect(lambda: self._cap.setText(commands.shown_key("save")))

    def draft(self) -> Draft:
        """What the form holds now."""
        return self.heading.read(self.fields.read(self._draft))

    def clear(self) -> None:
        """An empty form; what it held is kept as a draft."""
        self.open(self._blank())

    def open(self, draft: Draft) -> None:
        """Show a draft; what the form held is kept on disk first."""
        self.keeper.keep()
        self._draft = draft
        self.fields.show_draft(draft)
        self.heading.show_draft(draft, self.fields.category.category)
        self.keeper.rest()
        self.heading.say_kept("")
        self._previewing.later()

    def open_kept(self, draft_id: str) -> None:
        """Show a draft of the list, as it stands on disk; the one that is being filled is here already."""
        desk = self._context.desk
        if draft_id != self._draft.id:
            self.keeper.keep()
            self._context.thread.ask(lambda: drafts.find(desk, draft_id), self._on_found, self._say)

    def start(self, category_code: str = "") -> None:
        """Begin an empty request, of a category if one is known; the form's content is kept as a draft."""
        self.open(replace(self._blank(), category=category_code))
        first = self.fields.place if category_code else self.fields.category
        first.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def save(self) -> None:
        """Save the request; what is missing is said beside its field. Until then what is on the screen stands still."""
        if self.fields.still.holds():
            return
        draft, desk, language = self.draft(), self._context.desk, self._context.words.language
        self.fields.still.hold()
        self._save.setEnabled(False)
        self.keeper.rest()
        self._previewing.stop()
        self._context.thread.ask(
            lambda: _kept_and_submitted(desk, draft, language), lambda done: self._on_saved(draft, done), self._on_refused
        )

    def on_taxonomy(self) -> None:
        """Categories came in, or changed: a draft's own may be among them now."""
        self.fields.category.look_again()
        if self.fields.category.category is None and self._draft.category:
            self._draft = self.draft()
            self.fields.show_category(self._draft.category, self._draft.answers)
            self.heading.show_category(self.fields.category.category)
            self._previewing.later()

    def _on_changed(self) -> None:
        self.heading.say_kept("")
        self._context.interaction.under_way()
        self.keeper.touch()
        self._previewing.later()

    def _on_kept(self) -> None:
        self.heading.say_kept(self._context.words.text("Brouillon gardé"))
        self.draft_kept.emit()

    def _on_found(self, draft: Draft | None) -> None:
        if draft is not None:
            self.open(draft)
            self.fields.description.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_category_chosen(self, category: Category) -> None:
        self._draft = replace(self.draft(), category=category.code)
        self.fields.show_category(category.code, self._draft.answers)
        self.heading.show_category(category)

    def _on_saved(self, draft: Draft, done: Captured) -> None:
        """It is on disk: an empty form, unless the person went on to another one meanwhile."""
        self.fields.still.release()
        self._save.setEnabled(True)
        went_on = self._draft.id != draft.id
        if not went_on:
            self.open(self._blank())
        self.promise.show_saved(done)
        self._context.wake()
        self.saved.emit(done)
        if not went_on:
            self.emptied.emit()

    def _on_refused(self, error: GuichetError) -> None:
        """It could not be saved: the form keeps all of it, says why and, where a field is at fault, goes there."""
        self.fields.still.release()
        self._save.setEnabled(True)
        if isinstance(error, InvalidInput) and error.field in self.fields.by_name():
            self.fields.show_errors({error.field: str(self._context.words.error(error))})
            self.fields.focus_on(error.field)
        else:
            self._say(error)

    def _say(self, error: GuichetError) -> None:
        self.promise.show_failure(str(self._context.words.error(error)))

    def _on_preview(self, seen: Preview) -> None:
        self.fields.forget_errors(still={problem.field for problem in seen.problems})
        self.fields.map.show_place(seen.draft.where, seen.similar, seen.category.duplicate.radius_m)
        self.promise.show_preview(seen)


def _kept_and_submitted(desk: Desk, draft: Draft, language: Language) -> Captured:
    """On the desk thread: on disk as a draft before anything else, so that a refusal finds it there, whatever comes next."""
    drafts.save(desk, draft)
    return capture.submit(desk, draft, language)
