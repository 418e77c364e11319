"""Entries of a feed, a snapshot or a bucket become rows, and what is held of them. All within the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.sqlite import insert

from guichet_sync.domain.errors import BadReply
from guichet_sync.domain.spaces import is_public
from guichet_sync.protocol.messages import FeedEntry, Operation
from guichet_sync.protocol.records import KINDS, belongs

from . import held, mirror_rows, schema
from .received import received


def take_in(connection: Connection, space: str, entries: Sequence[FeedEntry]) -> None:
    """Put and remove records, in order.

    :raises BadReply: a record is out of its place, or not of its kind's shape.
    """
    for kind, operation, run in _runs(entries):
        if kind in KINDS and not belongs(kind, space):
            raise BadReply("record_out_of_place", space=space, kind=kind)
        if operation is Operation.PUT:
            put(connection, space, kind, run)
        else:
            remove(connection, space, kind, [entry.id for entry in run], operation)
    intents = [{"intent_id": entry.intent} for entry in entries if entry.intent]
    if intents and not is_public(space):
        connection.execute(insert(schema.contained).on_conflict_do_nothing(), intents)


def put(connection: Connection, space: str, kind: str, entries: Iterable[FeedEntry]) -> None:
    """Insert or replace records of one kind.

    :raises BadReply: one has not the shape of its kind.
    """
    records = received(entries)
    mirror_rows.put(connection, space, kind, records)
    held.keep(connection, space, kind, records)


def remove(connection: Connection, space: str, kind: str, ids: Sequence[str], operation: Operation = Operation.EVICT) -> None:
    """Remove records. Those that only left this space are shown as another has them, if one does; of those that are deleted or
    erased nothing stays anywhere.
    """
    held.let_go(connection, space, kind, ids)
    shown = mirror_rows.remove(connection, space, kind, ids, scrub=operation is Operation.ERASE)
    if operation is not Operation.EVICT:
        held.forget_aside(connection, space, kind, ids)
    elif shown:
        _show_others(connection, space, kind, shown)


def evict_space(connection: Connection, space: str) -> None:
    """Remove all of a space: its rows, what is held, how far it was read and what of it is arriving."""
    held.let_go_of_space(connection, space)
    for name in ("cursor", "arriving"):
        table = schema.mirror_of(space).tables[name]
        connection.execute(delete(table).where(table.c.space == space))
    for kind, shown in mirror_rows.evict_space(connection, space).items():
        _show_others(connection, space, kind, shown)


def _show_others(connection: Connection, left: str, kind: str, ids: Iterable[str]) -> None:
    for space, records in held.take_back(connection, left, kind, ids).items():
        mirror_rows.put(connection, space, kind, records)


def move_cursor(connection: Connection, space: str, epoch: str, seq: int) -> None:
    """How far the space is read from now on."""
    table = schema.cursor_of(schema.mirror_of(space))
    values = {"space": space, "epoch": epoch, "seq": seq}
    connection.execute(insert(table).values(values).on_conflict_do_update(index_elements=[table.c.space], set_=values))


def _runs(entries: Sequence[FeedEntry]) -> Iterator[tuple[str, Operation, list[FeedEntry]]]:
    """Entries in order, cut where kind or operation changes: each run is one bulk statement."""
    for (kind, operation), run in groupby(entries, lambda entry: (entry.kind, entry.operation)):
        yield kind, operation, list(run)
