"""The mirrors, written by the exchange alone: a page of a feed enters with its cursor and what it contains, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, Engine, MetaData, delete, select
from sqlalchemy.dialects.sqlite import insert

from guichet_sync.domain.errors import BadReply
from guichet_sync.domain.spaces import is_public
from guichet_sync.protocol.messages import Cursor, FeedEntry, FeedPage, Operation, SnapshotManifest
from guichet_sync.protocol.records import KINDS, belongs

from . import mirror_rows, schema
from .database import reading, truncate_log, writing
from .post import PostStore

_SNAPSHOT_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class MirrorChange:
    """What a page changed: a space, the kinds touched and how many records."""

    space: str
    kinds: tuple[str, ...]
    records: int


def cursors(store: PostStore) -> tuple[Cursor, ...]:
    """How far each space has been read."""
    return (*_cursors(store.public, schema.public), *_cursors(store.people, schema.people))


def _cursors(engine: Engine, metadata: MetaData) -> Iterator[Cursor]:
    table = schema.cursor_of(metadata)
    with reading(engine) as connection:
        for space, epoch, seq in connection.execute(select(table.c.space, table.c.epoch, table.c.seq)):
            yield Cursor(space, epoch, seq)


def apply(store: PostStore, page: FeedPage) -> MirrorChange:
    """Take in one page, in one transaction with its cursor. A page from the beginning replaces what the space held.

    :raises BadReply: if the page does not begin where this mirror ends, has a hole, a record out of its place or not of its
        kind's shape: then nothing of it is kept and the cursor stays.
    """
    engine = _engine(store, page.space)
    with writing(engine) as connection:
        if _check_contiguous(connection, page) == 0:
            mirror_rows.evict_space(connection, page.space)
        _take_in(connection, page.space, page.entries)
        _move_cursor(connection, page.space, page.epoch, page.next)
    if any(entry.operation is Operation.ERASE for entry in page.entries):
        truncate_log(engine)
    return MirrorChange(page.space, tuple(sorted({entry.kind for entry in page.entries})), len(page.entries))


def apply_snapshot(store: PostStore, manifest: SnapshotManifest, entries: Iterable[FeedEntry]) -> Iterator[int]:
    """Take in a snapshot's records batch by batch, yielding how many are in. The cursor is *not* moved: see
    :func:`finish_snapshot`, once the whole file has proved to be the one announced.
    """
    forget(store, manifest.space)
    remaining, done = iter(entries), 0
    while batch := tuple(islice(remaining, _SNAPSHOT_BATCH)):
        with writing(_engine(store, manifest.space)) as connection:
            _take_in(connection, manifest.space, batch)
        done += len(batch)
        yield done


def finish_snapshot(store: PostStore, manifest: SnapshotManifest) -> None:
    """The snapshot is whole and right: go on from its head."""
    with writing(_engine(store, manifest.space)) as connection:
        _move_cursor(connection, manifest.space, manifest.epoch, manifest.seq)


def forget(store: PostStore, space: str) -> None:
    """Evict a space whole, with its cursor."""
    with writing(_engine(store, space)) as connection:
        mirror_rows.evict_space(connection, space)
        cursor = schema.cursor_of(schema.mirror_of(space))
        connection.execute(delete(cursor).where(cursor.c.space == space))


def _engine(store: PostStore, space: str) -> Engine:
    return store.public if is_public(space) else store.people


def _check_contiguous(connection: Connection, page: FeedPage) -> int:
    """Where the mirror of the page's space ends, if the page goes on from there without a hole."""
    table = schema.cursor_of(schema.mirror_of(page.space))
    found = connection.execute(select(table.c.epoch, table.c.seq).where(table.c.space == page.space)).one_or_none()
    at = int(found.seq) if found is not None else 0
    if page.after != at or (found is not None and found.epoch != page.epoch):
        raise BadReply("page_out_of_order", space=page.space, at=at, after=page.after)
    numbers = [entry.seq for entry in page.entries]
    if numbers != list(range(at + 1, at + 1 + len(numbers))) or page.next != at + len(numbers) or page.next > page.head:
        raise BadReply("page_has_holes", space=page.space, after=page.after)
    return at


def _take_in(connection: Connection, space: str, entries: Sequence[FeedEntry]) -> None:
    for (kind, operation), run in _runs(entries):
        if kind in KINDS and not belongs(kind, space):
            raise BadReply("record_out_of_place", space=space, kind=kind)
        if operation is Operation.PUT:
            mirror_rows.put(connection, space, kind, [entry for entry in run if entry.body is not None])
        else:
            ids = [entry.id for entry in run]
            mirror_rows.remove(connection, space, kind, ids, scrub=operation is Operation.ERASE)
    intents = [{"intent_id": entry.intent} for entry in entries if entry.intent]
    if intents and not is_public(space):
        connection.execute(insert(schema.contained).on_conflict_do_nothing(), intents)


def _runs(entries: Sequence[FeedEntry]) -> Iterator[tuple[tuple[str, Operation], list[FeedEntry]]]:
    """Entries in order, cut where kind or operation changes: each run is one bulk statement."""
    run: list[FeedEntry] = []
    for entry in entries:
        if run and (entry.kind, entry.operation) != (run[0].kind, run[0].operation):
            yield (run[0].kind, run[0].operation), run
            run = []
        run.append(entry)
    if run:
        yield (run[0].kind, run[0].operation), run


def _move_cursor(connection: Connection, space: str, epoch: str, seq: int) -> None:
    table = schema.cursor_of(schema.mirror_of(space))
    values = {"space": space, "epoch": epoch, "seq": seq}
    connection.execute(insert(table).values(values).on_conflict_do_update(index_elements=[table.c.space], set_=values))
