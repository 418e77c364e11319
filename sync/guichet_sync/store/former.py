"""What mirrors of another version hold becomes rows as this version makes them, without the network.

An old mirror lies beside the new one. Its bodies are read by plain SQL, so that it hardly matters which version wrote it, and are
brought over batch by batch; a space gets its cursor with its last batch. One without a cursor begins anew, so that a kill does no
harm. Whatever is odd: the old file goes, and all comes by the network.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.sqlite import insert

from guichet_sync.domain import spaces
from guichet_sync.domain.errors import BadReply, StoreBusy, StoreError
from guichet_sync.protocol.messages import Cursor

from . import entries, held, mirror, mirror_rows, schema
from .database import reading, writing
from .post import PostStore, remove
from .received import Received

Found = TypeVar("Found")

_BATCH = 1_000
_FIRST = {spaces.KNOWLEDGE: 0, spaces.TAXONOMY: 1, spaces.PLACES: 2}
_PLACES = "old.kind IN ('material', 'collections')"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Brought:
    """How much of a space is over, in records."""

    space: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class _Source:
    """A table of an old mirror: which of its rows are a space's, in which order they are read, how they tell kind and body."""

    table: str
    where: str
    kind: str = "old.kind"
    body: str = "old.body"
    place: str = "old.rowid"
    first: int | str = -1


_SOURCES = {
    spaces.KNOWLEDGE: (_Source("article", ":space = :space", "'article'"),),
    spaces.TAXONOMY: (_Source("taxonomy", f":space = :space AND NOT {_PLACES}"),),
    spaces.PLACES: (
        _Source("taxonomy", f":space = :space AND {_PLACES}"),
        _Source("location", ":space = :space", "'location'"),
    ),
}
_REQUESTS = _Source("request", "old.space = :space", "'request'")
_REQUESTERS = _Source("requester", "old.space = :space", "'requester'")
_UNKNOWN = _Source(
    "held", "old.space = :space AND old.raw IS NOT NULL", body="old.raw", place="old.kind || '/' || old.id", first=""
)


@dataclass(frozen=True, slots=True)
class _Row:
    place: int | str
    kind: str
    record: Received
    digest: int | None


class _OddMirror(Exception):
    """It is not as any version wrote it."""


def bring_over(store: PostStore) -> Iterator[Brought]:
    """Bring over what lies beside, fiches first; each file is removed at its end. To stop half-way does no harm.

    :raises StoreError: the present files failed.
    """
    for old in store.former:
        path = Path(old.url.database or "")
        if path.exists():
            try:
                yield from _bring(store, old)
            except (_OddMirror, BadReply) as odd:
                _log.warning("%s is left out: %s", path.name, odd)
            old.dispose()
            remove(path)


def _bring(store: PostStore, old: Engine) -> Iterator[Brought]:
    begun = {cursor.space for cursor in mirror.cursors(store)}
    for cursor in _asked(old, _cursors):
        if cursor.space not in begun:
            yield from _bring_space(store, old, cursor)
    last = 0
    while rows := _asked(old, _contained, last):
        with writing(store.people) as connection:
            known = [{"intent_id": intent} for _place, intent in rows]
            connection.execute(insert(schema.contained).on_conflict_do_nothing(), known)
        last = rows[-1][0]


def _bring_space(store: PostStore, old: Engine, cursor: Cursor) -> Iterator[Brought]:
    sources = _asked(old, _sources, cursor.space)
    total, done = sum(_asked(old, _count, each, cursor.space) for each in sources), 0
    mirror.forget(store, cursor.space)
    for source in sources:
        after: int | str = source.first
        while rows := _asked(old, _batch, source, cursor.space, after):
            with writing(store.holding(cursor.space)) as connection:
                _put(connection, cursor.space, rows)
            after, done = rows[-1].place, done + len(rows)
            if done < total:
                yield Brought(cursor.space, done, total)
    with writing(store.holding(cursor.space)) as connection:
        entries.move_cursor(connection, cursor.space, cursor.epoch, cursor.seq)
    yield Brought(cursor.space, done, done)


