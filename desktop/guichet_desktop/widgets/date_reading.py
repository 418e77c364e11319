"""Dates as people type them, in French or in English: 2026-12-24, 24/12/2026, 24 déc, Dec 24, demain, lundi prochain.

What can be two dates is never chosen between: it is handed back with both. A date without its year is the one nearest to today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from guichet_sync.language import fold

_LOCALES = ("fr_CA", "en_CA")
_MOST = 60
_LEAST_PREFIX = 3
_ORDERS = ("dmy", "mdy", "ymd")
_RELATIVE = {
    "aujourd'hui": 0, "aujourdhui": 0, "today": 0, "demain": 1, "tomorrow": 1, "hier": -1, "yesterday": -1,
    "apres-demain": 2, "apres demain": 2, "avant-hier": -2, "avant hier": -2,
}  # fmt: skip
_NUMBERS = re.compile(r"(\d{1,4})[ ./-]+(\d{1,2})(?:[ ./-]+(\d{1,4}))?")
_DAY_MONTH = re.compile(r"(?:le )?(?P<day>\d{1,2})(?:er|st|nd|rd|th)? (?:of )?(?P<month>[a-z]+)(?: (?P<year>\d{4}))?")
_MONTH_DAY = re.compile(r"(?P<month>[a-z]+) (?P<day>\d{1,2})(?:st|nd|rd|th)?(?: (?P<year>\d{4}))?")
_AHEAD = re.compile(r"(?:dans|in) (?P<n>\d{1,3}) (?P<unit>jours?|days?|semaines?|weeks?)")
_AGO = re.compile(r"(?:il y a (?P<n>\d{1,3}) (?P<unit>jours?|semaines?)|(?P<m>\d{1,3}) (?P<other>days?|weeks?) ago)")
_NEXT, _LAST = {"prochain", "next"}, {"dernier", "passe", "last"}


class Misread(StrEnum):
    """Why no date was understood."""

    UNKNOWN = "unknown"
    INCOMPLETE = "incomplete"
    AMBIGUOUS = "ambiguous"
    IMPOSSIBLE = "impossible"
    OTHER_WEEKDAY = "other weekday"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """The ``day`` that was understood, or why none was; ``candidates`` are the dates it might be, in their order."""

    day: date | None = None
    misread: Misread | None = None
    candidates: tuple[date, ...] = ()


def read_date(typed: str, today: date) -> ReadDate:
    """The date that ``typed`` says, as seen from ``today``; nothing typed is no date and no fault."""
    if not typed.strip():
        return ReadDate()
    said = re.sub(r"\s+", " ", re.sub(r"[,.](?= |$)", " ", fold(typed[: _MOST + 1]))).strip()
    if len(typed.strip()) > _MOST:
        return ReadDate(misread=Misread.UNKNOWN)
    found = (reader(said, today) for reader in _READERS)
    return next((each for each in found if each is not None), ReadDate(misread=Misread.UNKNOWN))


# ── ways of saying a date: each gives None where it is none of its own ─────────


def _by_distance(said: str, today: date) -> ReadDate | None:
    if said in _RELATIVE:
        return _shifted(today, _RELATIVE[said])
    if ahead := _AHEAD.fullmatch(said):
        return _shifted(today, int(ahead["n"]) * _days(ahead["unit"]))
    if ago := _AGO.fullmatch(said):
        return _shifted(today, -int(ago["n"] or ago["m"]) * _days(ago["unit"] or ago["other"]))
    return None


def _by_weekday(said: str, today: date) -> ReadDate | None:
    """A weekday alone is the last, today's or the next one: only "prochain" or "dernier" tells."""
    words = said.split()
    named = [place for word in words if (place := _weekday(word)) is not None]
    others = {word for word in words if _weekday(word) is None}
    if len(named) != 1 or len(words) > 2 or not others <= _NEXT | _LAST:
        return None
    ahead = (named[0] - today.weekday() - 1) % 7 + 1
    behind = (today.weekday() - named[0] - 1) % 7 + 1
    if others & _NEXT:
        return _shifted(today, ahead)
    if others & _LAST:
        return _shifted(today, -behind)
    days = {-behind, ahead} | ({0} if named[0] == today.weekday() else set())
    return _one_of(day for shift in days if (day := _shifted(today, shift).day))


