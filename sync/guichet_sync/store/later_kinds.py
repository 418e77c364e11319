"""Kinds of records that came before this version knew them: their bodies waited, and become rows without being fetched again."""

from __future__ import annotations

from collections.abc import Iterator

from guichet_sync.protocol.records import KINDS

from . import held, mirror_rows, schema
from .database import reading, writing
from .post import PostStore

_BATCH = 1_000


def apply(store: PostStore) -> Iterator[tuple[str, str, int]]:
    """Make rows of what waited and is known now; each step's space, kind and number of records. To stop half-way does no harm.

    :raises BadReply: a body has not the shape of its kind: it waits on.
    """
    for engine, metadata in ((store.public, schema.public), (store.people, schema.people)):
        with reading(engine) as connection:
            known = held.unread_kinds(connection, metadata) & KINDS.keys() - mirror_rows.SHARED
        for kind in sorted(known):
            while True:
                with writing(engine) as connection:
                    found = held.unread(connection, metadata, kind, _BATCH)
                    for space, records in found.items():
                        mirror_rows.put(connection, space, kind, records)
                        held.read(connection, space, kind, [record.id for record in records])
                if not found:
                    break
                yield from ((space, kind, len(records)) for space, records in found.items())
