"""What waits to be sent. States: waiting → sealed → accepted (→ settled) | refused | quarantined.

What is settled leaves the outbox for the table of the settled, where it stays for :data:`KEPT`: should the server come back from
a backup that has lost it, it is sealed and sent again, the same to the last byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, Select, delete, func, insert, literal, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from guichet_sync.domain.intents import Intent, IntentKind, OutboxItem
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt

from . import schema
from .database import reading, truncate_log, writing
from .instants import from_text, to_text
from .post import PostStore

MAX_INTENTS = 50
MAX_BYTES = 1024 * 1024
KEPT = timedelta(days=7)
"""How long a settled intent is kept: a server restored from an older backup than that needs its posts' help no more than its own
archives'.
"""
REFUSALS = {
    IntentOutcome.REFUSED: "server_refused",
    IntentOutcome.CONFLICT: "conflict",
    IntentOutcome.GONE: "gone",
}
"""The outcomes that become a task for the author, each with the reason code that it means by itself."""
_TO_SEND = (SyncState.WAITING, SyncState.SEALED)
_FAILED = (SyncState.REFUSED, SyncState.QUARANTINED)
_TABLE, _SETTLED, _VERDICTS = schema.outbox, schema.settled, schema.verdict
_MOST_BOUND = 500
_COPIED = [each.name for each in _SETTLED.c if each.name != "settled_at"]


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


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An intent that the server has not answered: its place among them, and whether it can still change."""

    intent_id: str
    rank: int
    sealed: bool


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
    next try or was set aside, since order holds; nor after a creation that was refused, since what follows rests on it. A change
    that was refused is decided: nothing rests on it, what follows goes.
    """
    wanted = select(_TABLE).where(_TABLE.c.state.in_((*_TO_SEND, *_FAILED))).order_by(_TABLE.c.position)
    with reading(store.work) as connection:
        return tuple(_batch(connection.execute(wanted).mappings(), to_text(now)))


def _batch(rows: Iterable[RowMapping], now: str) -> Iterator[Intent]:
    held: set[str] = set()
    taken, size = 0, 0
    for row in rows:
        if _holds(row, now):
            held.add(row["lane"])
        elif row["state"] == SyncState.REFUSED:
            continue
        if row["lane"] in held:
            continue
        taken, size = taken + 1, size + len(row["body"])
        if taken > MAX_INTENTS or (size > MAX_BYTES and taken > 1):
            return
        yield _intent(row)


def _holds(row: RowMapping, now: str) -> bool:
    """Whether nothing that follows in its lane may go now."""
    return _stops(row) or bool(row["state"] != SyncState.REFUSED and row["next_try"] > now)


def _stops(row: RowMapping) -> bool:
    """Whether nothing that follows in its lane may go before its author has acted."""
    if row["state"] == SyncState.REFUSED:
        return bool(row["kind"] == IntentKind.CREATE_REQUEST)
    return bool(row["state"] == SyncState.QUARANTINED)


def undelivered(store: PostStore) -> tuple[Undelivered, ...]:
    """What others may carry, oldest first: all that the server has not answered, but what its lane keeps from being sent at all,
    and what the server broke over.
    """
    columns = (_TABLE.c.intent_id, _TABLE.c.position, _TABLE.c.lane, _TABLE.c.kind, _TABLE.c.state, _VERDICTS.c.times)
    joined = _TABLE.outerjoin(_VERDICTS, _VERDICTS.c.intent_id == _TABLE.c.intent_id)
    wanted = select(*columns).select_from(joined).where(_TABLE.c.state.in_((*_TO_SEND, *_FAILED))).order_by(_TABLE.c.position)
    with reading(store.work) as connection:
        return tuple(_carried(connection.execute(wanted).mappings()))


def _carried(rows: Iterable[RowMapping]) -> Iterator[Undelivered]:
    held: set[str] = set()
    for row in rows:
        if row["times"] or _stops(row):
            held.add(row["lane"])
        elif row["state"] in _TO_SEND and row["lane"] not in held:
            yield Undelivered(row["intent_id"], row["position"], row["state"] == SyncState.SEALED)


def intents(store: PostStore, intent_ids: Sequence[str]) -> dict[str, Intent]:
    """Those of these intents that are sealed, by id."""
    found: dict[str, Intent] = {}
    with reading(store.work) as connection:
        for some in _slices(intent_ids):
            mine = select(_TABLE).where(_TABLE.c.intent_id.in_(some), _TABLE.c.state == SyncState.SEALED)
            found |= {row["intent_id"]: _intent(row) for row in connection.execute(mine).mappings()}
    return found


def seal(store: PostStore, intent_ids: Sequence[str]) -> frozenset[str]:
    """From now on these intents never change: their first byte is about to be sent. Which ones: some may just have been
    withdrawn.
    """
    sealed: set[str] = set()
    if not intent_ids:
        return frozenset()
    values = {"state": SyncState.SEALED, "attempts": _TABLE.c.attempts + 1, "last_error": ""}
    with writing(store.work) as connection:
        for some in _slices(intent_ids):
            mine = update(_TABLE).where(_TABLE.c.intent_id.in_(some), _TABLE.c.state.in_(_TO_SEND))
            sealed.update(connection.scalars(mine.values(values).returning(_TABLE.c.intent_id)))
    return frozenset(sealed)


def record(store: PostStore, receipts: Iterable[IntentReceipt]) -> None:
    """Keep the server's answers, durably and whole: what it expected and found is in their values."""
    with writing(store.work) as connection:
        for receipt in receipts:
            connection.execute(delete(_VERDICTS).where(_VERDICTS.c.intent_id == receipt.intent_id))
            connection.execute(
                update(_TABLE)
                .where(_TABLE.c.intent_id == receipt.intent_id, _TABLE.c.state == SyncState.SEALED)
                .values(state=_state(receipt), last_error=reason(receipt), receipt=codec.encode(receipt))
            )


