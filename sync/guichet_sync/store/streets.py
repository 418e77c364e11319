"""Words of streets, each text once: a city has a hundred times more addresses than streets.

A place keeps only the words that are its own (number, postal code), and names the row of the others. So an index of numbers holds
all that a look-up compares, and stays small: no place is read whole but those that are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from guichet_sync.domain.location import Location

from . import schema
from .place_words import indexed_words

_STREET, _PLACE = schema.street, schema.location


def split(place: Location) -> tuple[str, str]:
    """What a place is found by: its own words, and those that it shares with its street. Each has a space before it."""
    number = f"{place.civic}," if place.civic else ""
    numbered = place.label.startswith(number)
    own = _shared(number if numbered else "") + _shared(place.postal_code)
    return own, _shared(place.label.removeprefix(number) if numbered else place.label)


def _text(written: str) -> str:
    return "".join(f" {word}" for word in indexed_words(written))


_shared = lru_cache(maxsize=20_000)(_text)


def rows_of(connection: Connection, texts: Collection[str]) -> dict[str, int]:
    """The row of each of these texts, made where there is none yet."""
    wanted = list(dict.fromkeys(texts))
    if not wanted:
        return {}
    connection.execute(insert(_STREET).on_conflict_do_nothing(), [{"words": each} for each in wanted])
    return dict(connection.execute(select(_STREET.c.words, _STREET.c.rowid).where(_STREET.c.words.in_(wanted))).all())


def forget_unused(connection: Connection) -> None:
    """Remove the texts that no place has any more."""
    connection.execute(delete(_STREET).where(_STREET.c.rowid.not_in(select(_PLACE.c.street))))


def has_word(beginnings: Sequence[str]) -> ColumnElement[bool]:
    """Whether a place has a word with one of these beginnings. Streets are looked through once, not once a place."""
    streets = select(_STREET.c.rowid).where(_begins(_STREET.c.words, beginnings))
    return or_(_PLACE.c.street.in_(streets), _begins(_PLACE.c.own, beginnings))


def _begins(column: ColumnElement[str], beginnings: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(func.instr(column, f" {each}") > 0 for each in beginnings))