def _put(connection: Connection, space: str, rows: Sequence[_Row]) -> None:
    for kind in dict.fromkeys(row.kind for row in rows):
        own = [row for row in rows if row.kind == kind]
        records = [row.record for row in own]
        mirror_rows.put(connection, space, kind, records)
        held.keep(connection, space, kind, records, {row.record.id: row.digest for row in own if row.digest is not None})


def _asked(old: Engine, question: Callable[..., Found], *wanted: object) -> Found:
    """What an old mirror answers, or that it can't."""
    try:
        with reading(old) as connection:
            return question(connection, *wanted)
    except StoreBusy:
        raise
    except (StoreError, AttributeError, TypeError, ValueError) as error:
        raise _OddMirror(str(error)) from None


def _has(connection: Connection, table: str) -> bool:
    found = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = :name"), {"name": table})
    return found.first() is not None


def _cursors(connection: Connection) -> list[Cursor]:
    """The spaces that were read, in the order in which a desk misses them. One that holds what is on its way to another space is
    left out: rows alone do not tell which of the two came last.
    """
    rows = connection.execute(text("SELECT space, epoch, seq FROM cursor WHERE seq > 0"))
    found = [Cursor(str(row.space), str(row.epoch), int(row.seq)) for row in rows]
    aside: set[str] = set()
    if _has(connection, "held"):
        moving = "SELECT DISTINCT space FROM held WHERE raw IS NOT NULL AND kind IN ('request', 'requester')"
        aside.update(connection.execute(text(moving)).scalars())
    whole = [cursor for cursor in found if cursor.space not in aside]
    return sorted(whole, key=lambda cursor: (_FIRST.get(cursor.space, len(_FIRST)), cursor.space))


def _sources(connection: Connection, space: str) -> tuple[_Source, ...]:
    known = _SOURCES.get(space) or (_REQUESTS if space.startswith("requests/") else _REQUESTERS,)
    return (*known, _UNKNOWN) if _has(connection, "held") else known


def _count(connection: Connection, source: _Source, space: str) -> int:
    statement = text(f"SELECT count(*) FROM {source.table} AS old WHERE {source.where}")  # noqa: S608 - our own names
    return int(connection.execute(statement, {"space": space}).scalar_one())


def _batch(connection: Connection, source: _Source, space: str, after: int | str) -> list[_Row]:
    """The next records of a source after a place in its order."""
    counted = "held AS h" if _has(connection, "held") else "(SELECT NULL space, NULL kind, NULL id, 0 revision, NULL digest) AS h"
    statement = text(
        f"SELECT {source.place} AS place, {source.kind} AS kind, old.id AS id, {source.body} AS body, h.revision, h.digest"  # noqa: S608
        f" FROM {source.table} AS old"
        f" LEFT JOIN {counted} ON h.space = :space AND h.kind = {source.kind} AND h.id = old.id"
        f" WHERE {source.where} AND {source.place} > :after ORDER BY {source.place} LIMIT {_BATCH}"
    )
    rows = connection.execute(statement, {"space": space, "after": after})
    return [_Row(row.place, row.kind, _received(row.id, row.revision, row.body), row.digest) for row in rows]


def _received(record: str, revision: int | None, body: str) -> Received:
    return Received(record, revision or 0, body.encode())


def _contained(connection: Connection, after: int) -> list[tuple[int, str]]:
    """The next intents that were seen to come down, with their places; an old ``public.db`` has none."""
    if not _has(connection, "contained"):
        return []
    statement = text(f"SELECT rowid, intent_id FROM contained WHERE rowid > :after ORDER BY rowid LIMIT {_BATCH}")  # noqa: S608
    return [(int(row[0]), str(row[1])) for row in connection.execute(statement, {"after": after})]
