"""What must hold once nothing waits any more: all is at the server once, the post holds what the server does, files are sound."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from guichet_sync.central import instance, schema
from guichet_sync.central.verify import verify
from guichet_sync.domain.spaces import Role, readable_spaces
from guichet_sync.store import database as files
from guichet_sync.store import health, mirror
from guichet_sync.store import schema as store_schema
from guichet_sync.store.post import PostStore

_MOST = 5
_RECORD = schema.record


def found_at_server(connection: Connection, saved: Sequence[str], at_hand: Sequence[str], *, thorough: bool) -> Iterator[str]:
    """``saved`` are numbers of requests that a desk called saved, ``at_hand`` intents found in outboxes that were opened again.
    ``thorough`` reads the whole database.
    """
    bodies = connection.execute(select(_RECORD.c.body).where(_RECORD.c.kind == "request", _RECORD.c.body != "")).scalars()
    requests = [json.loads(body) for body in bodies]
    for name in ("id", "number", "provisional_number"):
        times = Counter(each[name] for each in requests if each.get(name))
        yield from (f"{value} is there {count} times" for value, count in times.items() if count > 1)
    there = {each["provisional_number"] for each in requests}
    yield from (f"{number} was saved and is lost" for number in saved if number not in there)
    table = schema.intent
    taken = Counter(connection.execute(select(table.c.intent_id).where(table.c.intent_id.in_(at_hand))).scalars())
    yield from (f"{intent} waited and was taken in {taken[intent]} times" for intent in at_hand if taken[intent] != 1)
    heads = select(schema.feed.c.space, func.count().label("rows"), func.max(schema.feed.c.seq).label("last"))
    for row in connection.execute(heads.group_by(schema.feed.c.space)):
        if row.rows != row.last:
            yield f"the feed of {row.space} has holes"
    if thorough:
        yield from (f"{each.code} {each.where}" for each in verify(connection, instance.read(connection)).findings)


def found_at_post(connection: Connection, user: str, store: PostStore) -> Iterator[str]:
    """The mirror is the server's, record by record, and the files are sound."""
    readable = _readable(connection, user)
    at = {each.space: each.seq for each in mirror.cursors(store)}
    heads = connection.execute(select(schema.space.c.space, schema.space.c.head).where(schema.space.c.space.in_(readable)))
    yield from (f"{space} is read up to {at.get(space)} of {head}" for space, head in heads if at.get(space, 0) != head)
    question = select(_RECORD.c.space, _RECORD.c.kind, _RECORD.c.id, _RECORD.c.revision, _RECORD.c.digest)
    theirs = set(map(tuple, connection.execute(question.where(_RECORD.c.space.in_(readable), _RECORD.c.body != ""))))
    held = set(_held(store))
    yield from (f"{user} does not hold {each}" for each in sorted(theirs - held)[:_MOST])
    yield from (f"{user} holds {each}" for each in sorted(held - theirs)[:_MOST])
    yield from (f"{each.name} is damaged" for each in health.files(store) if not each.sound)
    yield from _left_undone(store)


def _left_undone(store: PostStore) -> Iterator[str]:
    """No erasure waits for the log to be emptied, no first mirror for its next part."""
    for engine, metadata in ((store.public, store_schema.public), (store.people, store_schema.people)):
        with files.reading(engine) as connection:
            for name in ("chore", "arriving"):
                rows = connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
                yield from (f"{name} has {rows} rows" for _ in range(min(rows, 1)))


def _readable(connection: Connection, user: str) -> frozenset[str]:
    person = schema.person
    role, service = connection.execute(select(person.c.role, person.c.service).where(person.c.name == user)).one()
    services = connection.execute(select(_RECORD.c.id).where(_RECORD.c.kind == "service", _RECORD.c.body != "")).scalars()
    return frozenset(readable_spaces(Role(role), service, list(services)))


def _held(store: PostStore) -> Iterator[tuple[object, ...]]:
    for engine, metadata in ((store.public, store_schema.public), (store.people, store_schema.people)):
        table = metadata.tables["held"]
        with files.reading(engine) as connection:
            rows = connection.execute(select(table.c.space, table.c.kind, table.c.id, table.c.revision, table.c.digest))
            yield from map(tuple, rows)
