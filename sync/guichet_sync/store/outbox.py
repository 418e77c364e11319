"""What waits to be sent. States: waiting → sealed → accepted (→ settled, gone) | refused | quarantined."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from guichet_sync.domain.intents import Intent, OutboxItem
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt

from . import schema
from .database import reading, writing
from .instants import from_text, to_text
from .post import PostStore

MAX_INTENTS = 50
MAX_BYTES = 1024 * 1024
_TO_SEND = (SyncState.WAITING, SyncState.SEALED)
_FAILED = (SyncState.REFUSED, SyncState.QUARANTINED)
_TABLE = schema.outbox


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How many items wait (sent or not), were refused, were set aside."""

    pending: int
    refused: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Settled:
    """An intent whose effect the mirror now shows."""

    intent_id: str
    provisional_number: str
    number: str


def items(store: PostStore, author: str = "") -> tuple[OutboxItem, ...]:
    """All items, oldest first. ``author`` is the name to show: one outbox has one author."""
    with reading(store.work) as connection:
        rows = connection.execute(select(_TABLE).order_by(_TABLE.c.position)).mappings().all()
    return tuple(_item(row, author) for row in rows)


def counts(store: PostStore) -> OutboxCounts:
    """How many items are in each state that a person cares about."""
    with reading(store.work) as connection:
        rows = connection.execute(select(_TABLE.c.state, func.count().label("waiting")).group_by(_TABLE.c.state))
        found = {row.state: row.waiting for row in rows}
    pending = sum(found.get(state, 0) for state in (*_TO_SEND, SyncState.ACCEPTED))
    return OutboxCounts(pending, found.get(SyncState.REFUSED, 0), found.get(SyncState.QUARANTINED, 0))


def to_send(store: PostStore, now: datetime) -> tuple[Intent, ...]:
    """The next batch: at most 50 intents and 1 MiB, oldest first. A lane sends nothing while an older intent of it waits for its
    next try, or has failed: what follows rests on it.
    """
    wanted = select(_TABLE).where(_TABLE.c.state.in_((*_TO_SEND, *_FAILED))).order_by(_TABLE.c.position)
    with reading(store.work) as connection:
        return tuple(_batch(connection.execute(wanted).mappings(), to_text(now)))


def _batch(rows: Iterable[RowMapping], now: str) -> Iterator[Intent]:
    held: set[str] = set()
    taken, size = 0, 0
    for row in rows:
        if row["state"] in _FAILED or row["next_try"] > now:
            held.add(row["lane"])
        if row["lane"] in held:
            continue
        taken, size = taken + 1, size + len(row["body"])
        if taken > MAX_INTENTS or (size > MAX_BYTES and taken > 1):
            return
        yield _intent(row)


def seal(store: PostStore, intent_ids: Sequence[str]) -> frozenset[str]:
    """From now on these intents never change: their first byte is about to be sent. Which ones: some may just have been
    withdrawn.
    """
    with writing(store.work) as connection:
        sealed = connection.execute(
            update(_TABLE)
            .where(_TABLE.c.intent_id.in_(intent_ids), _TABLE.c.state.in_(_TO_SEND))
            .values(state=SyncState.SEALED, attempts=_TABLE.c.attempts + 1, last_error="")
            .returning(_TABLE.c.intent_id)
        )
        return frozenset(sealed.scalars())


def record(store: PostStore, receipts: Iterable[IntentReceipt]) -> None:
    """Keep the server's answers, durably."""
    with writing(store.work) as connection:
        for receipt in receipts:
            connection.execute(
                update(_TABLE)
                .where(_TABLE.c.intent_id == receipt.intent_id, _TABLE.c.state == SyncState.SEALED)
                .values(state=_state(receipt), last_error=receipt.code, receipt=codec.encode(receipt))
            )


def _state(receipt: IntentReceipt) -> SyncState:
    if receipt.outcome in (IntentOutcome.REFUSED, IntentOutcome.CONFLICT, IntentOutcome.GONE):
        return SyncState.REFUSED
    return SyncState.ACCEPTED


def reopen_accepted(store: PostStore) -> None:
    """The server's history is another one than that in which it accepted these: it may have lost them. They are sent again, the
    same, and taken in once.
    """
    with writing(store.work) as connection:
        connection.execute(update(_TABLE).where(_TABLE.c.state == SyncState.ACCEPTED).values(state=SyncState.SEALED, next_try=""))