def _by_numbers(said: str, today: date) -> ReadDate | None:
    parts = _NUMBERS.fullmatch(said)
    if not parts:
        return ReadDate(misread=Misread.INCOMPLETE) if said.isdecimal() and len(said) <= len("2026") else None
    first, second, third = parts.groups()
    if third is None:
        if len(first) > 2:
            return ReadDate(misread=Misread.INCOMPLETE)
        return _one_of(_nearest(*pair, today) for pair in ((int(first), int(second)), (int(second), int(first))))
    return _one_of(_in_order(order, (first, second, third), today) for order in _ORDERS)


def _by_words(said: str, today: date) -> ReadDate | None:
    first, _, rest = said.partition(" ")
    weekday = _weekday(first) if rest else None
    parts = _parts(rest) if weekday is not None else None
    if parts is None:
        weekday, parts = None, _parts(said)
    if parts is None:
        return ReadDate(misread=Misread.INCOMPLETE) if any(_months(word) for word in said.split()) else None
    months = _months(parts["month"])
    if not months:
        return None
    read = _one_of(_dated(int(parts["day"]), month, parts["year"], today) for month in months)
    if read.day and weekday is not None and read.day.weekday() != weekday:
        return ReadDate(misread=Misread.OTHER_WEEKDAY, candidates=(read.day,))
    return read


_READERS: tuple[Callable[[str, date], ReadDate | None], ...] = (_by_distance, _by_weekday, _by_numbers, _by_words)


# ── what they share ──────────────────────────────────────────────────────────


def _parts(said: str) -> dict[str, str] | None:
    found = _DAY_MONTH.fullmatch(said) or _MONTH_DAY.fullmatch(said)
    return found.groupdict() if found else None


def _one_of(days: Iterable[date | None]) -> ReadDate:
    """One date is the date; several are left to choose from; none was possible."""
    found = tuple(sorted({day for day in days if day is not None}))
    if not found:
        return ReadDate(misread=Misread.IMPOSSIBLE)
    return ReadDate(found[0]) if len(found) == 1 else ReadDate(misread=Misread.AMBIGUOUS, candidates=found)


def _shifted(today: date, days: int) -> ReadDate:
    try:
        return ReadDate(today + timedelta(days=days))
    except OverflowError:
        return ReadDate(misread=Misread.IMPOSSIBLE)


def _days(unit: str) -> int:
    return 7 if unit.startswith(("semaine", "week")) else 1


def _dated(day: int, month: int, year: str | None, today: date) -> date | None:
    return _date(int(year), month, day) if year else _nearest(day, month, today)


def _nearest(day: int, month: int, today: date) -> date | None:
    """The date of that day and month nearest to today; a 29 February is of the nearest leap year."""
    near = (_date(today.year + shift, month, day) for shift in range(-4, 5))
    return min((each for each in near if each), key=lambda each: abs(each - today), default=None)


def _in_order(order: str, parts: tuple[str, str, str], today: date) -> date | None:
    by_letter = dict(zip(order, parts, strict=True))
    day, month, year = by_letter["d"], by_letter["m"], by_letter["y"]
    if len(day) > 2 or len(month) > 2 or len(year) not in (2, 4):
        return None
    century = today.year - today.year % 100
    return _date(int(year) + (century if len(year) == 2 else 0), int(month), int(day))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months(word: str) -> tuple[int, ...]:
    """The months a word may mean: its beginning is enough, and may be that of several."""
    if len(word) < _LEAST_PREFIX:
        return ()
    return tuple(sorted({place for name, place in _names()[0] if name.startswith(word)}))


def _weekday(word: str) -> int | None:
    """The weekday of that name, whole or short, 0 for Monday."""
    return _names()[1].get(word)


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[tuple[str, int], ...], dict[str, int]]:
    """The folded names of months, and of weekdays with their short forms, in both languages."""
    from babel.dates import get_day_names, get_month_names

    months, weekdays = list[tuple[str, int]](), dict[str, int]()
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            months += [(fold(name).rstrip("."), place) for place, name in get_month_names(width, locale=locale).items()]
            weekdays |= {fold(name).rstrip("."): place for place, name in get_day_names(width, locale=locale).items()}
    del weekdays["mar"]  # "mar" begins mars, March and mardi: a month
    return tuple(months), weekdays
