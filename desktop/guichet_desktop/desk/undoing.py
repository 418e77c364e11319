"""Undo: what no byte was sent of is withdrawn; what left already gets an intent that undoes it, on the same lane.

Nothing is undone that something else was built upon: neither here, where this post knows of it, nor at the server, which says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guichet_sync.domain.errors import NotAllowed, NotFound
from guichet_sync.domain.intents import EditRequest, Intent, IntentKind, OutboxItem, UndoIntent
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.store.overlay import undone_by
from guichet_sync.store.work_unit import WorkUnit, work_unit

from .capture import intent_of, may_capture
from .desk import Desk

_FAILED = (SyncState.REFUSED, SyncState.QUARANTINED)
FINAL = (IntentKind.UNDO, IntentKind.DECIDE_PROPOSAL)
"""What is undone by doing something else once it left, never by undo."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone: the intent taken out of the outbox, as it was, or ``undo_id``, the id of the intent that undoes it."""

    intent: Intent
    item: OutboxItem
    undo_id: str = ""

    @property
    def withdrawn(self) -> bool:
        """Whether nothing of it ever left."""
        return not self.undo_id


def undo(desk: Desk, intent_id: str) -> Undone:
    """Undo what this person did, in one transaction.

    :raises NotFound: ``too_late_to_undo``: this post no longer knows of it.
    :raises NotAllowed: ``already_undone``; ``built_upon``: something that was done since rests on it; ``nothing_to_undo``: the
        server did not take it, or it is no work that is undone. This role serves nobody (any more).
    """
    may_capture(desk)
    with work_unit(desk.store) as work:
        intent, item = _undoable(work, intent_id)
        if work.withdraw(intent_id):
            return Undone(intent, item)
        undoing = intent_of(desk, IntentKind.UNDO, intent.lane, desk.new_id(), UndoIntent(intent_id), desk.now())
        work.enqueue(undoing, number=item.official_number or item.number, label=item.label)
    return Undone(intent, item, undoing.intent_id)


def must_stand_alone(work: WorkUnit, intent: Intent) -> None:
    """:raises NotAllowed: ``built_upon``: something of its lane that was done since rests on it."""
    after = _after(work.lane(intent.lane), intent.intent_id)
    undone = {undone_by(each) for each in after}
    if any(_rests_on(each, intent) for each in after if each.intent_id not in undone):
        raise NotAllowed("built_upon")


def _undoable(work: WorkUnit, intent_id: str) -> tuple[Intent, OutboxItem]:
    known = work.known(intent_id)
    if known is None:
        raise NotFound("too_late_to_undo")
    intent, item = known
    if item.state in _FAILED or (intent.kind in FINAL and item.state is not SyncState.WAITING):
        raise NotAllowed("nothing_to_undo")
    if any(undone_by(each) == intent_id for each in _after(work.lane(intent.lane), intent_id)):
        raise NotAllowed("already_undone")
    must_stand_alone(work, intent)
    return intent, item


def _after(lane: Iterable[tuple[Intent, OutboxItem]], intent_id: str) -> Sequence[Intent]:
    """What was done after an intent, and not refused."""
    standing = [intent for intent, item in lane if item.state not in _FAILED or intent.intent_id == intent_id]
    place = next(place for place, intent in enumerate(standing) if intent.intent_id == intent_id)
    return standing[place + 1 :]


def _rests_on(later: Intent, earlier: Intent) -> bool:
    if later.kind == IntentKind.UNDO:
        return False
    if earlier.kind == IntentKind.CREATE_REQUEST:
        return True
    if later.kind != earlier.kind:
        return False
    if earlier.kind == IntentKind.EDIT_REQUEST:
        return not _edited(later).isdisjoint(_edited(earlier))
    return earlier.kind in (IntentKind.TRANSFER_REQUEST, IntentKind.CHANGE_STATUS)


def _edited(intent: Intent) -> set[str]:
    return set(codec.decode(intent.body, EditRequest).fields)
