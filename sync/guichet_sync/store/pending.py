"""What this person did and the mirror may not show yet: captured requests, and changes to those that are known.

Read from ``work.db`` first and compared with the mirror afterwards, in that mirror's own transaction: what settles in between is
found in the mirror, and nothing is shown twice or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from guichet_sync.domain.errors import NotEnrolled
from guichet_sync.domain.intents import CreateRequest, Intent, IntentKind, OutboxItem
from guichet_sync.domain.request import Request, RequestStatus, RequestView, SyncState, TimelineEntry
from guichet_sync.protocol import codec

from . import account, outbox, schema, settled
from .database import reading
from .overlay import Change, laid_over, undone_by
from .post import PostStore

_FAILED = (SyncState.REFUSED, SyncState.QUARANTINED)
_ELSEWHERE = (IntentKind.CREATE_REQUEST, IntentKind.RECORD_ANSWER)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change as the outbox has it."""

    change: Change
    item: OutboxItem


@dataclass(frozen=True, slots=True)
class Pending:
    """Captured requests by intent, and changes that nothing was said against, both oldest first; ``epoch`` is the server's
    history in which their effects count.
    """

    captures: dict[str, RequestView]
    changes: tuple[Waiting, ...]
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Unshown:
    """What a mirror, as one transaction sees it, does not show: captured requests with what follows them, oldest first, and the
    changes to mirrored ones by request.
    """

    captures: tuple[RequestView, ...]
    changes: dict[str, list[Waiting]]

    def over(self, mirrored: Request) -> Request:
        """A request of the mirror with what its author did since."""
        return _over(mirrored, self.changes)

    def state(self, request_id: str) -> SyncState:
        """Where a request of the mirror stands: up to date, or as far as the first of its pending changes is."""
        return self.changes[request_id][0].item.state if request_id in self.changes else SyncState.SETTLED


def read(store: PostStore) -> Pending:
    """All that the outbox has."""
    unsettled = outbox.unsettled(store)
    captures = {each.intent_id: _captured(each, item) for each, item in unsettled if each.kind == IntentKind.CREATE_REQUEST}
    changes = [(each, item) for each, item in unsettled if each.kind not in _ELSEWHERE and item.state not in _FAILED]
    if not changes:
        return Pending(captures, ())
    with reading(store.work) as connection:
        epoch = account.epoch(connection)
    return Pending(captures, tuple(_told(store, unsettled, changes)), epoch)


def unshown(connection: Connection, pending: Pending) -> Unshown:
    """What the mirror of ``people.db``, whose transaction this is, does not show: neither came the intents down, nor has it read
    as far as they stand, nor does it have the captured requests themselves.
    """
    if not pending.captures and not pending.changes:
        return Unshown((), {})
    changes: dict[str, list[Waiting]] = {}
    for each in _not_yet_down(connection, pending):
        changes.setdefault(each.change.intent.lane, []).append(each)
    captures = tuple(_with_changes(view, changes) for view in _not_mirrored(connection, pending.captures))
    for view in captures:
        changes.pop(view.request.id, None)
    return Unshown(captures, changes)


def _told(
    store: PostStore, unsettled: Iterable[tuple[Intent, OutboxItem]], changes: Iterable[tuple[Intent, OutboxItem]]
) -> Iterable[Waiting]:
    by, known = _author(store), {intent.intent_id: intent for intent, _ in unsettled}
    wanted = {intent.intent_id: undone_by(intent) for intent, _ in changes}
    known |= _settled(store, [each for each in wanted.values() if each and each not in known])
    for intent, item in changes:
        undone, sealed = known.get(wanted[intent.intent_id]), item.state is SyncState.SEALED
        yield Waiting(Change(intent, by, undone, may_be_in=sealed), item)


def _author(store: PostStore) -> str:
    try:
        return account.read(store).person.display
    except NotEnrolled:
        return ""


def _settled(store: PostStore, intent_ids: list[str]) -> dict[str, Intent]:
    """Intents that the server has since some days at most: an undo may be about one."""
    if not intent_ids:
        return {}
    table = schema.settled
    with reading(store.work) as connection:
        rows = connection.execute(select(table).where(table.c.intent_id.in_(intent_ids))).mappings()
        return {row["intent_id"]: outbox.intent_and_item(row)[0] for row in rows}


def _not_yet_down(connection: Connection, pending: Pending) -> Iterable[Waiting]:
    seen = settled.contained(connection, [each.change.intent.intent_id for each in pending.changes])
    read = settled.read_up_to(connection, pending.epoch)
    for each in pending.changes:
        if each.change.intent.intent_id not in seen and not _is_reached(each.item, read):
            yield each


def _is_reached(item: OutboxItem, read: dict[str, int]) -> bool:
    """Whether the mirror has all that came of an accepted intent: a snapshot does not name those it contains."""
    return item.state is SyncState.ACCEPTED and all(read.get(space, 0) >= seq for space, seq in item.effect.items())


def _not_mirrored(connection: Connection, captures: dict[str, RequestView]) -> list[RequestView]:
    here = select(schema.request.c.id).where(schema.request.c.id.in_([view.request.id for view in captures.values()]))
    shown = set(connection.execute(here).scalars())
    seen = settled.contained(connection, captures)
    return [view for intent_id, view in captures.items() if intent_id not in seen and view.request.id not in shown]


def _with_changes(view: RequestView, changes: dict[str, list[Waiting]]) -> RequestView:
    return RequestView(_over(view.request, changes), view.requester, view.sync_state, view.refusal)


def _over(request: Request, changes: dict[str, list[Waiting]]) -> Request:
    return laid_over(request, [each.change for each in changes.get(request.id, ())])


def _captured(intent: Intent, item: OutboxItem) -> RequestView:
    body = codec.decode(intent.body, CreateRequest)
    captured = Request(
        id=body.request_id,
        category=body.category,
        service=body.service,
        status=RequestStatus.WAITING,
        captured_at=intent.captured_at,
        nature=body.nature,
        channel=body.channel,
        number=item.official_number,
        provisional_number=body.provisional_number,
        unit=body.unit,
        where=body.where,
        answers=body.answers,
        description=body.description,
        urgent=body.urgent,
        promised_on=body.promised_on,
        requester_count=int(body.requester is not None),
        timeline=(TimelineEntry(intent.captured_at, "captured"),),
    )
    return RequestView(captured, body.requester, item.state, item.last_error)
