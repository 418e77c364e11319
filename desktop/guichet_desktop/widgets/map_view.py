"""Which part of a map is in sight: metres to pixels and back."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from guichet_sync.domain.plane import Spot

from .map_plan import Bounds

Pixel = tuple[float, float]

NEAREST, FARTHEST = 0.1, 6.0
"""Metres a pixel, when nothing is nearer or farther."""


@dataclass(frozen=True, slots=True)
class View:
    """The spot in the middle, metres a pixel, the size in pixels."""

    centre: Spot
    scale: float
    width: float
    height: float

    def pixel(self, spot: Spot) -> Pixel:
        """Where a spot is seen."""
        x = self.width / 2 + (spot[0] - self.centre[0]) / self.scale
        return x, self.height / 2 - (spot[1] - self.centre[1]) / self.scale

    def spot(self, pixel: Pixel) -> Spot:
        """The spot that is seen at a pixel."""
        x = self.centre[0] + (pixel[0] - self.width / 2) * self.scale
        return x, self.centre[1] - (pixel[1] - self.height / 2) * self.scale

    @property
    def bounds(self) -> Bounds:
        """What is in sight, in metres."""
        (west, north), (east, south) = self.spot((0, 0)), self.spot((self.width, self.height))
        return west, south, east, north

    @property
    def reach_m(self) -> float:
        """How far the corners are from the middle."""
        return math.hypot(self.width, self.height) / 2 * self.scale

    def fitted(self, radius_m: float) -> View:
        """With a circle of that radius as wide as half the smaller side."""
        return self._at_scale(4 * radius_m / max(1.0, min(self.width, self.height)))

    def panned(self, right: float, down: float) -> View:
        """Looking so many pixels to the right and below."""
        return replace(self, centre=(self.centre[0] + right * self.scale, self.centre[1] - down * self.scale))

    def zoomed(self, factor: float, about: Pixel) -> View:
        """``factor`` times nearer; what is seen at ``about`` stays where it is."""
        kept = self.spot(about)
        nearer = self._at_scale(self.scale / factor)
        moved = nearer.spot(about)
        return replace(nearer, centre=(nearer.centre[0] + kept[0] - moved[0], nearer.centre[1] + kept[1] - moved[1]))

    def grown(self, margin: float) -> View:
        """The same with so many pixels more on each side."""
        return replace(self, width=self.width + 2 * margin, height=self.height + 2 * margin)

    def holds(self, other: View) -> bool:
        """Whether all of another view of the same scale is in sight."""
        own, bounds = self.bounds, other.bounds
        west, south = own[0] <= bounds[0], own[1] <= bounds[1]
        return self.scale == other.scale and west and south and own[2] >= bounds[2] and own[3] >= bounds[3]

    def _at_scale(self, scale: float) -> View:
        return replace(self, scale=min(FARTHEST, max(NEAREST, scale)))
