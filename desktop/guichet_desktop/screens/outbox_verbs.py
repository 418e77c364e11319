"""What is done with a line of *À transmettre*: asked on the desk thread, then said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from guichet_sync.domain.errors import GuichetError
from guichet_sync.wording import N_

from ..desk import drafts, outbox
from ..desk.drafts import Draft
from ..desk.outbox import Line, TakenBack, Verb
from .context import Context

Result = TypeVar("Result")
ACTIONS = {
    Verb.RETRY: "outbox_retry",
    Verb.CORRECT: "outbox_correct",
    Verb.TAKE_BACK: "outbox_take_back",
    Verb.OPEN: "outbox_open",
    Verb.DISCARD: "outbox_discard",
}
"""The action of the table that does each verb, in the order of their buttons."""


class OutboxVerbs(QObject):
    """Emits ``changed`` when lines are to be read again, ``draft_opened`` with the id of a draft to be shown in its form.

    One thing at a time: a key pressed twice does nothing twice.
    """

    changed = Signal()
    draft_opened = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._busy = False
        self._acts: dict[Verb, Callable[[Line], None]] = {
            Verb.CORRECT: self._correct,
            Verb.RETRY: self._retry,
            Verb.TAKE_BACK: self._take_back,
            Verb.OPEN: lambda line: self.draft_opened.emit(line.id),
            Verb.DISCARD: self._discard,
        }

    def do(self, verb: Verb, line: Line) -> None:
        """Do that with a line, if it can be done."""
        if verb in line.verbs and not self._busy:
            self._acts[verb](line)

    def copy_number(self, number: str) -> None:
        """Put a number on the clipboard."""
        QGuiApplication.clipboard().setText(number)
        self._say(N_("Numéro copié : {number}"), number=number)

    def _correct(self, line: Line) -> None:
        desk = self._context.desk
        self._ask(lambda: outbox.reopen(desk, line.id), self._on_draft_again)

    def _take_back(self, line: Line) -> None:
        desk = self._context.desk
        if line.content is None:
            self._ask(lambda: outbox.take_out(desk, line.id), self._on_answer_taken)
        else:
            self._ask(lambda: outbox.take_back(desk, line.id), self._on_draft_again)

    def _retry(self, line: Line) -> None:
        desk = self._context.desk
        self._ask(lambda: outbox.retry(desk, line.id), self._on_retried)

    def _discard(self, line: Line) -> None:
        desk = self._context.desk
        self._ask(lambda: outbox.discard(desk, line.id), self._on_discarded)

    def _on_draft_again(self, draft: Draft | None) -> None:
        if draft is None:
            self._too_late()
            return
        text = self._context.words.text
        if draft.number_spent:
            said = text("Le numéro {number} ne peut plus servir : un autre sera donné à l’enregistrement.", number=draft.number)
        else:
            said = text("{number} est de nouveau un brouillon; son numéro reste le même.", number=draft.number)
        self._context.notices.say(said)
        self.changed.emit()
        self.draft_opened.emit(draft.id)

    def _on_answer_taken(self, taken: TakenBack | None) -> None:
        if taken is None:
            self._too_late()
            return
        desk, kept = self._context.desk, taken
        undo = self._undoing(lambda: outbox.put_back(desk, kept), self._context.wake)
        self._context.notices.say(self._context.words.text("Réponse retirée : elle ne sera pas comptée."), undo)
        self.changed.emit()

    def _on_retried(self, retried: bool) -> None:
        if not retried:
            self._too_late()
            return
        self._say(N_("Nouvel essai demandé."))
        self._context.wake()
        self.changed.emit()

    def _on_discarded(self, draft: Draft | None) -> None:
        if draft is not None:
            desk, kept = self._context.desk, draft
            undo = self._undoing(lambda: drafts.save(desk, kept))
            self._context.notices.say(self._context.words.text("Brouillon supprimé."), undo)
        self.changed.emit()

    def _undoing(self, act: Callable[[], object], then: Callable[[], object] = lambda: None) -> Callable[[], None]:
        """What puts it back when asked to."""

        def done(_result: object) -> None:
            then()
            self.changed.emit()

        return lambda: self._context.thread.ask(act, done, self._on_failed)

    def _too_late(self) -> None:
        self._say(N_("Son état a changé entre-temps : voici où cela en est."))
        self.changed.emit()

    def _ask(self, act: Callable[[], Result], then: Callable[[Result], None]) -> None:
        self._busy = True

        def done(result: Result) -> None:
            self._busy = False
            then(result)

        self._context.thread.ask(act, done, self._on_failed)

    def _on_failed(self, error: GuichetError) -> None:
        self._busy = False
        self._context.notices.say(str(self._context.words.error(error)))

    def _say(self, sentence: str, **values: str) -> None:
        self._context.notices.say(self._context.words.text(sentence, **values))
