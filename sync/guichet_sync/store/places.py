"""Places of the city: type-ahead on all of its addresses, and what is collected there."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select

from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.location import Collection, Location, Material, box
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import CollectionCalendar

from . import schema
from .database import reading
from .place_words import typed_words
from .post import PostStore
from .streets import has_word

_MAX_WORDS, _MAX_TYPED = 8, 200
_READ_AHEAD = 4
"""Places read for each one shown: the shortest of them are."""

_TABLE = schema.location
_FOUND = schema.PLACE_WORDS.matching()
_BY_WORDS = select(_TABLE.c.body, _TABLE.c.label).join(_FOUND, _FOUND.c.rowid == _TABLE.c.rowid)
_CIVIC = re.compile(r"[0-9]+[a-z]?")
_AFTER_ANY_LETTER = "{"
_Word = tuple[str, ...]


def addresses(store: PostStore, typed: str, limit: int) -> tuple[Location, ...]:
    """Places whose words all begin as typed, in any order; the exact civic number comes first.

    "1425 erables", "erables 1425", "boul. des Pins", "G9Z 1A1" and "hotel de ville" all work. Nothing typed is syntax.
    """
    wanted = typed_words(typed[:_MAX_TYPED])[:_MAX_WORDS]
    if not wanted:
        return ()
    civic = next((each[-1] for each in wanted if _CIVIC.fullmatch(each[-1])), "")
    with reading(store.public) as connection:
        found = _with_civic(connection, civic, wanted, limit) if civic else []
        found = found or _with_words(connection, wanted, limit)
    return tuple(codec.decode(body, Location) for body in found[:limit])


def _with_civic(connection: Connection, civic: str, wanted: Sequence[_Word], limit: int) -> list[str]:
    """An index has the places of a number with their words: those that have all of them are read, no other."""
    others = [has_word(each) for each in wanted if each[-1] != civic]
    named = select(_TABLE.c.body, _TABLE.c.label).where(*others).limit(_READ_AHEAD * limit)
    found = _shortest_first(connection, named.where(_TABLE.c.civic == civic))
    if len(found) < limit:
        longer = named.where(_TABLE.c.civic > civic, _TABLE.c.civic < civic + _AFTER_ANY_LETTER).order_by(_TABLE.c.civic)
        found += _shortest_first(connection, longer)
    return found


def _with_words(connection: Connection, wanted: Sequence[_Word], limit: int) -> list[str]:
    """Only the last word is usually unfinished, and whole words are found much faster; all may be unfinished nevertheless."""
    *whole, last = wanted
    finished = " AND ".join((*map(_is, whole), _begins(last)))
    unfinished = " AND ".join(map(_begins, wanted))
    for match in dict.fromkeys((finished, unfinished)):
        found = _shortest_first(connection, _BY_WORDS, {"match": match, "limit": _READ_AHEAD * limit})
        if found:
            return found
    return []


def _is(each: _Word) -> str:
    return f"({' OR '.join(each)})"


def _begins(each: _Word) -> str:
    return f"({' OR '.join(f'{word}*' for word in each)})"


def _shortest_first(connection: Connection, question: Select[Any], values: dict[str, Any] | None = None) -> list[str]:
    rows = connection.execute(question, values or {}).all()
    return [row.body for row in sorted(rows, key=lambda row: len(row.label))]


def location(store: PostStore, location_id: str) -> Location:
    """A known place.

    :raises NotFound: if this post knows none of that id.
    """
    with reading(store.public) as connection:
        body = connection.execute(select(schema.location.c.body).where(schema.location.c.id == location_id)).scalar()
    if body is None:
        raise NotFound("location_not_found")
    return codec.decode(body, Location)


def near(store: PostStore, point: tuple[float, float], radius_m: float, limit: int) -> tuple[Location, ...]:
    """The ``limit`` places nearest to ``point`` (``(lat, lon)`` in degrees), nearest first, in the square around it that is twice
    ``radius_m`` wide. An index narrows to the square; only the rows taken are read whole.
    """
    (lat, lon), (south, north, west, east) = point, box(point, radius_m)
    rise, run = _TABLE.c.lat - lat, (_TABLE.c.lon - lon) * math.cos(math.radians(lat))
    away = (rise * rise + run * run).label("away")
    square = (_TABLE.c.lat.between(south, north), _TABLE.c.lon.between(west, east))
    nearest = select(_TABLE.c.rowid, away).where(*square).order_by(away, _TABLE.c.rowid).limit(limit).subquery()
    whole = select(_TABLE.c.body).join(nearest, nearest.c.rowid == _TABLE.c.rowid).order_by(nearest.c.away, nearest.c.rowid)
    with reading(store.public) as connection:
        bodies = connection.execute(whole).scalars().all()
    return tuple(codec.decode(body, Location) for body in bodies)


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