def _state(receipt: IntentReceipt) -> SyncState:
    return SyncState.REFUSED if receipt.outcome in REFUSALS else SyncState.ACCEPTED


def reason(receipt: IntentReceipt) -> str:
    """The reason code of an answer: the server's own word, or else what a refusal without one means."""
    return receipt.code or REFUSALS.get(receipt.outcome, "")


def reopen_accepted(store: PostStore) -> None:
    """The server's history is another one than that in which it accepted these: it may have lost them. What it accepted and what
    was settled since :data:`KEPT` is sealed again, before all that waits, each lane in its order; it is sent the same to the last
    byte, with the official number it was given, and taken in once. To be called once a rewind, before any cursor moves.

    What a mirror is said to contain it may lose with its next comparison: from now on these requests are hidden by what it truly
    holds.
    """
    with reading(store.work) as connection:
        again = [*connection.scalars(select(_SETTLED.c.intent_id)), *connection.scalars(_accepted_ids())]
    _forget_contained(store, again)
    with writing(store.work) as connection:
        connection.execute(update(_TABLE).where(_TABLE.c.state == SyncState.ACCEPTED).values(state=SyncState.SEALED, next_try=""))
        # The order in which they were settled is that of each lane: see `settle`. A clock that was set back would not tell it.
        rows = connection.execute(select(_SETTLED).order_by(literal_column("rowid"))).mappings().all()
        first = (connection.execute(select(func.min(_TABLE.c.position))).scalar() or 1) - len(rows)
        back = [_reopened(row, first + rank) for rank, row in enumerate(rows)]
        if back:
            connection.execute(upsert(_TABLE).on_conflict_do_nothing(), back)
            connection.execute(delete(_SETTLED))


def _accepted_ids() -> Select[tuple[str]]:
    return select(_TABLE.c.intent_id).where(_TABLE.c.state == SyncState.ACCEPTED)


def _reopened(row: RowMapping, position: int) -> dict[str, object]:
    return {name: row[name] for name in _COPIED} | {"position": position, "state": SyncState.SEALED, "next_try": ""}


def _forget_contained(store: PostStore, intent_ids: Sequence[str]) -> None:
    table = schema.contained
    with writing(store.people) as connection:
        for some in _slices(intent_ids):
            connection.execute(delete(table).where(table.c.intent_id.in_(some)))


def forget_settled(store: PostStore, lanes: Collection[str]) -> None:
    """The law wants these requests forgotten: what the server has taken in of them leaves ``work.db`` without a trace, also what
    is about to be sent again. What it never answered is its author's work and stays.
    """
    with writing(store.work) as connection:
        for some in _slices(list(lanes)):
            connection.execute(delete(_SETTLED).where(_SETTLED.c.lane.in_(some)))
            answered = _TABLE.c.receipt.is_not(None) & _TABLE.c.state.in_((SyncState.ACCEPTED, SyncState.SEALED))
            connection.execute(delete(_TABLE).where(_TABLE.c.lane.in_(some), answered))
    truncate_log(store.work)


