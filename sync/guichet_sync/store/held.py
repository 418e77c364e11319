"""What a mirror holds of each space and what every record adds to its bucket: kept in the transaction that changes the record.

A record may be held in two spaces at once, on its way from one to the other. Its row then shows the one that came last; the body
of the other waits here, ``raw``, like that of a kind which this version does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, MetaData, Row, Select, Table, bindparam, delete, func, select, update

from guichet_sync.protocol.checksum import bucket_of, record_digest
from guichet_sync.protocol.records import KINDS

from . import bulk, schema
from .received import Received

_COLUMNS = ("space", "kind", "id", "revision", "bucket", "digest", "raw")


def _table(space: str) -> Table:
    return schema.mirror_of(space).tables["held"]


def keep(
    connection: Connection, space: str, kind: str, records: Sequence[Received], digests: Mapping[str, int] | None = None
) -> None:
    """These records are held now, as they are now. Of a kind that is not known, the body is kept too. ``digests`` by id are those
    already known.
    """
    known, unknown_kind = digests or {}, kind not in KINDS
    rows = [
        (
            space,
            kind,
            each.id,
            each.revision,
            bucket_of(kind, each.id),
            known[each.id] if each.id in known else record_digest(kind, each.id, each.data),
            each.text if unknown_kind else None,
        )
        for each in records
    ]
    bulk.put(connection, _table(space), _COLUMNS, rows)


def digest(kind: str, record: Received) -> int:
    """What a record adds to its bucket."""
    return record_digest(kind, record.id, record.data)


def let_go(connection: Connection, space: str, kind: str, ids: Iterable[str]) -> None:
    """These records are held no more."""
    table = _table(space)
    connection.execute(delete(table).where(table.c.space == space, table.c.kind == kind, table.c.id.in_(bulk.among(ids))))


def let_go_of_space(connection: Connection, space: str) -> None:
    """Nothing of the space is held any more."""
    table = _table(space)
    connection.execute(delete(table).where(table.c.space == space))


def spaces(connection: Connection, metadata: MetaData) -> list[str]:
    """All spaces of which something is held."""
    return list(connection.execute(_leaping(metadata)).scalars())


@lru_cache(maxsize=2)
def _leaping(metadata: MetaData) -> Select[str]:
    """From each space to the next one, whatever lies between."""
    table = metadata.tables["held"]
    each = select(func.min(table.c.space).label("space")).cte(recursive=True)
    following = select(func.min(table.c.space)).where(table.c.space > each.c.space).scalar_subquery()
    each = each.union_all(select(following).where(each.c.space.is_not(None)))
    return select(each.c.space).where(each.c.space.is_not(None))


def count(connection: Connection, space: str) -> int:
    """How many records of the space are held."""
    table = _table(space)
    return connection.execute(select(func.count()).select_from(table).where(table.c.space == space)).scalar_one()


def count_of(connection: Connection, space: str, kind: str, ids: Iterable[str]) -> int:
    """How many of these records are held."""
    table = _table(space)
    here = (table.c.space == space, table.c.kind == kind, table.c.id.in_(bulk.among(ids)))
    return connection.execute(select(func.count()).select_from(table).where(*here)).scalar_one()


def sums(connection: Connection, space: str) -> dict[int, tuple[int, int]]:
    """Count and sum of digests of each bucket that is not empty."""
    table = _table(space)
    totals = select(table.c.bucket, func.count(), func.sum(table.c.digest)).where(table.c.space == space)
    return {bucket: (records, total) for bucket, records, total in connection.execute(totals.group_by(table.c.bucket))}


def in_bucket(connection: Connection, space: str, bucket: int) -> dict[tuple[str, str], int]:
    """The digests of a bucket's records, by kind and id."""
    table = _table(space)
    here = select(table.c.kind, table.c.id, table.c.digest).where(table.c.space == space, table.c.bucket == bucket)
    return {(row.kind, row.id): row.digest for row in connection.execute(here)}


def set_aside(connection: Connection, kind: str, bodies: Iterable[tuple[str, str, str]]) -> None:
    """The rows of these records are about to show them as another space has them: ``(space, id, body)`` of what they showed."""
    aside = [{"in": space, "record": record, "text": body} for space, record, body in bodies]
    if aside:
        table = _table(aside[0]["in"])
        here = (table.c.space == bindparam("in"), table.c.kind == kind, table.c.id == bindparam("record"))
        connection.execute(update(table).where(*here).values(raw=bindparam("text")), aside)


def take_back(connection: Connection, space: str, kind: str, ids: Iterable[str]) -> dict[str, list[Received]]:
    """What was set aside of these records, by the space that still has them; it is set aside no more."""
    table = _table(space)
    found = _by_space(connection.execute(select(table).where(*_aside(space, kind, ids))).all())
    forget_aside(connection, space, kind, ids)
    return found


def forget_aside(connection: Connection, space: str, kind: str, ids: Iterable[str]) -> None:
    """Nothing of these records stays set aside anywhere: they are deleted, or erased by law."""
    connection.execute(update(_table(space)).where(*_aside(space, kind, ids)).values(raw=None))


def _aside(space: str, kind: str, ids: Iterable[str]) -> tuple[ColumnElement[bool], ...]:
    """What was set aside of these records in any space of this file, also one that only arrives."""
    table, metadata = _table(space), schema.mirror_of(space)
    spaces = select(schema.cursor_of(metadata).c.space).union(select(metadata.tables["arriving"].c.space))
    return (table.c.space.in_(spaces), table.c.kind == kind, table.c.id.in_(bulk.among(ids)), table.c.raw.is_not(None))


def unread_kinds(connection: Connection, metadata: MetaData) -> set[str]:
    """The kinds of which bodies wait here."""
    table = metadata.tables["held"]
    return set(connection.execute(select(table.c.kind).where(table.c.raw.is_not(None)).distinct()).scalars())


def unread(connection: Connection, metadata: MetaData, kind: str, most: int) -> dict[str, list[Received]]:
    """By space, the next bodies of a kind that wait here, ``most`` at once."""
    table = metadata.tables["held"]
    waiting = select(table).where(table.c.kind == kind, table.c.raw.is_not(None)).limit(most)
    return _by_space(connection.execute(waiting).all())


def _by_space(rows: Iterable[Row[Any]]) -> dict[str, list[Received]]:
    found: dict[str, list[Received]] = {}
    for row in rows:
        found.setdefault(row.space, []).append(Received(row.id, row.revision, row.raw.encode()))
    return found


def read(connection: Connection, space: str, kind: str, ids: Iterable[str]) -> None:
    """The bodies of these records need not wait any more: they have become rows."""
    table = _table(space)
    here = (table.c.space == space, table.c.kind == kind, table.c.id.in_(bulk.among(ids)))
    connection.execute(update(table).where(*here).values(raw=None))
