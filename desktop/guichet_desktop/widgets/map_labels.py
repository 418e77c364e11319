"""Where the words of a map stand: along the streets, beside the places, never over one another."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from .map_plan import legs
from .map_view import Pixel

_TURN = math.radians(12)
"""A street that turns by more is another run: its name would not lie on it."""

_SHARES = (0.24, 0.76, 0.12, 0.88, 0.5, 0.36, 0.64, 0.06, 0.94)
"""Where along a run a name is tried: the middle of the map is where the pins are."""

_REPEAT = 4.5
"""A name comes again on a run that is so many times its length."""

_CELL = 64
_HALO = 10

Disc = tuple[float, float, float]
"""Its middle and radius, in pixels."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font by its family, its size in pixels, its weight."""

    family: str
    size: int
    weight: int

    def made(self) -> QFont:
        """Qt's own."""
        font = QFont(self.family)
        font.setPixelSize(self.size)
        font.setWeight(QFont.Weight(self.weight))
        return font


@dataclass(frozen=True, slots=True)
class Text:
    """Words in a font, their width and height in pixels."""

    words: str
    font: Font
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of words and of the halo around them, the halo's width, the pixels of the screen in one of ours."""

    words: str
    halo: str
    width: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Label:
    """A text to paint: its middle, and its angle in degrees, clockwise."""

    text: Text
    at: Pixel
    angle: float = 0.0


@lru_cache(maxsize=1024)
def text_of(words: str, font: Font) -> Text:
    """Words in a font."""
    metrics = QFontMetricsF(font.made())
    return Text(words, font, metrics.horizontalAdvance(words), metrics.ascent())


def paint_label(painter: QPainter, label: Label, ink: Ink) -> None:
    """Paint a label."""
    image = _image(label.text, ink)
    painter.save()
    painter.translate(*label.at)
    painter.rotate(label.angle)
    painter.drawImage(QPointF(-image.width() / ink.ratio / 2, -image.height() / ink.ratio / 2), image)
    painter.restore()


