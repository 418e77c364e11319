"""What the exchange tells, shown calmly: the chip, a first copy's progress, the copy's age, a word when a number is official."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from guichet_sync.client.events import Changes, Event, Link, Progress, Refused, Settled, State
from guichet_sync.domain.spaces import KNOWLEDGE, PLACES, TAXONOMY
from guichet_sync.wording import N_

from ..desk import shift
from ..widgets.sync_chip import SyncChip
from .context import Context
from .notices import Undo
from .status_bar import StatusBar

_LINKS = {
    Link.ONLINE: (N_("En ligne"), "ok"),
    Link.WORKING: (N_("Connexion…"), "info"),
    Link.OFFLINE: (N_("Hors ligne"), "warn"),
    Link.SIGNED_OUT: (N_("Session à rouvrir"), "bad"),
    Link.STOPPED: (N_("Suspendue"), "mute"),
}
_QUIET_TONE = "mute"
"""Of a post that lost the server a moment ago: most find it again before anybody needs to know."""
_TELLING = (Link.SIGNED_OUT, Link.STOPPED)
_SPACES = {KNOWLEDGE: N_("fiches"), TAXONOMY: N_("catégories"), PLACES: N_("adresses")}


class SyncReport(QObject):
    """Hears the events and says which lists are to be read again. ``undo_of`` gives what undoes an intent that the server has."""

    taxonomy_changed = Signal()
    fiches_changed = Signal()
    outbox_changed = Signal()

    def __init__(
        self, context: Context, chip: SyncChip, status: StatusBar, undo_of: Callable[[str], Undo | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._undo_of = undo_of
        self._context = context
        self._chip = chip
        self._status = status
        self._link = Link.WORKING
        self._counts = (0, 0, 0)
        self._state = State(Link.WORKING)
        self._overdue = QTimer(self)
        self._overdue.setSingleShot(True)
        self._overdue.timeout.connect(self._show_link)

    def hear(self, event: Event) -> None:
        """Show what an event tells."""
        if isinstance(event, State):
            self._show_state(event)
        elif isinstance(event, Progress):
            self._show_progress(event)
        elif isinstance(event, Changes):
            self._on_changes(event)
        elif isinstance(event, Settled):
            self._on_settled(event)
        elif isinstance(event, Refused):
            self.outbox_changed.emit()

    def _show_state(self, state: State) -> None:
        counts = (state.pending, state.refused, state.quarantined)
        if state.link is not Link.WORKING:
            self._link = state.link
            self._status.say_progress("", 0, 0)
            self._status.offer_resume(offered=state.link is Link.STOPPED and not state.code)
        # An exchange that has just begun does not say why the last one failed.
        self._state = replace(state, code=self._state.code) if state.link is Link.WORKING else state
        self._show_link()
        if counts != self._counts:
            self._counts = counts
            self.outbox_changed.emit()

    def _show_link(self) -> None:
        """Show how the post stands: that it is offline is said calmly at once, and since when once that has lasted."""
        state, words = self._state, self._context.words
        name, tone = _LINKS[self._link]
        quiet_for = shift.quiet_for(self._context.desk, state.last_exchange_at) if self._link is Link.OFFLINE else timedelta(0)
        self._overdue.stop()
        if quiet_for > timedelta(0):
            tone = _QUIET_TONE
            self._overdue.start(int(1000 * quiet_for.total_seconds()) + 1)
        since = self._since(state.last_exchange_at) if self._link is Link.OFFLINE and tone != _QUIET_TONE else ""
        self._chip.say(words.text(name), tone, " · ".join(filter(None, (since, self._waiting(state)))))
        self._status.say(self._note(state) if tone != _QUIET_TONE else "")

    def _since(self, last: datetime | None) -> str:
        if last is None:
            return ""
        words, local = self._context.words, self._context.desk.local(last)
        if local.date() == self._context.desk.today():
            return words.text("depuis {time}", time=words.time(local))
        return words.text("depuis le {day}, {time}", day=words.short_day(local.date()), time=words.time(local))

    def _waiting(self, state: State) -> str:
        words, refused = self._context.words, state.refused + state.quarantined
        counts = (
            words.plural("{n} à envoyer", "{n} à envoyer", state.pending) if state.pending else "",
            words.plural("{n} refusé", "{n} refusés", refused) if refused else "",
        )
        return " · ".join(filter(None, counts))

    def _note(self, state: State) -> str:
        """Why nothing is exchanged, or since when: said only when it matters."""
        if state.code and self._link in _TELLING:
            return str(self._context.words.reason(state.code))
        return self._age(state.last_exchange_at) if self._link is Link.OFFLINE else ""

    def _age(self, last: datetime | None) -> str:
        if last is None:
            return ""
        words, desk = self._context.words, self._context.desk
        local = desk.local(last)
        told = words.time(local)
        if local.date() != desk.today():
            told = words.text("{day}, {time}", day=words.short_day(local.date()), time=told)
        return words.text("Dernière mise à jour : {time}", time=told)

    def _show_progress(self, event: Progress) -> None:
        words = self._context.words
        what = words.text(_SPACES[event.space]) if event.space in _SPACES else words.text("requêtes")
        sentence = words.text(
            "Première copie, {what} : {done} sur {total}",
            what=what,
            done=words.number(event.done),
            total=words.number(event.total),
        )
        self._status.say_progress(sentence, event.done, event.total)

    def _on_changes(self, event: Changes) -> None:
        if event.space == TAXONOMY:
            self.taxonomy_changed.emit()
        elif event.space == KNOWLEDGE:
            self.fiches_changed.emit()

    def _on_settled(self, event: Settled) -> None:
        if event.number:
            sentence = self._context.words.text(
                "{provisional} est maintenant la requête {number}.",
                provisional=event.provisional_number,
                number=event.number,
            )
            self._context.notices.say(sentence, self._undo_of(event.intent_id))
        self.outbox_changed.emit()
