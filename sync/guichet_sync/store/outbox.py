"""What waits to be sent. States: waiting → sealed → accepted (→ settled, see :mod:`.settled`) | refused | quarantined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from guichet_sync.domain.intents import Intent, IntentKind, OutboxItem
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt

from . import schema
from .database import reading, writing
from .instants import from_text, to_text
from .post import PostStore

MAX_INTENTS = 50
MAX_BYTES = 1024 * 1024
REFUSALS = {
    IntentOutcome.REFUSED: "server_refused",
    IntentOutcome.CONFLICT: "conflict",
    IntentOutcome.GONE: "gone",
}
"""The outcomes that become a task for the author, each with the reason code that it means by itself."""
_TO_SEND = (SyncState.WAITING, SyncState.SEALED)
_FAILED = (SyncState.REFUSED, SyncState.QUARANTINED)
_TABLE, _VERDICTS = schema.outbox, schema.verdict
_MOST_BOUND = 500


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How many items wait (sent or not), were refused, were set aside."""

    pending: int
    refused: int
    quarantined: int


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
        for some in slices(intent_ids):
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
        for some in slices(intent_ids):
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


def slices(ids: Sequence[str]) -> Iterator[Sequence[str]]:
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
