"""*Réponse donnée*: one key, it counts once, and it can be undone, even after it left."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.interaction import Outcome

from ..desk import capture, undoing
from ..desk.capture import AnswerGiven
from ..desk.interactions import Entry
from ..models.fiche import ShownFiche
from .context import Context


class Answering(QObject):
    """Emits ``counted`` once an answer is on disk, where the hands did not go on to something else meanwhile.

    ``outbox_changed``: something waits that did not, or no longer does.
    """

    counted = Signal()
    outbox_changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._given: ShownFiche | None = None

    def give(self, fiche: ShownFiche) -> None:
        """The fiche answered the person. However often it is said, it counts once until it is shown anew or taken back."""
        if fiche is self._given:
            return
        self._given = fiche
        desk, interaction, hands_at = self._context.desk, self._context.interaction.under_way(), QApplication.focusWidget()

        def act() -> AnswerGiven:
            return capture.give_answer(desk, fiche.article_id, interaction.channel, fiche.language, interaction.id)

        self._context.thread.ask(act, lambda given: self._on_given(fiche.title, given, hands_at), self._on_failed)

    def withdraw(self, intent_id: str) -> None:
        """It did not, after all."""
        desk = self._context.desk
        self._context.thread.ask(lambda: undoing.undo(desk, intent_id), lambda _: self._on_withdrawn(intent_id), self._say)

    def _on_given(self, title: str, given: AnswerGiven, hands_at: QWidget | None) -> None:
        context = self._context
        if context.interaction.id == given.interaction_id:  # else another person is there by now
            context.interaction.add(Entry(given.intent_id, Outcome.ANSWERED, title, context.desk.now()))
        context.notices.say(context.words.text("Réponse donnée : comptée."), lambda: self.withdraw(given.intent_id))
        self.outbox_changed.emit()
        if QApplication.focusWidget() is hands_at:
            self.counted.emit()

    def _on_withdrawn(self, intent_id: str) -> None:
        """It is no longer counted: it never left, or what undoes it leaves after it."""
        context = self._context
        self._given = None
        context.interaction.remove(intent_id)
        context.notices.say(context.words.text("Retirée."))
        context.wake()
        self.outbox_changed.emit()

    def _on_failed(self, error: GuichetError) -> None:
        self._given = None
        self._say(error)

    def _say(self, error: GuichetError) -> None:
        self._context.notices.say(str(self._context.words.error(error)))
