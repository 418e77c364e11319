"""Two mirrors of a space compared bucket by bucket, and a bucket replaced whole where they differ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zlib import crc32

from sqlalchemy import Connection, update

from guichet_sync.protocol.messages import Bucket, BucketSum, Cursor, FeedEntry

from . import entries, held, mirror, schema
from .database import reading, writing
from .instants import from_text, to_text
from .mirror import Standing
from .post import PostStore
from .received import received

COMPARED_EVERY = timedelta(hours=24)
_SPREAD = timedelta(hours=6)


def due(store: PostStore, now: datetime, standing: Standing | None = None) -> tuple[Cursor, ...]:
    """Spaces that were read and not compared for a day, or never, as the mirrors stand now or are known to. Every post has a
    moment of its own in the last hours of that day: those that began together do not ask together.
    """
    known = standing or mirror.standing(store)
    return tuple(each for each in known.cursors if _is_due(known.compared_at[each.space], store.person + each.space, now))


def _is_due(compared_at: str, whose: str, now: datetime) -> bool:
    """A clock that was set back since makes it due too."""
    if not compared_at:
        return True
    earlier = _SPREAD * (crc32(f"{whose} {compared_at}".encode()) / 2**32)
    return not timedelta() <= now - from_text(compared_at) < COMPARED_EVERY - earlier


def holds(store: PostStore, space: str) -> bool:
    """Whether anything of the space is here."""
    with reading(store.holding(space)) as connection:
        return held.count(connection, space) > 0


def sums(store: PostStore, space: str) -> dict[int, tuple[int, int]]:
    """Count and sum of digests of each bucket of this mirror that is not empty."""
    with reading(store.holding(space)) as connection:
        return held.sums(connection, space)


def differing(store: PostStore, space: str, theirs: Iterable[BucketSum]) -> tuple[int, ...]:
    """The buckets in which this mirror is not as the server says."""
    ours = sums(store, space)
    said = {each.bucket: (each.count, each.sum) for each in theirs if each.count}
    return tuple(sorted(bucket for bucket in ours.keys() | said.keys() if ours.get(bucket) != said.get(bucket)))


def replace_bucket(store: PostStore, bucket: Bucket) -> int:
    """Make a bucket what the server says it is, in one transaction; how many records differed. Those that it does not name go.

    :raises BadReply: a record is out of its place, or not of its kind's shape; nothing is changed.
    """
    space = bucket.space
    with writing(store.holding(space)) as connection:
        ours = held.in_bucket(connection, space, bucket.bucket)
        theirs = {(entry.kind, entry.id): entry for entry in bucket.entries}
        news = [entry for key, entry in theirs.items() if ours.get(key) != _digest(entry)]
        gone = [key for key in ours if key not in theirs]
        entries.take_in(connection, space, news)
        for kind in {kind for kind, _record in gone}:
            entries.remove(connection, space, kind, [record for each, record in gone if each == kind])
    return len(news) + len(gone)


def _digest(entry: FeedEntry) -> int:
    return held.digest(entry.kind, received([entry])[0])


def compared(store: PostStore, space: str, at: datetime) -> None:
    """The space was found to be as the server has it, or was made so."""
    with writing(store.holding(space)) as connection:
        _stamp(connection, space, at)


def adopt(store: PostStore, cursor: Cursor, at: datetime) -> None:
    """Go on from where the server's history is now: what is here was compared with it, and repaired."""
    with writing(store.holding(cursor.space)) as connection:
        entries.move_cursor(connection, cursor.space, cursor.epoch, cursor.seq)
        _stamp(connection, cursor.space, at)


def _stamp(connection: Connection, space: str, at: datetime) -> None:
    table = schema.cursor_of(schema.mirror_of(space))
    connection.execute(update(table).where(table.c.space == space).values(compared_at=to_text(at)))
