"""Places of the city: type-ahead on all of its addresses, and what is collected there."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import Connection, func, select

from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.location import Collection, Location, Material
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import CollectionCalendar

from . import schema
from .database import reading
from .place_words import typed_words
from .post import PostStore

_MAX_WORDS, _MAX_TYPED = 8, 200
_FOUND = schema.PLACE_WORDS.matching()
_QUESTION = (
    select(schema.location.c.body)
    .join(_FOUND, _FOUND.c.rowid == schema.location.c.rowid)
    .order_by(func.length(schema.location.c.label), schema.location.c.rowid)
)
_CIVIC = re.compile(r"\d+[a-z]?")


def addresses(store: PostStore, typed: str, limit: int) -> tuple[Location, ...]:
    """Places whose words all begin as typed, in any order; the exact civic number comes first.

    "1425 erables", "erables 1425", "boul. des Pins", "G9Z 1A1" and "hotel de ville" all work. Nothing typed is syntax.
    """
    wanted = typed_words(typed[:_MAX_TYPED])[:_MAX_WORDS]
    if not wanted:
        return ()
    civic = next((each for each in wanted if _CIVIC.fullmatch(each[0])), None)
    with reading(store.public) as connection:
        found = _matching(connection, wanted, civic, limit) if civic else []
        if len(found) < limit:
            found += _matching(connection, wanted, None, limit + len(found))
    unique = dict.fromkeys(found)
    return tuple(codec.decode(body, Location) for body in list(unique)[:limit])


def _matching(connection: Connection, wanted: list[tuple[str, ...]], whole: tuple[str, ...] | None, limit: int) -> list[str]:
    """Bodies of places, their words taken as prefixes, but for ``whole``."""
    match = " AND ".join(each[0] if each == whole else _begins(each) for each in wanted)
    rows = connection.execute(_QUESTION, {"match": match, "limit": 4 * limit})
    return list(rows.scalars())


def _begins(alternatives: tuple[str, ...]) -> str:
    return f"({' OR '.join(f'{word}*' for word in alternatives)})"


def location(store: PostStore, location_id: str) -> Location:
    """A known place.

    :raises NotFound: if this post knows none of that id.
    """
    with reading(store.public) as connection:
        body = connection.execute(select(schema.location.c.body).where(schema.location.c.id == location_id)).scalar()
    if body is None:
        raise NotFound("location_not_found")
    return codec.decode(body, Location)


def collections(store: PostStore, sector: str, since: date, limit: int) -> tuple[Collection, ...]:
    """The next ``limit`` collections of a sector from ``since`` on, in the order of their dates."""
    table = schema.taxonomy
    with reading(store.public) as connection:
        body = connection.execute(select(table.c.body).where(table.c.kind == "collections", table.c.id == sector)).scalar()
    if body is None:
        return ()
    calendar = codec.decode(body, CollectionCalendar)
    coming = [each for each in calendar.collections if each.on >= since]
    return tuple(sorted(coming, key=lambda each: (each.on, each.material))[:limit])


def materials(store: PostStore) -> tuple[Material, ...]:
    """The materials that are collected."""
    table = schema.taxonomy
    with reading(store.public) as connection:
        bodies = connection.execute(select(table.c.body).where(table.c.kind == "material").order_by(table.c.id)).scalars()
        return tuple(codec.decode(body, Material) for body in bodies)
