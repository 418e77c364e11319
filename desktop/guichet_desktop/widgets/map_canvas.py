"""A map that needs no network: streets, a circle around a place, numbered pins. It knows nothing of what they mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from guichet_sync.domain.plane import Point

from ..theme import Theme
from ..theme.look import Look
from .map_hand import MapHand
from .map_pins import PinMark, paint_pins
from .map_plan import MapPlan, Pin
from .map_still import Scene, StillPicture
from .map_view import Pixel, View

_NOWHERE = (0.0, 0.0)
_WIDTH, _HEIGHT, _LEAST = 340, 250, 180
_LEAST_RADIUS_M = 120.0
_BAR_SHARE = 0.24
_RADIUS = 10
_SAME = 1e-6
"""Degrees: the pin of the place marks the middle, where nobody panned away from it."""


class MapCanvas(QLabel):
    """Emits ``picked(lat, lon)`` in degrees at a double click, or at Enter for the cross in the middle; ``moved`` when what is in
    sight changes. Who uses it says in its accessible description what the picture shows.
    """

    picked = Signal(float, float)
    moved = Signal()

    def __init__(self, look: Look, accessible_name: str) -> None:
        super().__init__()
        self._look, self._still = look, StillPicture()
        self._plan = MapPlan(_NOWHERE)
        self._view = View((0.0, 0.0), 1.0, _WIDTH, _HEIGHT)
        self._place: tuple[Point, float] | None = None
        self._pins: tuple[Pin, ...] = ()
        self._caption = ""
        self.setAccessibleName(accessible_name)
        self.setPixmap(QPixmap(1, 1))  # never painted: a label that has one is a picture to a screen reader
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self.updateGeometry)
        MapHand(self, self)

    def take_tools(self, tools: Sequence[QWidget]) -> None:
        """Stand buttons in the upper right corner, one below the other."""
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        for tool in tools:
            tool.setCursor(Qt.CursorShape.ArrowCursor)
            column.addWidget(tool, 0, Qt.AlignmentFlag.AlignRight)
        column.addStretch(1)

    def show_plan(self, plan: MapPlan, caption: str = "") -> None:
        """Show a plan, staying where one looks; ``caption`` says what kind of map it is."""
        centre = self.centre
        self._plan, self._caption = plan, caption
        self._look_at(replace(self._view, centre=plan.plane.spot(centre)))

    def show_place(self, point: Point, radius_m: float) -> None:
        """Show a place, with a circle of ``radius_m`` metres around it (0 is none), and go there."""
        self._place = (point, radius_m)
        self.go_home()

    def show_pins(self, pins: Sequence[Pin]) -> None:
        """Show these pins, and no other."""
        self._pins = tuple(pins)
        self.update()

    @property
    def centre(self) -> Point:
        """``(lat, lon)`` of the middle, in degrees."""
        return self._plan.plane.point(self._view.centre)

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pins shown."""
        return self._pins

    @property
    def view(self) -> View:
        """What is in sight, on the plane of the plan."""
        return self._view

    def pan(self, right: float, down: float) -> None:
        """Look so many pixels to the right and below."""
        self._look_at(self._view.panned(right, down))

    def zoom(self, factor: float, about: Pixel | None = None) -> None:
        """Come ``factor`` times nearer around a pixel, or around the middle."""
        self._look_at(self._view.zoomed(factor, about or (self._view.width / 2, self._view.height / 2)))

    def go_home(self) -> None:
        """Back to the place, if there is one, its circle in full sight."""
        if self._place:
            (point, radius_m), plane = self._place, self._plan.plane
            self._look_at(replace(self._view, centre=plane.spot(point)).fitted(max(radius_m, _LEAST_RADIUS_M)))

    def pick(self, at: Pixel | None = None) -> None:
        """Choose the point seen at a pixel, or in the middle."""
        spot = self._view.spot(at) if at else self._view.centre
        self.picked.emit(*self._plan.plane.point(spot))

    def pixel_of(self, point: Point) -> Pixel:
        """Where a point is seen, in pixels of this widget."""
        return self._view.pixel(self._plan.plane.spot(point))

    def sizeHint(self) -> QSize:
        """A panel."""
        return QSize(self._look.theme.px(_WIDTH), self._look.theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Room enough for the tools and a few streets."""
        return QSize(_LEAST, _LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is in the middle stays there."""
        super().resizeEvent(event)
        self._look_at(replace(self._view, width=self.width(), height=self.height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The still picture, then what stands over it."""
        theme, painter = self._look.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.setClipPath(frame)
        self._still.paint(painter, self._scene(), self._view, theme)
        paint_pins(painter, self._marks(), theme)
        _paint_caption(painter, self._caption, self._view, theme)
        _paint_bar(painter, self._view, theme)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawPath(frame)
        if self.hasFocus():
            _paint_ring(painter, self._view, theme)
            if self._place is None or math.dist(self.centre, self._place[0]) > _SAME:
                _paint_cross(painter, self._view, theme)
        painter.end()

    def _look_at(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self.moved.emit()
        self.update()

    def _scene(self) -> Scene:
        plane = self._plan.plane
        points = [pin.at for pin in self._pins]
        circle = None
        if self._place:
            point, radius_m = self._place
            points.append(point)
            circle = (plane.spot(point), radius_m) if radius_m else None
        return Scene(self._plan, circle, tuple(map(plane.spot, points)))

    def _marks(self) -> list[PinMark]:
        numbered = [PinMark(self.pixel_of(pin.at), str(pin.number), pin.tone) for pin in self._pins]
        return numbered + ([PinMark(self.pixel_of(self._place[0]))] if self._place else [])


def _paint_caption(painter: QPainter, caption: str, view: View, theme: Theme) -> None:
    if not caption:
        return
    font, room = _small(painter, theme)
    width, height = room.horizontalAdvance(caption) + theme.px(12), room.height() + theme.px(4)
    chip = QRectF(theme.px(8), view.height - height - theme.px(8), width, height)
    _chip(painter, chip, theme)
    painter.setFont(font)
    painter.setPen(theme.colour("text2"))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, caption)


def _paint_bar(painter: QPainter, view: View, theme: Theme) -> None:
    """A round length of 1, 2 or 5, with a no-break space before its unit."""
    metres = _round_length(_BAR_SHARE * view.width * view.scale)
    words = f"{metres // 1000}\u00a0km" if metres >= 1000 else f"{metres}\u00a0m"
    font, room = _small(painter, theme)
    length, height, edge = metres / view.scale, room.height() + theme.px(8), theme.px(8)
    width = max(length, room.horizontalAdvance(words)) + theme.px(12)
    chip = QRectF(view.width - width - edge, view.height - height - edge, width, height)
    _chip(painter, chip, theme)
    painter.setFont(font)
    painter.setPen(theme.colour("text2"))
    painter.drawText(chip.adjusted(0, theme.px(1), 0, -theme.px(5)), Qt.AlignmentFlag.AlignCenter, words)
    left, bottom, tick = chip.center().x() - length / 2, chip.bottom() - theme.px(4), theme.px(4)
    painter.setPen(QPen(theme.colour("text2"), max(1.5, theme.px(1.5))))
    corners = ((left, bottom - tick), (left, bottom), (left + length, bottom), (left + length, bottom - tick))
    painter.drawPolyline([QPointF(*corner) for corner in corners])


def _round_length(metres: float) -> int:
    """The longest of 1, 2, 5, 10, 20, 50… that is not longer."""
    decade = 10 ** math.floor(math.log10(max(metres, 1.0)))
    return int(max(decade * each for each in (1, 2, 5) if decade * each <= max(metres, 1.0)))


def _small(painter: QPainter, theme: Theme) -> tuple[QFont, QFontMetricsF]:
    font = QFont(painter.font())
    font.setPixelSize(theme.px(11))
    font.setWeight(QFont.Weight.Medium)
    return font, QFontMetricsF(font)


def _chip(painter: QPainter, chip: QRectF, theme: Theme) -> None:
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.setBrush(theme.colour("surface"))
    painter.drawRoundedRect(chip, 5, 5)


def _paint_ring(painter: QPainter, view: View, theme: Theme) -> None:
    """The focus is here."""
    ring = QRectF(0, 0, view.width, view.height)
    painter.setPen(QPen(theme.colour("surface"), 2))
    painter.drawRoundedRect(ring.adjusted(4, 4, -4, -4), _RADIUS - 3, _RADIUS - 3)
    painter.setPen(QPen(theme.colour("focus"), 3))
    painter.drawRoundedRect(ring.adjusted(1.5, 1.5, -1.5, -1.5), _RADIUS - 1, _RADIUS - 1)


def _paint_cross(painter: QPainter, view: View, theme: Theme) -> None:
    """Where Enter picks."""
    arm, (x, y) = theme.px(9), (view.width / 2, view.height / 2)
    for role, width in (("surface", theme.px(5)), ("text", theme.px(2))):
        painter.setPen(QPen(theme.colour(role), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(x - arm, y), QPointF(x + arm, y))
        painter.drawLine(QPointF(x, y - arm), QPointF(x, y + arm))
