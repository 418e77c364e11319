"""What is done in *À transmettre* with what is no request of its own: taken out, let go of, done again, undone, copied."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from guichet_sync.domain.intents import IntentKind
from guichet_sync.wording import N_

from ..desk import outbox, redoing, undoing
from ..desk.desk import Desk
from ..desk.follow_up import FollowedUp
from ..desk.outbox import Line
from ..desk.undoing import Undone
from .outbox_doing import Doing

WITHDRAWN = N_("Retiré\u00a0: rien n’en est parti.")
_NOT_COUNTED = N_("Réponse retirée\u00a0: elle ne sera pas comptée.")
UNDO_LEAVES = N_("L’annulation partira au prochain échange.")


class DeedVerbs:
    """The verbs, each on a line that offers it."""

    def __init__(self, doing: Doing, desk: Desk) -> None:
        self._doing = doing
        self._desk = desk

    def take_out(self, line: Line) -> None:
        """It is not sent after all."""
        answer = line.item is not None and line.item.kind == IntentKind.RECORD_ANSWER
        said = _NOT_COUNTED if answer else WITHDRAWN
        self._doing.ask(lambda: outbox.take_out(self._desk, line.id), lambda taken: self._doing.taken_out(taken, said))

    def drop(self, line: Line) -> None:
        """It was refused or set aside, and is let go of."""
        self._doing.ask(lambda: outbox.drop(self._desk, line.id), lambda taken: self._doing.taken_out(taken, N_("Supprimé.")))

    def do_again(self, line: Line) -> None:
        """It was refused: the same is asked of the request as it is now."""
        self._doing.ask(lambda: redoing.again(self._desk, line.id), self._on_done_again)

    def undo(self, line: Line) -> None:
        """It left: what undoes it leaves after it."""
        self._doing.ask(lambda: undoing.undo(self._desk, line.id), self._on_undone)

    def copy_text(self, line: Line) -> None:
        """What was written goes to the clipboard."""
        if line.deed is not None:
            QGuiApplication.clipboard().setText(line.deed.text)
            self._doing.say(N_("Le texte est copié."))

    def _on_done_again(self, done: FollowedUp | None) -> None:
        if done is None:
            self._doing.too_late()
        else:
            self._doing.sent_soon(N_("Refait sur la requête telle qu’elle est maintenant."))

    def _on_undone(self, undone: Undone) -> None:
        self._doing.sent_soon(WITHDRAWN if undone.withdrawn else UNDO_LEAVES)
