"""What the server has taken in and the mirror shows leaves the outbox for a table of its own, where it stays for :data:`KEPT`:
should the server come back from a backup that has lost it, it is sealed and sent again, the same to the last byte.

How far a mirror is counts in the server's history of today alone: after a restore the same numbers mean something else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, Select, delete, func, insert, literal, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentReceipt

from . import account, schema
from .database import reading, truncate_log, writing
from .instants import to_text
from .outbox import slices
from .post import PostStore

KEPT = timedelta(days=7)
"""How long a settled intent is kept: a server restored from an older backup than that needs its posts' help no more than its own
archives'.
"""
_TABLE, _SETTLED = schema.outbox, schema.settled
_COPIED = [each.name for each in _SETTLED.c if each.name != "settled_at"]


@dataclass(frozen=True, slots=True)
class Settled:
    """An intent whose effect the mirror now shows."""

    intent_id: str
    provisional_number: str
    number: str


def hear_of(store: PostStore, epoch: str) -> None:
    """The server told of its history. Where it is another one than it told of before, it may have lost what it accepted in that
    one: this is given again (see :func:`reopen_accepted`), and what was read of the earlier one counts no more.
    """
    with reading(store.work) as connection:
        known = account.epoch(connection)
    if epoch != known:
        reopen_accepted(store)
        account.change(store, epoch=epoch)


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
        for some in slices(intent_ids):
            connection.execute(delete(table).where(table.c.intent_id.in_(some)))


def forget_settled(store: PostStore, lanes: Collection[str]) -> None:
    """The law wants these requests forgotten: what the server has taken in of them leaves ``work.db`` without a trace, also what
    is about to be sent again. What it never answered is its author's work and stays.
    """
    with writing(store.work) as connection:
        for some in slices(list(lanes)):
            connection.execute(delete(_SETTLED).where(_SETTLED.c.lane.in_(some)))
            answered = _TABLE.c.receipt.is_not(None) & _TABLE.c.state.in_((SyncState.ACCEPTED, SyncState.SEALED))
            connection.execute(delete(_TABLE).where(_TABLE.c.lane.in_(some), answered))
    truncate_log(store.work)


def settle(store: PostStore, now: datetime | None = None) -> tuple[Settled, ...]:
    """Let go of accepted intents that the mirror now contains, or that have no effect to wait for, each lane in its order: they
    are kept as settled until :data:`KEPT` is over by this machine's clock (``now``). Repeatable at will.
    """
    at = now or datetime.now(UTC)
    with reading(store.work) as connection:
        epoch = account.epoch(connection)
        columns = (_TABLE.c.intent_id, _TABLE.c.lane, _TABLE.c.number, _TABLE.c.receipt)
        rows = connection.execute(select(*columns).where(_TABLE.c.state == SyncState.ACCEPTED).order_by(_TABLE.c.position)).all()
        ended = connection.execute(
            select(_SETTLED.c.intent_id).where(_SETTLED.c.settled_at < to_text(at - KEPT)).limit(1)
        ).first()
    if not rows and not ended:
        return ()
    receipts = {row.intent_id: codec.decode(row.receipt, IntentReceipt) for row in rows}
    with reading(store.people) as connection:
        done = tuple(_shown(rows, receipts, contained(connection, receipts), read_up_to(connection, epoch)))
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
        for some in slices(intent_ids):
            mine = _TABLE.c.intent_id.in_(some)
            moved = select(*kept).where(mine).order_by(_TABLE.c.position)
            connection.execute(insert(_SETTLED).prefix_with("OR REPLACE").from_select(names, moved))
            connection.execute(delete(_TABLE).where(mine))
        connection.execute(delete(_SETTLED).where(_SETTLED.c.settled_at < to_text(at - KEPT)))


def contained(connection: Connection, intent_ids: Collection[str]) -> set[str]:
    """Which of these intents the mirror of ``people.db``, whose connection this is, has seen come down."""
    table = schema.contained
    parts = slices(list(intent_ids))
    return {each for some in parts for each in connection.scalars(select(table.c.intent_id).where(table.c.intent_id.in_(some)))}


def read_up_to(connection: Connection, epoch: str) -> dict[str, int]:
    """How far each space is read in the server's history ``epoch``: a snapshot has the effects of intents without naming them."""
    table = schema.cursor_of(schema.people)
    return dict(connection.execute(select(table.c.space, table.c.seq).where(table.c.epoch == epoch)).all())
