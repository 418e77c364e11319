"""Pins over a map: the place itself, and numbered ones. Those that would hide each other are fanned out, their tips in place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen

from ..theme import Theme
from .map_view import Pixel

_MAIN, _NUMBERED = 11.0, 10.0
"""Radius of a head, in pixels at 100 %."""

_STEM = 1.9
"""From the tip to the middle of the head, in radii."""

_FAN, _STEP = 160.0, 48.0
"""Degrees: a whole fan at most, from one pin to the next at most."""


@dataclass(frozen=True, slots=True)
class PinMark:
    """A pin to paint: its tip, what stands in its head (nothing in that of the place itself), the role of its colour."""

    at: Pixel
    words: str = ""
    tone: str = "brand"


@dataclass(frozen=True, slots=True)
class _Placed:
    mark: PinMark
    head: Pixel
    radius: float


def paint_pins(painter: QPainter, marks: Sequence[PinMark], theme: Theme) -> None:
    """Paint pins, the first one last: it is over all others."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    placed = [each for group in _groups(marks, theme.px(2.2 * _NUMBERED)) for each in _fanned(group, theme)]
    for each in sorted(placed, key=lambda each: not each.mark.words):
        _paint(painter, each, theme)


def _groups(marks: Iterable[PinMark], near: float) -> list[list[PinMark]]:
    """Pins that stand so near one another that they would hide each other."""
    groups: list[list[PinMark]] = []
    for mark in marks:
        home = next((group for group in groups if math.dist(group[0].at, mark.at) < near), None)
        if home is None:
            groups.append([mark])
        else:
            home.append(mark)
    return groups


def _fanned(group: Sequence[PinMark], theme: Theme) -> list[_Placed]:
    """Side by side from left to right: as they stand, else in their order, the place itself in the middle."""
    ordered = sorted(_main_in_the_middle(group), key=lambda mark: round(mark.at[0]))
    step = min(_STEP, _FAN / max(1, len(ordered) - 1))
    apart = theme.px(_MAIN + 1) / math.sin(math.radians(step / 2)) if len(ordered) > 1 else 0.0
    return [_leaning(mark, step * (place - (len(ordered) - 1) / 2), apart, theme) for place, mark in enumerate(ordered)]


def _main_in_the_middle(group: Sequence[PinMark]) -> list[PinMark]:
    numbered = [mark for mark in group if mark.words]
    half = len(numbered) // 2
    return [*numbered[:half], *(mark for mark in group if not mark.words), *numbered[half:]]


def _leaning(mark: PinMark, degrees: float, apart: float, theme: Theme) -> _Placed:
    """A pin whose head leans from the upright, at least ``apart`` pixels from its tip."""
    radius, angle = theme.px(_NUMBERED if mark.words else _MAIN), math.radians(degrees)
    stem = max(_STEM * radius, apart)
    return _Placed(mark, (mark.at[0] + stem * math.sin(angle), mark.at[1] - stem * math.cos(angle)), radius)


def _paint(painter: QPainter, pin: _Placed, theme: Theme) -> None:
    outline = QPen(theme.colour("surface"), theme.px(2))
    outline.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    path = _drop(pin)
    painter.strokePath(path, outline)
    painter.fillPath(path, theme.colour(pin.mark.tone))
    if pin.mark.words:
        _write(painter, pin, theme)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("onBrand"))
        painter.drawEllipse(QPointF(*pin.head), pin.radius * 0.4, pin.radius * 0.4)


def _drop(pin: _Placed) -> QPainterPath:
    """A head and what narrows from it to the tip."""
    path, cone = QPainterPath(), QPainterPath(QPointF(*pin.mark.at))
    path.addEllipse(QPointF(*pin.head), pin.radius, pin.radius)
    stem = math.dist(pin.mark.at, pin.head)
    lean = math.atan2(pin.mark.at[1] - pin.head[1], pin.mark.at[0] - pin.head[0])
    side = math.acos(min(1.0, pin.radius / stem))
    for angle in (lean - side, lean + side):
        cone.lineTo(pin.head[0] + pin.radius * math.cos(angle), pin.head[1] + pin.radius * math.sin(angle))
    cone.closeSubpath()
    return path.united(cone)


def _write(painter: QPainter, pin: _Placed, theme: Theme) -> None:
    font = QFont(painter.font())
    font.setPixelSize(theme.px(12 if len(pin.mark.words) == 1 else 10))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(theme.colour("surface"))
    room = QRectF(pin.head[0] - pin.radius, pin.head[1] - pin.radius, 2 * pin.radius, 2 * pin.radius)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, pin.mark.words)
