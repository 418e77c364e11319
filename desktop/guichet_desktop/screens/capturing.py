"""A request was saved: it is in the basket, and can be undone until the person left, whether it left or not."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.interaction import Outcome

from ..desk import outbox
from ..desk.capture import Captured
from ..desk.drafts import Draft
from ..desk.interactions import Entry
from .context import Context
from .deed_verbs import UNDO_LEAVES
from .notices import Undo


class Capturing(QObject):
    """Emits ``outbox_changed`` when something waits that did not, or no longer does; ``taken_back`` with the id of a draft that
    is to be shown in its form again.
    """

    outbox_changed = Signal()
    taken_back = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context

    def saved(self, done: Captured) -> None:
        """Say so, with what undoes it."""
        preview = done.preview
        entry = Entry(done.intent_id, Outcome.REQUEST_CREATED, preview.category.code, preview.at, done.provisional_number)
        self._context.interaction.add(entry)
        said = self._context.words.text("{number} enregistrée ici, à envoyer.", number=done.provisional_number)
        self._context.notices.say(said, self.undo_of(done.intent_id))
        self.outbox_changed.emit()

    def undo_of(self, intent_id: str) -> Undo | None:
        """What undoes a saved request of the interaction under way; None once its person left."""
        now = self._context.interaction.now
        entry = next((each for each in now.entries if each.intent_id == intent_id), None) if now else None
        return (lambda: self._undo(entry)) if entry is not None and entry.number else None

    def _undo(self, entry: Entry) -> None:
        desk = self._context.desk
        self._context.thread.ask(
            lambda: outbox.undo_capture(desk, entry.intent_id), lambda draft: self._on_undone(entry, draft), self._on_failed
        )

    def _on_undone(self, entry: Entry, draft: Draft | None) -> None:
        words = self._context.words
        self._context.interaction.remove(entry.intent_id)
        if draft is None:
            self._context.notices.say(words.text(UNDO_LEAVES))
            self._context.wake()
        else:
            sentence = words.text("{number} est de nouveau un brouillon; son numéro reste le même.", number=entry.number)
            self._context.notices.say(sentence)
            self.taken_back.emit(draft.id)
        self.outbox_changed.emit()

    def _on_failed(self, error: GuichetError) -> None:
        self._context.notices.say(str(self._context.words.error(error)))
