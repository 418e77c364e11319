"""The still picture of a map: land, surfaces, buildings, streets, circle, words. Painted once for a view a little larger than
what is in sight, kept, and shown as long as what is in sight stays within it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPainter, QPen, QPixmap, QPolygonF

from guichet_sync.domain.plane import Spot

from ..theme import Theme
from ..theme.icons import pixmap
from .map_labels import Font, Ink, Label, Room, Text, along, beside, paint_label, steepness, text_of
from .map_plan import MapPlan, Piece, Standing, legs
from .map_view import Pixel, View

_MARGIN = 0.15
"""Of the size in sight, on each side."""

_MINOR, _MAJOR = (9.0, 5, 16), (14.0, 7, 21)
"""Of a street: metres, the least and the most pixels."""

_BLOCKS_FROM, _NUMBERS_FROM, _MARKS_FROM, _MINOR_NAMES_FROM, _EDGES_FROM = 3.2, 0.9, 4.5, 4.0, 4.0
"""Metres a pixel from which they are worth showing."""

_PIN_ROOM, _EDGE = 16, 4
_MARK, _ICON, _MOST_NAMES = 16, 11, 40
_STRONG, _PLAIN = int(QFont.Weight.DemiBold), int(QFont.Weight.Medium)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is painted: the plan, the circle around the place (its middle and metres); the spots of pins, which no word hides."""

    plan: MapPlan
    circle: tuple[Spot, float] | None = None
    pins: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class _Painted:
    scene: Scene
    theme: Theme
    ratio: float
    view: View
    picture: QPixmap


class StillPicture:
    """Keeps the last picture painted."""

    def __init__(self) -> None:
        self._kept: _Painted | None = None

    def paint(self, painter: QPainter, scene: Scene, view: View, theme: Theme) -> None:
        """Paint what is in sight; at most one picture is painted anew for it."""
        ratio = painter.device().devicePixelRatio()
        kept = self._kept
        if kept is None or not _serves(kept, scene, view, theme, ratio):
            kept = self._kept = _painted(scene, view, theme, ratio)
        left, top = kept.view.pixel(view.spot((0, 0)))
        painter.drawPixmap(QPointF(-left, -top), kept.picture)


def _serves(kept: _Painted, scene: Scene, view: View, theme: Theme, ratio: float) -> bool:
    return kept.scene == scene and kept.theme == theme and kept.ratio == ratio and kept.view.holds(view)


