"""What is still to be done after a transaction that erased something: noted in that same transaction, done before the next feed
request, whatever kills the post in between.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, MetaData, delete, select
from sqlalchemy.dialects.sqlite import insert

from guichet_sync.protocol.messages import FeedEntry, Operation
from guichet_sync.protocol.records import request_of

from . import schema, settled
from .database import reading, truncate_log, writing
from .post import PostStore

_ERASED = "erased/"


def note(connection: Connection, metadata: MetaData, entries: Iterable[FeedEntry]) -> bool:
    """Within the transaction that takes ``entries`` in: what they erase leaves the logs too, and what the post keeps of its own
    settled work about it. Whether they erase anything.
    """
    lanes = {request_of(entry.kind, entry.id) for entry in entries if entry.operation is Operation.ERASE}
    if lanes:
        table = metadata.tables["chore"]
        connection.execute(insert(table).on_conflict_do_nothing(), [{"name": _ERASED + lane} for lane in lanes])
    return bool(lanes)


def noted(connection: Connection, metadata: MetaData) -> bool:
    """Whether something is still to be done."""
    return connection.execute(select(metadata.tables["chore"].c.name).limit(1)).first() is not None


def run(store: PostStore) -> bool:
    """Do what was noted; whether nothing is left to do. A reader that stays keeps a log from being emptied: then it is tried
    again.
    """
    done = True
    for engine, metadata in ((store.public, schema.public), (store.people, schema.people)):
        table = metadata.tables["chore"]
        with reading(engine) as connection:
            names = connection.execute(select(table.c.name)).scalars().all()
        if not names:
            continue
        settled.forget_settled(store, [name.removeprefix(_ERASED) for name in names])
        if not (truncate_log(engine) and truncate_log(store.work)):
            done = False
            continue
        with writing(engine) as connection:
            connection.execute(delete(table).where(table.c.name.in_(names)))
    return done
