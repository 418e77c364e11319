"""Places of the city and what is collected there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from .category import PlaceKind
from .words import Bilingual

_EARTH_RADIUS_M = 6_371_008.8
_ROUNDING = 1e-7
"""Degrees, a centimetre: more than what floats may lose."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place the city knows, in WGS 84 degrees."""

    id: str
    kind: PlaceKind
    label: str
    lat: float
    lon: float
    civic: str = ""
    street: str = ""
    postal_code: str = ""
    sector: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a request is: a known place (``id``), or a point, or only words. ``label`` is what people read."""

    id: str = ""
    label: str = ""
    lat: float | None = None
    lon: float | None = None
    sector: str = ""
    district: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """``(lat, lon)`` in degrees where the place is situated."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)

    @classmethod
    def of(cls, place: Location) -> Whereabouts:
        """The whereabouts of a known place."""
        return cls(place.id, place.label, place.lat, place.lon, place.sector, place.district)


@dataclass(frozen=True, slots=True)
class Collection:
    """One pick-up of one material in one sector; ``moved_because`` names the closed day that shifted it."""

    sector: str
    material: str
    on: date
    moved_because: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """A collected material and its name."""

    key: str
    name: Bilingual


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in metres between two ``(lat, lon)`` points in degrees (haversine)."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    rise = math.sin((lat_b - lat_a) / 2) ** 2
    run = math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(rise + run)))


def box(point: tuple[float, float], radius_m: float) -> tuple[float, float, float, float]:
    """``(south, north, west, east)`` in degrees: the smallest rectangle around the circle of ``radius_m`` at ``point``.

    Not meant for the neighbourhood of the 180th meridian.
    """
    lat, lon = point
    angle = radius_m / _EARTH_RADIUS_M
    rise, run = math.degrees(angle), 180.0
    if angle + math.radians(abs(lat)) < math.pi / 2:
        run = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(lat)))))
    return lat - rise - _ROUNDING, lat + rise + _ROUNDING, lon - run - _ROUNDING, lon + run + _ROUNDING