def _painted(scene: Scene, view: View, theme: Theme, ratio: float) -> _Painted:
    wide = view.grown(math.ceil(_MARGIN * max(view.width, view.height)))
    picture = QPixmap(QSize(math.ceil(wide.width * ratio), math.ceil(wide.height * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(theme.colour("land"))
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    _Still(painter, scene, wide, view, theme).paint()
    painter.end()
    return _Painted(scene, theme, ratio, wide, picture)


class _Still:
    """One painting."""

    def __init__(self, painter: QPainter, scene: Scene, view: View, sight: View, theme: Theme) -> None:
        self._painter, self._scene, self._view, self._theme = painter, scene, view, theme
        self._plan, self._bounds = scene.plan, view.bounds
        self._pieces = self._plan.pieces.inside(self._bounds)
        left = (view.width - sight.width) / 2
        self._sight = (left, (view.height - sight.height) / 2, view.width - left, (view.height + sight.height) / 2)
        self._room = Room(self._sight, theme.px(_EDGE))
        self._labels: list[Label] = []
        self._family = QFontInfo(QFont()).family()

    def paint(self) -> None:
        """From the ground up."""
        self._painter.save()
        self._painter.translate(self._view.width / 2, self._view.height / 2)
        self._painter.scale(1 / self._view.scale, -1 / self._view.scale)
        self._painter.translate(-self._view.centre[0], -self._view.centre[1])
        self._surfaces()
        self._streets()
        self._circle()
        self._painter.restore()
        self._reserve_pins()
        self._reserve_corners()
        self._place_words()
        self._words()

    def _surfaces(self) -> None:
        shapes = self._plan.areas.inside(self._bounds)
        if self._view.scale <= _BLOCKS_FROM:
            shapes += self._plan.blocks.inside(self._bounds)
        self._painter.setPen(Qt.PenStyle.NoPen)
        for shape in shapes:
            self._painter.setBrush(self._theme.colour(shape.role))
            self._painter.drawPolygon(_polygon(shape.corners))

    def _streets(self) -> None:
        """Minor ones, then major ones over them; all edges of a rank before their insides, so that streets open into each other.
        From very far, minor ones are lines without edges.
        """
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for major, role in ((False, "road"), (True, "major")):
            lines = [_polygon(each.spots) for each in self._pieces if self._is_major(each) is major]
            width = self._width(major=major)
            for colour, wide in ((f"{role}Case", width + 2), (role, width)):
                if wide > width and not major and self._view.scale > _EDGES_FROM:
                    continue
                self._painter.setPen(self._pen(self._theme.colour(colour), wide))
                for line in lines:
                    self._painter.drawPolyline(line)

    def _circle(self) -> None:
        if self._scene.circle is None:
            return
        (x, y), radius = self._scene.circle
        fill = self._theme.colour("tint")
        fill.setAlphaF(0.55)
        pen = self._pen(self._theme.colour("brand"), self._theme.px(1.5))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([4, 2.5])
        self._painter.setPen(pen)
        self._painter.setBrush(fill)
        self._painter.drawEllipse(QPointF(x, y), radius, radius)

    def _pen(self, colour: QColor, pixels: float) -> QPen:
        pen = QPen(colour, pixels * self._view.scale)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        return pen

    def _width(self, *, major: bool) -> float:
        metres, least, most = _MAJOR if major else _MINOR
        return min(self._theme.px(most), max(self._theme.px(least), metres / self._view.scale))

    def _is_major(self, piece: Piece) -> bool:
        return self._plan.streets[piece.street].major

    def _reserve_pins(self) -> None:
        radius = self._theme.px(_PIN_ROOM)
        for spot in self._scene.pins:
            x, y = self._view.pixel(spot)
            self._room.reserve(x, y - radius, radius * 1.2)

    def _reserve_corners(self) -> None:
        """Where, at first, caption, scale and tools are."""
        left, _top, right, bottom = self._sight
        px = self._theme.px
        low = bottom - px(18)
        self._room.reserve_row((left + px(14), low), (left + px(105), low), px(14))
        self._room.reserve_row((right - px(100), low), (right - px(14), low), px(14))
        self._room.reserve_row((right - px(22), self._sight[1] + px(14)), (right - px(22), self._sight[1] + px(100)), px(18))

    def _place_words(self) -> None:
        """Main streets have the first choice, then places, then the other streets, then civic numbers."""
        streets = self._in_sight()
        self._name_streets(street for street in streets if self._plan.streets[street[0]].major)
        if self._view.scale <= _MARKS_FROM:
            self._name_marks(self._plan.marks.inside(self._bounds))
        if self._view.scale <= _MINOR_NAMES_FROM:
            self._name_streets(street for street in streets if not self._plan.streets[street[0]].major)
        if self._view.scale <= _NUMBERS_FROM:
            for each in self._plan.numbers.inside(self._bounds):
                self._take([Label(self._text(each.text, 10, _PLAIN), self._view.pixel(each.spot))])

    def _in_sight(self) -> list[tuple[int, list[Pixel]]]:
        """For each street, the line that is in sight; level ones first."""
        lines: dict[int, list[Spot]] = {}
        for piece in self._pieces:
            lines.setdefault(piece.street, []).extend(piece.spots)
        clipped = ((street, list(self._clipped(spots))) for street, spots in lines.items())
        return sorted(((street, line) for street, line in clipped if line), key=lambda each: steepness(each[1]))

    def _clipped(self, spots: Iterable[Spot]) -> Iterator[Pixel]:
        """Pixels of a line, cut at the edge of the sight, or of the picture where it is never in sight."""
        pixels = list(map(self._view.pixel, spots))
        for box in (self._sight, (0.0, 0.0, self._view.width, self._view.height)):
            parts = [part for before, after in legs(pixels) if (part := _clip(before, after, box))]
            if parts:
                return (end for part in parts for end in part)
        return iter(())

    def _name_streets(self, streets: Iterable[tuple[int, list[Pixel]]]) -> None:
        for number, line in streets:
            street = self._plan.streets[number]
            if len(self._labels) >= _MOST_NAMES:
                return
            if street.name:
                text = self._text(street.name, 11, _STRONG if street.major else _PLAIN)
                for choices in along(text, line, number):
                    self._take(choices)

    def _name_marks(self, marks: Sequence[Standing]) -> None:
        """All signs that have room first: a name hides none of them."""
        side = self._theme.px(_MARK)
        placed = [(mark, self._view.pixel(mark.spot)) for mark in marks]
        placed = [(mark, at) for mark, at in placed if self._room.takes_disc(*at, side / 2)]
        for mark, (x, y) in placed:
            self._painter.setPen(QPen(self._theme.colour("mapText"), 1))
            self._painter.setBrush(self._theme.colour(mark.role))
            self._painter.drawRoundedRect(QRectF(x - side / 2, y - side / 2, side, side), side / 4, side / 4)
            if mark.icon:
                size = self._theme.px(_ICON)
                self._painter.drawPixmap(QPointF(x - size / 2, y - size / 2), self._icon(mark.icon, size))
        for mark, at in placed:
            self._take(beside(self._text(mark.text, 11, _PLAIN), at, side * 0.75))

    def _icon(self, name: str, size: int) -> QPixmap:
        return pixmap(name, self._theme.colours["mapText"], size, self._painter.device().devicePixelRatio())

    def _text(self, words: str, size: int, weight: int) -> Text:
        return text_of(words, Font(self._family, self._theme.px(size), weight))

    def _take(self, choices: Iterable[Label]) -> None:
        taken = next((label for label in choices if self._room.takes(label)), None)
        if taken:
            self._labels.append(taken)

    def _words(self) -> None:
        """Each with a halo of the colour of the land."""
        colours, ratio = self._theme.colours, self._painter.device().devicePixelRatio()
        ink = Ink(colours["mapText"], colours["land"], self._theme.px(2), ratio)
        for label in self._labels:
            paint_label(self._painter, label, ink)


def _polygon(spots: Iterable[Spot]) -> QPolygonF:
    return QPolygonF([QPointF(*spot) for spot in spots])


def _clip(start: Pixel, end: Pixel, box: tuple[float, float, float, float]) -> tuple[Pixel, Pixel] | None:
    """The part of a leg that is in a box (left, top, right, bottom)."""
    left, top, right, bottom = box
    if left <= start[0] <= right and left <= end[0] <= right and top <= start[1] <= bottom and top <= end[1] <= bottom:
        return start, end
    run, rise = end[0] - start[0], end[1] - start[1]
    enters, leaves = 0.0, 1.0
    for step, room in (
        (-run, start[0] - left),
        (run, right - start[0]),
        (-rise, start[1] - top),
        (rise, bottom - start[1]),
    ):
        if step == 0 and room < 0:
            return None
        if step < 0:
            enters = max(enters, room / step)
        elif step > 0:
            leaves = min(leaves, room / step)
    if enters >= leaves:
        return None
    return (start[0] + enters * run, start[1] + enters * rise), (start[0] + leaves * run, start[1] + leaves * rise)
