"""A city on a plane: degrees to metres and back, true to a few centimetres a kilometre from where it touches the globe."""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]
"""``(lat, lon)`` in WGS 84 degrees."""

Spot = tuple[float, float]
"""``(x, y)`` in metres on a plane, east and north of its origin."""

_METRES_A_DEGREE = math.pi * 6_371_008.8 / 180


@dataclass(frozen=True, slots=True)
class Plane:
    """Touches the globe at ``origin``, which is not a pole."""

    origin: Point

    def spot(self, point: Point) -> Spot:
        """Where a point is on the plane."""
        (lat, lon), (south, west) = point, self.origin
        return (lon - west) * self._metres_a_degree_east(), (lat - south) * _METRES_A_DEGREE

    def point(self, spot: Spot) -> Point:
        """The point of a spot."""
        (x, y), (south, west) = spot, self.origin
        return south + y / _METRES_A_DEGREE, west + x / self._metres_a_degree_east()

    def _metres_a_degree_east(self) -> float:
        return _METRES_A_DEGREE * math.cos(math.radians(self.origin[0]))


def apart(a: Spot, b: Spot) -> float:
    """Metres between two spots."""
    return math.hypot(a[0] - b[0], a[1] - b[1])