def _slices(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many as one statement takes."""
    return (ids[start : start + _MOST_BOUND] for start in range(0, len(ids), _MOST_BOUND))


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


def blame(store: PostStore, intent_id: str) -> int:
    """The server broke over this intent and took others: how many times it has now done so, until it answers."""
    counted = upsert(_VERDICTS).values(intent_id=intent_id, times=1)
    counted = counted.on_conflict_do_update(index_elements=[_VERDICTS.c.intent_id], set_={"times": _VERDICTS.c.times + 1})
    with writing(store.work) as connection:
        return int(connection.execute(counted.returning(_VERDICTS.c.times)).scalar_one())


def blamed(store: PostStore, intent_id: str) -> int:
    """How many times the server broke over this intent alone."""
    with reading(store.work) as connection:
        return connection.execute(select(_VERDICTS.c.times).where(_VERDICTS.c.intent_id == intent_id)).scalar() or 0


def hurry(store: PostStore, intent_id: str) -> bool:
    """Send an intent at the next exchange, the same to the last byte: one set aside, or one that waits for its next try. False
    where it is neither: it is decided, or was never sent.
    """
    set_aside = _TABLE.c.state == SyncState.QUARANTINED
    waits = (_TABLE.c.state == SyncState.SEALED) & (_TABLE.c.next_try != "")
    with writing(store.work) as connection:
        hurried = update(_TABLE).where(_TABLE.c.intent_id == intent_id, set_aside | waits)
        return connection.execute(hurried.values(state=SyncState.SEALED, next_try="")).rowcount > 0


def settle(store: PostStore, now: datetime | None = None) -> tuple[Settled, ...]:
    """Let go of accepted intents that the mirror now contains, or that have no effect to wait for, each lane in its order: they
    are kept as settled until :data:`KEPT` is over by this machine's clock (``now``). Repeatable at will.
    """
    at = now or datetime.now(UTC)
    with reading(store.work) as connection:
        columns = (_TABLE.c.intent_id, _TABLE.c.lane, _TABLE.c.number, _TABLE.c.receipt)
        rows = connection.execute(select(*columns).where(_TABLE.c.state == SyncState.ACCEPTED).order_by(_TABLE.c.position)).all()
        ended = connection.execute(
            select(_SETTLED.c.intent_id).where(_SETTLED.c.settled_at < to_text(at - KEPT)).limit(1)
        ).first()
    receipts = {row.intent_id: codec.decode(row.receipt, IntentReceipt) for row in rows}
    with reading(store.people) as connection:
        done = tuple(_shown(rows, receipts, contained(connection, receipts), read_up_to(connection)))
    if done or ended:
        _move_to_settled(store, [each.intent_id for each in done], at)
    return done


def _shown(
    rows: Sequence[Row[*tuple[Any, ...]]], receipts: dict[str, IntentReceipt], shown: set[str], read: dict[str, int]
) -> Iterator[Settled]:
    held: set[str] = set()
    for row in rows:
        receipt = receipts[row.intent_id]
        is_read = all(read.get(space, 0) >= seq for space, seq in receipt.effect.items())
        if row.lane not in held and (is_read or row.intent_id in shown):
            yield Settled(row.intent_id, row.number, receipt.number)
        else:
            held.add(row.lane)


def _move_to_settled(store: PostStore, intent_ids: Sequence[str], at: datetime) -> None:
    kept = [literal(to_text(at)) if each.name == "settled_at" else _TABLE.c[each.name] for each in _SETTLED.c]
    names = [each.name for each in _SETTLED.c]
    with writing(store.work) as connection:
        for some in _slices(intent_ids):
            mine = _TABLE.c.intent_id.in_(some)
            moved = select(*kept).where(mine).order_by(_TABLE.c.position)
            connection.execute(insert(_SETTLED).prefix_with("OR REPLACE").from_select(names, moved))
            connection.execute(delete(_TABLE).where(mine))
        connection.execute(delete(_SETTLED).where(_SETTLED.c.settled_at < to_text(at - KEPT)))


def contained(connection: Connection, intent_ids: Collection[str]) -> set[str]:
    """Which of these intents the mirror of ``people.db``, whose connection this is, has seen come down."""
    table = schema.contained
    slices = _slices(list(intent_ids))
    return {each for some in slices for each in connection.scalars(select(table.c.intent_id).where(table.c.intent_id.in_(some)))}


def read_up_to(connection: Connection) -> dict[str, int]:
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
        official_number=_receipt(row).number,
    )


def _item(row: RowMapping, author: str) -> OutboxItem:
    receipt = _receipt(row)
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
        official_number=receipt.number,
        values=receipt.values,
        effect=receipt.effect if row["state"] == SyncState.ACCEPTED else {},  # of what goes again, it was another history's
    )


def _receipt(row: RowMapping) -> IntentReceipt:
    """The server's last answer; an empty one where there was none."""
    if not row["receipt"]:
        return IntentReceipt(row["intent_id"], IntentOutcome.RETRY)
    return codec.decode(row["receipt"], IntentReceipt)