@lru_cache(maxsize=256)
def _image(text: Text, ink: Ink) -> QImage:
    """Words in their halo, painted once: a halo made of outlines would take a millisecond each time."""
    width, height = text.width + 4 * ink.width, 2 * text.height
    image = QImage(math.ceil(width * ink.ratio), math.ceil(height * ink.ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ink.ratio)
    image.fill(Qt.GlobalColor.transparent)
    font = text.font.made()
    at = QPointF(
        image.width() / ink.ratio / 2 - text.width / 2, image.height() / ink.ratio / 2 + QFontMetricsF(font).capHeight() / 2
    )
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(QColor(ink.halo))
    for radius, turns in ((ink.width, _HALO), (ink.width / 2, _HALO // 2)):
        for turn in range(turns):
            angle = turn * math.tau / turns
            painter.drawText(at + QPointF(math.cos(angle), math.sin(angle)) * radius, text.words)
    painter.setPen(QColor(ink.words))
    painter.drawText(at, text.words)
    painter.end()
    return image


class Room:
    """What is taken already, as discs: a text is a row of them, at any angle. ``sight`` is what is seen at first: a text is in it
    or out of it, never cut by its edge, and ``edge`` pixels away from it.
    """

    def __init__(self, sight: Box, edge: float) -> None:
        self._sight, self._edge = sight, edge
        self._discs: dict[tuple[int, int], list[Disc]] = defaultdict(list)

    def takes(self, label: Label) -> bool:
        """Take the room of a label, if it is free."""
        discs = _discs(label)
        seen = self._is_seen(discs[0])
        if seen is None or not all(self._is_seen(disc) is seen and self._touches_none(disc) for disc in discs):
            return False
        for disc in discs:
            self.reserve(*disc)
        return True

    def takes_disc(self, x: float, y: float, radius: float) -> bool:
        """Take a disc, if it is free, wherever it is."""
        free = self._touches_none((x, y, radius))
        if free:
            self.reserve(x, y, radius)
        return free

    def reserve(self, x: float, y: float, radius: float) -> None:
        """Keep words from a disc."""
        for cell in _cells(x, y, radius):
            self._discs[cell].append((x, y, radius))

    def reserve_row(self, start: Pixel, end: Pixel, radius: float) -> None:
        """Keep words from a row of discs."""
        count = 1 + math.ceil(math.dist(start, end) / radius)
        for place in range(count + 1):
            share = place / count
            self.reserve(start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]), radius)

    def _is_seen(self, disc: Disc) -> bool | None:
        """Whether a disc is in what is seen at first; None where its edge cuts it."""
        (x, y, radius), (left, top, right, bottom), edge = disc, self._sight, self._edge
        if left + radius + edge <= x <= right - radius - edge and top + radius + edge <= y <= bottom - radius - edge:
            return True
        out = x + radius < left or x - radius > right or y + radius < top or y - radius > bottom
        return False if out else None

    def _touches_none(self, disc: Disc) -> bool:
        x, y, radius = disc
        for cell in _cells(x, y, radius):
            for other_x, other_y, other_radius in self._discs.get(cell, ()):
                if math.hypot(x - other_x, y - other_y) < radius + other_radius:
                    return False
        return True


def along(text: Text, line: Sequence[Pixel], first: int) -> Iterator[list[Label]]:
    """Where a street's name may stand on its line: a list of choices for each place it is wanted at. ``first`` varies the order,
    so that parallel streets do not have their names in one column.
    """
    for start, end in _runs(line):
        length = math.hypot(end[0] - start[0], end[1] - start[1])
        if length >= text.width + text.height:
            wanted = 1 + int(length / (_REPEAT * max(text.width, 1)) / 2)
            for part in range(wanted):
                shares = [_SHARES[(first + place) % len(_SHARES)] for place in range(len(_SHARES))]
                yield [_on(text, start, end, (part + share) / wanted) for share in shares]


def steepness(line: Sequence[Pixel]) -> float:
    """How far a line is from the level, 0 to 1: level names are read at a glance, they choose first."""
    run, rise = line[-1][0] - line[0][0], line[-1][1] - line[0][1]
    return abs(rise) / max(1.0, math.hypot(run, rise))


def beside(text: Text, at: Pixel, gap: float) -> list[Label]:
    """Where the name of a place may stand: right of it, left, below, above."""
    across, down = gap + text.width / 2, gap + text.height * 0.7
    ways = ((across, 0.0), (-across, 0.0), (0.0, down), (0.0, -down))
    return [Label(text, (at[0] + x, at[1] + y)) for x, y in ways]


def _on(text: Text, start: Pixel, end: Pixel, share: float) -> Label:
    angle = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    upright = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
    return Label(text, (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])), upright)


def _runs(line: Sequence[Pixel]) -> Iterator[tuple[Pixel, Pixel]]:
    """The straight parts of a line, each by its two ends."""
    start, heading = line[0], math.nan
    for before, after in legs(line):
        turn = math.atan2(after[1] - before[1], after[0] - before[0])
        if not math.isnan(heading) and abs(math.remainder(turn - heading, math.tau)) > _TURN:
            yield start, before
            start, heading = before, turn
        elif math.isnan(heading):
            heading = turn
    yield start, line[-1]


def _discs(label: Label) -> list[Disc]:
    radius = label.text.height * 0.62
    half = max(0.0, label.text.width / 2 - radius / 2)
    count = max(2, math.ceil(2 * half / (1.4 * radius)) + 1)
    run, rise = half * math.cos(math.radians(label.angle)), half * math.sin(math.radians(label.angle))
    shares = (2 * place / (count - 1) - 1 for place in range(count))
    return [(label.at[0] + share * run, label.at[1] + share * rise, radius) for share in shares]


def _cells(x: float, y: float, radius: float) -> list[tuple[int, int]]:
    columns = range(int((x - radius) // _CELL), int((x + radius) // _CELL) + 1)
    rows = range(int((y - radius) // _CELL), int((y + radius) // _CELL) + 1)
    return [(column, row) for column in columns for row in rows]
