"""The date promised to a person, with its arithmetic.

Units are those of the taxonomy: hours run around the clock, calendar days run every day, working days skip Saturdays, Sundays
and the closed days handed in (Québec holidays and municipal closures are data). The promise is a local date: the day by whose
end the city means to have acted. A calendar-day or hour delay that ends on a closed day keeps that date, because those delays
are meant for services that work every day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class DelayUnit(StrEnum):
    """How a standard delay is counted."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


@dataclass(frozen=True, slots=True)
class StandardDelay:
    """*Délai normé*: ``n`` units; 0 means settled at once, nothing is promised."""

    n: int = 0
    unit: DelayUnit = DelayUnit.WORKING_DAYS


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that did not count: its date, and the closure's name or empty for a weekend."""

    on: date
    closure: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised local date and how it was reached: start, delay, and every day that did not count."""

    on: date
    started: datetime
    delay: StandardDelay
    skipped: tuple[SkippedDay, ...] = ()


def promised(delay: StandardDelay, captured: datetime, closed: Mapping[date, str]) -> Promise | None:
    """The date promised for a request captured at the *local* time ``captured``; None where the delay promises nothing.

    ``closed`` maps closed days to their names. Counting starts on the day after the capture, as a delay "of 2 working days" is
    commonly read (a demonstration rule: a city's own by-law prevails).
    """
    if delay.n <= 0:
        return None
    if delay.unit is DelayUnit.HOURS:
        return Promise((captured + timedelta(hours=delay.n)).date(), captured, delay)
    if delay.unit is DelayUnit.CALENDAR_DAYS:
        return Promise(captured.date() + timedelta(days=delay.n), captured, delay)
    return _working_days(delay, captured, closed)


def _working_days(delay: StandardDelay, captured: datetime, closed: Mapping[date, str]) -> Promise:
    day, left, skipped = captured.date(), delay.n, []
    while left:
        day += _ONE_DAY
        if day in closed:
            skipped.append(SkippedDay(day, closed[day]))
        elif day.weekday() >= _SATURDAY:
            skipped.append(SkippedDay(day))
        else:
            left -= 1
    return Promise(day, captured, delay, tuple(skipped))
