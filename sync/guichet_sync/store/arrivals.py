"""A snapshot arrives part by part, each in one transaction with how many are in: what is in stays in, whatever breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from guichet_sync.domain.errors import BadReply
from guichet_sync.protocol.messages import FeedEntry, Operation, SnapshotManifest

from . import schema
from .database import reading, writing
from .entries import evict_space, move_cursor, take_in
from .post import PostStore

_BATCH = 2_000


def parts_in(store: PostStore, manifest: SnapshotManifest) -> int:
    """How many parts of this very snapshot are in; none of another one counts."""
    with reading(store.holding(manifest.space)) as connection:
        return _parts_in(connection, manifest)


def _parts_in(connection: Connection, manifest: SnapshotManifest) -> int:
    table = schema.mirror_of(manifest.space).tables["arriving"]
    here = (table.c.space == manifest.space, table.c.epoch == manifest.epoch, table.c.digest == manifest.digest)
    return connection.execute(select(table.c.parts).where(*here)).scalar() or 0


def take_part(store: PostStore, manifest: SnapshotManifest, place: int, entries: Iterable[FeedEntry]) -> None:
    """Take in the part at ``place``, from 0. With the first one goes what the space held; with the last one comes its cursor.

    :raises BadReply: ``snapshot_differs`` if it is not what was announced, or what a page may be refused for: then nothing of
        this part is kept.
    """
    space = manifest.space
    with writing(store.holding(space)) as connection:
        if place == 0:
            evict_space(connection, space)
        elif _parts_in(connection, manifest) != place:
            raise BadReply("snapshot_differs", space=space)
        records = 0
        for batch in _batches(entries):
            take_in(connection, space, batch)
            records += len(batch)
        if records != manifest.parts[place].records:
            raise BadReply("snapshot_differs", space=space)
        _advance(connection, manifest, place + 1)


def _batches(entries: Iterable[FeedEntry]) -> Iterator[list[FeedEntry]]:
    remaining = iter(entries)
    while batch := list(islice(remaining, _BATCH)):
        if any(entry.operation is not Operation.PUT or entry.body is None for entry in batch):
            raise BadReply("snapshot_differs")
        yield batch


def _advance(connection: Connection, manifest: SnapshotManifest, done: int) -> None:
    table = schema.mirror_of(manifest.space).tables["arriving"]
    if done == len(manifest.parts):
        connection.execute(delete(table).where(table.c.space == manifest.space))
        move_cursor(connection, manifest.space, manifest.epoch, manifest.seq)
        return
    values = {"space": manifest.space, "epoch": manifest.epoch, "digest": manifest.digest, "parts": done}
    connection.execute(insert(table).values(values).on_conflict_do_update(index_elements=[table.c.space], set_=values))
