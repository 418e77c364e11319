"""What is around a point: streets as a plan draws them, houses, known places; and the known place that is nearest.

No post has the geometry of streets: they are drawn through the addresses of this post's copy, so that this is a schematic plan.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guichet_sync.domain.category import PlaceKind
from guichet_sync.domain.location import Location, distance_m
from guichet_sync.domain.plane import Plane, Point
from guichet_sync.language import fold
from guichet_sync.store import places

from .desk import Desk
from .street_lines import Door, drawn

NEAREST_M = 60.0
"""Farther than that, a point is no longer at an address."""

_MOST = 4_000
"""Places read at most; the nearest ones are."""

_CANDIDATES = 8
_CIVIC = re.compile(r"\d+")
_CIVIC_BEFORE = re.compile(r"^\d+\s*[A-Za-z]?,?\s+(?=\D)")
_MAJOR = ("boulevard", "boul", "autoroute", "aut", "route", "rte")
_CROSS = " / "


@dataclass(frozen=True, slots=True)
class Street:
    """A part of a street: its name, whether it is a main one, its line."""

    name: str
    line: tuple[Point, ...]
    major: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """An address: where it is, its civic number, the direction of its street (radians from the east, anticlockwise)."""

    at: Point
    civic: str
    heading: float = 0.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What this post's copy knows within ``radius_m`` metres of ``point``; ``places`` are neither addresses nor crossings."""

    point: Point
    radius_m: float
    streets: tuple[Street, ...] = ()
    houses: tuple[House, ...] = ()
    places: tuple[Location, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known there."""
        return not (self.streets or self.houses or self.places)


def around(desk: Desk, point: Point, radius_m: float) -> Surroundings:
    """What is around a point; of a very dense place, what is nearest. A street goes as far as its doors and crossings there."""
    known = places.near(desk.store, point, radius_m, _MOST)
    plane = Plane(point)
    streets: list[Street] = []
    houses: list[House] = []
    for name, doors, crossings in _by_street(known):
        street = drawn(_doors(plane, doors), [plane.spot(_at(each)) for each in crossings])
        streets += [Street(name, tuple(map(plane.point, line)), _is_major(name)) for line in street.lines]
        houses += _houses(doors, street.headings)
    others = tuple(each for each in known if each.kind not in (PlaceKind.ADDRESS, PlaceKind.INTERSECTION))
    return Surroundings(point, radius_m, tuple(streets), tuple(houses), others)


def nearest(desk: Desk, point: Point, within_m: float = NEAREST_M) -> Location | None:
    """The known place nearest to a point, an address or another, if there is one within ``within_m`` metres."""
    found = places.near(desk.store, point, within_m, _CANDIDATES)
    first = min(found, key=lambda each: distance_m(point, _at(each)), default=None)
    return first if first and distance_m(point, _at(first)) <= within_m else None


def _by_street(known: Iterable[Location]) -> list[tuple[str, list[Location], list[Location]]]:
    """For each street, in the order of its name: its addresses, and the crossings it is one of."""
    doors: dict[str, list[Location]] = defaultdict(list)
    crossings: dict[str, list[Location]] = defaultdict(list)
    for each in known:
        if each.kind is PlaceKind.ADDRESS and each.street:
            doors[_CIVIC_BEFORE.sub("", each.street)].append(each)
        elif each.kind is PlaceKind.INTERSECTION:
            for name in dict.fromkeys((each.street, *each.label.split(_CROSS))):
                crossings[name].append(each)
    return [(name, found, crossings[name]) for name, found in sorted(doors.items())]


def _doors(plane: Plane, addresses: Iterable[Location]) -> list[Door]:
    """Those with a number; the first of several at one number is its door."""
    doors: dict[int, Door] = {}
    for each in addresses:
        if number := _number(each):
            doors.setdefault(number, Door(number, plane.spot(_at(each))))
    return list(doors.values())


def _houses(addresses: Sequence[Location], headings: Mapping[int, float]) -> list[House]:
    """One for each place where something stands: several addresses of one building are one house."""
    standing = {_at(each): each for each in reversed(addresses)}
    return [House(at, each.civic, headings.get(_number(each), 0.0)) for at, each in standing.items()]


def _number(address: Location) -> int:
    """The civic number without its letter; 0 where it begins with none."""
    found = _CIVIC.match(address.civic)
    return int(found[0]) if found else 0


def _is_major(name: str) -> bool:
    return fold(name).replace(".", " ").split(" ")[0] in _MAJOR


def _at(place: Location) -> Point:
    return place.lat, place.lon