def postpone(store: PostStore, intent_ids: Sequence[str], code: str, next_try: datetime) -> None:
    """These intents could not be taken now; their lanes wait until ``next_try``."""
    with writing(store.work) as connection:
        connection.execute(
            update(_TABLE)
            .where(_TABLE.c.intent_id.in_(intent_ids), _TABLE.c.state == SyncState.SEALED)
            .values(last_error=code, next_try=to_text(next_try))
        )


def quarantine(store: PostStore, intent_id: str, code: str) -> None:
    """Set an intent aside that the server can't even read, so that the others pass."""
    with writing(store.work) as connection:
        connection.execute(
            update(_TABLE)
            .where(_TABLE.c.intent_id == intent_id, _TABLE.c.state == SyncState.SEALED)
            .values(state=SyncState.QUARANTINED, last_error=code)
        )


def hurry(store: PostStore, intent_id: str) -> bool:
    """Send an intent at the next exchange, the same to the last byte: one set aside, or one that waits for its next try. False
    where it is neither: it is decided, or was never sent.
    """
    set_aside = _TABLE.c.state == SyncState.QUARANTINED
    waits = (_TABLE.c.state == SyncState.SEALED) & (_TABLE.c.next_try != "")
    with writing(store.work) as connection:
        hurried = update(_TABLE).where(_TABLE.c.intent_id == intent_id, set_aside | waits)
        return connection.execute(hurried.values(state=SyncState.SEALED, next_try="")).rowcount > 0


def settle(store: PostStore) -> tuple[Settled, ...]:
    """Let go of accepted intents that the mirror now contains, or that have no effect to wait for. Repeatable at will."""
    with reading(store.work) as connection:
        rows = connection.execute(
            select(_TABLE.c.intent_id, _TABLE.c.number, _TABLE.c.receipt).where(_TABLE.c.state == SyncState.ACCEPTED)
        ).all()
    receipts = {row.intent_id: codec.decode(row.receipt, IntentReceipt) for row in rows}
    with reading(store.people) as connection:
        shown = contained(connection, receipts)
        read = _read_up_to(connection)
    done = {
        row.intent_id: row.number
        for row in rows
        if row.intent_id in shown or all(read.get(space, 0) >= seq for space, seq in receipts[row.intent_id].effect.items())
    }
    if done:
        with writing(store.work) as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.intent_id.in_(list(done))))
    return tuple(Settled(intent_id, number, receipts[intent_id].number) for intent_id, number in done.items())


def contained(connection: Connection, intent_ids: Collection[str]) -> set[str]:
    """Which of these intents the mirror of ``people.db``, whose connection this is, has seen come down."""
    table = schema.contained
    return set(connection.execute(select(table.c.intent_id).where(table.c.intent_id.in_(list(intent_ids)))).scalars())


def _read_up_to(connection: Connection) -> dict[str, int]:
    """How far each space is read: a snapshot has the effects of intents without naming them."""
    table = schema.cursor_of(schema.people)
    return {row.space: row.seq for row in connection.execute(select(table.c.space, table.c.seq))}


def unsettled(store: PostStore, author: str = "") -> tuple[tuple[Intent, OutboxItem], ...]:
    """All intents, oldest first, as the projection lays them over the mirror; ``author`` as for :func:`items`."""
    with reading(store.work) as connection:
        rows = connection.execute(select(_TABLE).order_by(_TABLE.c.position)).mappings().all()
    return tuple(intent_and_item(row, author) for row in rows)


def intent_and_item(row: RowMapping, author: str = "") -> tuple[Intent, OutboxItem]:
    """A row of the outbox: what is sent, and what a person sees of it."""
    return _intent(row), _item(row, author)


def _intent(row: RowMapping) -> Intent:
    return Intent(
        intent_id=row["intent_id"],
        enrolment=row["enrolment"],
        kind=row["kind"],
        lane=row["lane"],
        body=row["body"],
        body_sha256=row["body_sha256"],
        captured_at=from_text(row["captured_at"]),
        monotonic_ms=row["monotonic_ms"],
        boot_id=row["boot_id"],
        base_revision=row["base_revision"],
    )


def _item(row: RowMapping, author: str) -> OutboxItem:
    return OutboxItem(
        intent_id=row["intent_id"],
        kind=row["kind"],
        number=row["number"],
        author=author,
        state=SyncState(row["state"]),
        attempts=row["attempts"],
        captured_at=from_text(row["captured_at"]),
        last_error=row["last_error"],
        label=row["label"],
        official_number=codec.decode(row["receipt"], IntentReceipt).number if row["receipt"] else "",
    )
