"""What is done with a line of *À transmettre*: asked on the desk thread, then said."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from guichet_sync.wording import N_

from ..desk import drafts, outbox
from ..desk.drafts import Draft
from ..desk.outbox import Line, Verb
from .context import Context
from .deed_verbs import DeedVerbs
from .outbox_doing import Doing

ACTIONS = {
    Verb.RETRY: "outbox_retry",
    Verb.AGAIN: "outbox_again",
    Verb.CORRECT: "outbox_correct",
    Verb.TAKE_BACK: "outbox_take_back",
    Verb.UNDO: "outbox_undo",
    Verb.OPEN: "outbox_open",
    Verb.COPY_TEXT: "outbox_copy_text",
    Verb.DISCARD: "outbox_discard",
}
"""The action of the table that does each verb, in the order of their buttons."""


class OutboxVerbs(QObject):
    """Emits ``changed`` when lines are to be read again, ``draft_opened`` with the id of a draft to be shown in its form."""

    changed = Signal()
    draft_opened = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.doing = Doing(context, self)
        self.doing.changed.connect(self.changed)
        deeds = DeedVerbs(self.doing, context.desk)
        self._deeds = deeds
        self._acts: dict[Verb, Callable[[Line], None]] = {
            Verb.CORRECT: self._correct,
            Verb.RETRY: self._retry,
            Verb.AGAIN: deeds.do_again,
            Verb.TAKE_BACK: self._take_back,
            Verb.UNDO: deeds.undo,
            Verb.OPEN: lambda line: self.draft_opened.emit(line.id),
            Verb.COPY_TEXT: deeds.copy_text,
            Verb.DISCARD: self._discard,
        }

    def do(self, verb: Verb, line: Line) -> None:
        """Do that with a line, if it can be done."""
        if verb in line.verbs and not self.doing.busy:
            self._acts[verb](line)

    def copy_number(self, number: str) -> None:
        """Put a number on the clipboard."""
        QGuiApplication.clipboard().setText(number)
        self.doing.say(N_("Numéro copié\u00a0: {number}"), number=number)

    def _correct(self, line: Line) -> None:
        desk = self._context.desk
        self.doing.ask(lambda: outbox.reopen(desk, line.id), self._on_draft_again)

    def _take_back(self, line: Line) -> None:
        desk = self._context.desk
        if line.content is None:
            self._deeds.take_out(line)
        else:
            self.doing.ask(lambda: outbox.take_back(desk, line.id), self._on_draft_again)

    def _retry(self, line: Line) -> None:
        desk = self._context.desk
        self.doing.ask(lambda: outbox.retry(desk, line.id), self._on_retried)

    def _discard(self, line: Line) -> None:
        desk = self._context.desk
        if line.item is None:
            self.doing.ask(lambda: outbox.discard(desk, line.id), self._on_discarded)
        else:
            self._deeds.drop(line)

    def _on_draft_again(self, draft: Draft | None) -> None:
        if draft is None:
            self.doing.too_late()
            return
        if draft.number_spent:
            spent = N_("Le numéro {number} ne peut plus servir\u00a0: un autre sera donné à l’enregistrement.")
            self.doing.say(spent, number=draft.number)
        else:
            self.doing.say(N_("{number} est de nouveau un brouillon; son numéro reste le même."), number=draft.number)
        self.changed.emit()
        self.draft_opened.emit(draft.id)

    def _on_retried(self, retried: bool) -> None:
        if retried:
            self.doing.sent_soon(N_("Nouvel essai demandé."))
        else:
            self.doing.too_late()

    def _on_discarded(self, draft: Draft | None) -> None:
        if draft is not None:
            desk, kept = self._context.desk, draft
            self.doing.say(N_("Brouillon supprimé."), self.doing.undoing(lambda: drafts.save(desk, kept)))
        self.changed.emit()
