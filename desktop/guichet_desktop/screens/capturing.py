"""A request was saved: it is in the basket, and can be undone as long as its notice stands, whether it left or not."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.interaction import Outcome
from guichet_sync.wording import N_

from ..desk import outbox
from ..desk.capture import Captured
from ..desk.drafts import Draft
from ..desk.interactions import Entry
from .context import Context
from .deed_verbs import UNDO_LEAVES


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
        self._say(N_("{number} enregistrée ici, à envoyer."), done, undo=True)
        self.outbox_changed.emit()

    def _say(self, sentence: str, done: Captured, *, undo: bool = False) -> None:
        said = self._context.words.text(sentence, number=done.provisional_number)
        self._context.notices.say(said, (lambda: self._undo(done)) if undo else None)

    def _undo(self, done: Captured) -> None:
        desk = self._context.desk
        self._context.thread.ask(
            lambda: outbox.undo_capture(desk, done.intent_id), lambda draft: self._on_undone(done, draft), self._on_failed
        )

    def _on_undone(self, done: Captured, draft: Draft | None) -> None:
        self._context.interaction.remove(done.intent_id)
        if draft is None:
            self._say(UNDO_LEAVES, done)
            self._context.wake()
        else:
            self._say(N_("{number} est de nouveau un brouillon; son numéro reste le même."), done)
            self.taken_back.emit(draft.id)
        self.outbox_changed.emit()

    def _on_failed(self, error: GuichetError) -> None:
        self._context.notices.say(str(self._context.words.error(error)))
