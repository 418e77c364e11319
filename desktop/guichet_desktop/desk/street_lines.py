"""The line of a street, made of where its doors and its crossings are: a plan, not a survey.

A door stands on one side. What is half-way between it and the other side, at the same civic number, is on the street.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from guichet_sync.domain.plane import Spot, apart

GAP_M = 150.0
"""A street is cut where it has no door for as long as that."""

_WIDEST_M = 80.0
"""Doors that face each other are never farther apart."""

_OFF_LINE_M = 30.0
"""A crossing that is farther from the line is not of this part of the street."""

_SAME_M = 2.0

Line = tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """A civic number and where it stands."""

    number: int
    at: Spot


@dataclass(frozen=True, slots=True)
class Drawn:
    """A street: its parts in the order of their civic numbers, and the direction it has at each number."""

    lines: tuple[Line, ...] = ()
    headings: dict[int, float] = field(default_factory=dict)


def drawn(doors: Iterable[Door], crossings: Iterable[Spot] = ()) -> Drawn:
    """A street, reaching the crossings near it. Parts of a single spot are left out. Directions are in radians from the east,
    anticlockwise.
    """
    ordered = sorted({door.number: door for door in doors}.values(), key=lambda door: door.number)
    sides = tuple(tuple(door for door in ordered if door.number % 2 == parity) for parity in (0, 1))
    middle = [_middle(door, sides[door.number % 2], sides[1 - door.number % 2]) for door in ordered]
    around = zip(ordered, middle[:1] + middle, middle[1:] + middle[-1:], strict=False)
    headings = {door.number: math.atan2(after[1] - before[1], after[0] - before[0]) for door, before, after in around}
    parts = _parts(middle)
    for crossing in crossings:
        _reach(parts, crossing)
    return Drawn(tuple(tuple(part) for part in parts if len(part) > 1), headings)


def _middle(door: Door, own: Sequence[Door], other: Sequence[Door]) -> Spot:
    """Half-way to the other side; past its end, as far off as at that end."""
    facing = _between(other, door.number)
    if facing is not None:
        return _half_way(door.at, door.at, facing)
    end = min(other, key=lambda each: abs(each.number - door.number), default=None)
    beside = _between(own, end.number) if end else None
    return _half_way(door.at, beside, end.at) if end and beside else door.at


def _half_way(at: Spot, beside: Spot, facing: Spot) -> Spot:
    """``at`` moved by half of what separates the two others, if they can face each other."""
    if apart(beside, facing) > _WIDEST_M:
        return at
    return at[0] + (facing[0] - beside[0]) / 2, at[1] + (facing[1] - beside[1]) / 2


def _between(side: Sequence[Door], number: int) -> Spot | None:
    """Where a number of the other side would be on this one, if it is between two that are there."""
    place = bisect_left(side, number, key=lambda door: door.number)
    if not 0 < place < len(side):
        return None
    low, high = side[place - 1], side[place]
    share = (number - low.number) / (high.number - low.number)
    return low.at[0] + share * (high.at[0] - low.at[0]), low.at[1] + share * (high.at[1] - low.at[1])


def _parts(spots: Iterable[Spot]) -> list[list[Spot]]:
    """Cut where there is no door for long; doors of one number of stairs are one spot."""
    parts: list[list[Spot]] = []
    for spot in spots:
        away = apart(parts[-1][-1], spot) if parts else math.inf
        if away > GAP_M:
            parts.append([spot])
        elif away > _SAME_M:
            parts[-1].append(spot)
    return parts


def _reach(parts: list[list[Spot]], crossing: Spot) -> None:
    """Have the nearest part pass through a crossing, or go as far as it."""
    legs = [
        (*_nearest_on(start, end, crossing), part, place)
        for part in parts
        for place, (start, end) in enumerate(zip(part, part[1:] or part, strict=False))
    ]
    if not legs:
        return
    away, share, part, place = min(legs, key=lambda leg: leg[0])
    if away <= _SAME_M:
        return
    if share <= 0 and place == 0:
        _grow(part, 0, crossing, away)
    elif share >= 1 and place >= len(part) - 2:
        _grow(part, len(part), crossing, away)
    elif away <= _OFF_LINE_M:
        part.insert(place + 1, crossing)


def _grow(part: list[Spot], place: int, crossing: Spot, away: float) -> None:
    if away <= GAP_M:
        part.insert(place, crossing)


def _nearest_on(start: Spot, end: Spot, spot: Spot) -> tuple[float, float]:
    """How far a spot is from a leg, and at which share of the leg (0 to 1) it is nearest."""
    run, rise = end[0] - start[0], end[1] - start[1]
    square = run * run + rise * rise
    share = ((spot[0] - start[0]) * run + (spot[1] - start[1]) * rise) / square if square else 0.0
    share = min(1.0, max(0.0, share))
    return math.hypot(start[0] + share * run - spot[0], start[1] + share * rise - spot[1]), share
