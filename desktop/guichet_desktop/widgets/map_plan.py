"""What a map shows, on a plane of metres, with a grid index: only what is in sight is ever looked at. Free of Qt."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from guichet_sync.domain.plane import Plane, Point, Spot

Item = TypeVar("Item")
Bounds = tuple[float, float, float, float]
"""``(west, south, east, north)`` in metres."""

_CELL_M = 250.0
_LEGS = 12
"""Legs of a street that are one piece of the index."""

_BLOCK_M = (16.0, 12.0)


@dataclass(frozen=True, slots=True)
class MapStreet:
    """A line of ``(lat, lon)`` degrees and its name; ``major`` ones are wider."""

    name: str
    line: tuple[Point, ...]
    major: bool = False


@dataclass(frozen=True, slots=True)
class MapArea:
    """A surface; ``kind`` is the role of its colour: ``park`` or ``water``."""

    ring: tuple[Point, ...]
    kind: str = "park"


@dataclass(frozen=True, slots=True)
class MapBlock:
    """Something built: its number, the direction it is parallel to (radians from the east, anticlockwise)."""

    at: Point
    label: str = ""
    heading: float = 0.0


@dataclass(frozen=True, slots=True)
class MapMark:
    """A place with a name; ``role`` is that of its colour, ``icon`` the name of what stands on it."""

    at: Point
    name: str
    role: str = "bldg"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A numbered pin: where it stands, what it is, its number, the role of its colour."""

    lat: float
    lon: float
    label: str
    number: int
    tone: str = "warn"

    @property
    def at(self) -> Point:
        """``(lat, lon)`` in degrees."""
        return self.lat, self.lon


@dataclass(frozen=True, slots=True)
class Piece:
    """Some legs of a street, in metres. ``street`` is its place among the streets."""

    street: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """Corners in metres, and the role of their colour."""

    corners: tuple[Spot, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Something at a spot, in metres."""

    spot: Spot
    text: str
    role: str = ""
    icon: str = ""


class Grid(Generic[Item]):
    """Items by the cells of a grid that their bounds touch."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._cells: dict[tuple[int, int], list[int]] = defaultdict(list)

    def add(self, item: Item, spots: Iterable[Spot]) -> None:
        """Add an item that lies within the rectangle around ``spots``."""
        for cell in _cells(_bounds(spots)):
            self._cells[cell].append(len(self._items))
        self._items.append(item)

    def inside(self, bounds: Bounds) -> list[Item]:
        """The items that may touch a rectangle, in the order they were added."""
        empty: list[int] = []
        places = {place for cell in _cells(bounds) for place in self._cells.get(cell, empty)}
        return [self._items[place] for place in sorted(places)]


class MapPlan:
    """Streets, surfaces, buildings and places around ``origin``, made once: it may be made on any thread, and never changes."""

    def __init__(
        self,
        origin: Point,
        streets: Iterable[MapStreet] = (),
        areas: Iterable[MapArea] = (),
        blocks: Iterable[MapBlock] = (),
        marks: Iterable[MapMark] = (),
    ) -> None:
        self.plane = Plane(origin)
        self.streets = tuple(streets)
        self.pieces: Grid[Piece] = Grid()
        self.areas: Grid[Shape] = Grid()
        self.blocks: Grid[Shape] = Grid()
        self.numbers: Grid[Standing] = Grid()
        self.marks: Grid[Standing] = Grid()
        for place, street in enumerate(self.streets):
            self._add_street(place, street)
        for area in areas:
            self._add_area(area)
        for block in blocks:
            self._add_block(block)
        for mark in marks:
            spot = self.plane.spot(mark.at)
            self.marks.add(Standing(spot, mark.name, mark.role, mark.icon), (spot,))

    def _add_street(self, place: int, street: MapStreet) -> None:
        spots = tuple(map(self.plane.spot, street.line))
        for first in range(0, max(1, len(spots) - 1), _LEGS):
            piece = Piece(place, spots[first : first + _LEGS + 1])
            self.pieces.add(piece, piece.spots)

    def _add_area(self, area: MapArea) -> None:
        shape = Shape(tuple(map(self.plane.spot, area.ring)), area.kind)
        self.areas.add(shape, shape.corners)

    def _add_block(self, block: MapBlock) -> None:
        spot = self.plane.spot(block.at)
        shape = Shape(_corners(spot, block.heading), "bldg")
        self.blocks.add(shape, shape.corners)
        if block.label:
            self.numbers.add(Standing(spot, block.label), (spot,))


def legs(spots: Iterable[Spot]) -> Iterator[tuple[Spot, Spot]]:
    """The legs of a line, those of no length left out."""
    return (leg for leg in pairwise(spots) if leg[0] != leg[1])


def _corners(spot: Spot, heading: float) -> tuple[Spot, ...]:
    along, across = _BLOCK_M[0] / 2, _BLOCK_M[1] / 2
    cosine, sine = math.cos(heading), math.sin(heading)
    corners = ((-along, -across), (along, -across), (along, across), (-along, across))
    return tuple((spot[0] + x * cosine - y * sine, spot[1] + x * sine + y * cosine) for x, y in corners)


def _bounds(spots: Iterable[Spot]) -> Bounds:
    easts, norths = zip(*spots, strict=True)
    return min(easts), min(norths), max(easts), max(norths)


def _cells(bounds: Bounds) -> Iterator[tuple[int, int]]:
    west, south, east, north = (math.floor(each / _CELL_M) for each in bounds)
    return ((column, row) for column in range(west, east + 1) for row in range(south, north + 1))
