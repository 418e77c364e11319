"""What the desk knows around a place, as a map draws it. Free of Qt: it is made on the desk thread."""

from __future__ import annotations

from dataclasses import dataclass

from guichet_sync.domain.location import Location
from guichet_sync.domain.plane import Plane, apart
from guichet_sync.language import fold

from ..desk.surroundings import Street, Surroundings
from ..widgets.map_plan import MapBlock, MapMark, MapPlan, MapStreet

_SHORT = {"avenue": "av.", "boulevard": "boul.", "chemin": "ch."}
"""As the city's own signs have them."""

_GREEN = ("parc", "jardin", "boise")
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan of what is around, whether there is anything, and the nearest streets by their full names, nearest first."""

    around: Surroundings
    plan: MapPlan
    nearest: tuple[str, ...]


def drawn(around: Surroundings) -> Drawn:
    """Draw what is around."""
    plan = MapPlan(
        around.point,
        streets=[MapStreet(short(street.name), street.line, street.major) for street in around.streets],
        blocks=[MapBlock(house.at, house.civic, house.heading) for house in around.houses],
        marks=[_mark(place) for place in around.places],
    )
    plane = Plane(around.point)
    by_distance = sorted(around.streets, key=lambda street: _away(plane, street))
    return Drawn(around, plan, tuple(dict.fromkeys(street.name for street in by_distance))[:_NAMED])


def short(name: str) -> str:
    """The name of a street with its kind abbreviated: "boul. des Pins"."""
    kind, space, rest = name.partition(" ")
    return f"{_SHORT.get(kind.lower(), kind)}{space}{rest}"


def _mark(place: Location) -> MapMark:
    green = fold(place.label).partition(" ")[0] in _GREEN
    role, icon = ("park", "trees") if green else ("bldg", "building-2")
    return MapMark((place.lat, place.lon), place.label, role, icon)


def _away(plane: Plane, street: Street) -> float:
    return min(apart((0.0, 0.0), plane.spot(point)) for point in street.line)
