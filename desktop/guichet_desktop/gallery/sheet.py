"""Pictures of parts laid out on one sheet, each under its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPixmap

from ..theme import Theme

_WIDTH_PX = 1180
_GAP_PX = 14
_NAME_PX = 11

Shown = tuple[str, QPixmap]


def sheet(shown: Sequence[Shown], theme: Theme) -> QImage:
    """One image of all, in lines from left to right."""
    font = QFont("Inter")
    font.setPixelSize(theme.px(_NAME_PX))
    metrics = QFontMetrics(font)
    places, height = _placed([_cell(name, picture, metrics) for name, picture in shown], theme)
    width = max((place.right() for place in places), default=0) + theme.px(_GAP_PX)
    image = QImage(QSize(width, height), QImage.Format.Format_RGB32)
    image.fill(theme.colour("bg"))
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(theme.colour("text2"))
    for (name, picture), place in zip(shown, places, strict=True):
        painter.drawText(QPoint(place.left(), place.top() + metrics.ascent()), name)
        painter.drawPixmap(QPoint(place.left(), place.top() + metrics.height()), picture)
    painter.end()
    return image


def _cell(name: str, picture: QPixmap, metrics: QFontMetrics) -> QSize:
    return QSize(max(picture.width(), metrics.horizontalAdvance(name)), picture.height() + metrics.height())


def _placed(cells: Sequence[QSize], theme: Theme) -> tuple[list[QRect], int]:
    """Where each stands, and the height of all."""
    gap, most = theme.px(_GAP_PX), theme.px(_WIDTH_PX)
    at, tallest, places = QPoint(gap, gap), 0, list[QRect]()
    for cell in cells:
        if at.x() > gap and at.x() + cell.width() > most:
            at, tallest = QPoint(gap, at.y() + tallest + gap), 0
        places.append(QRect(at, cell))
        at.setX(at.x() + cell.width() + gap)
        tallest = max(tallest, cell.height())
    return places, at.y() + tallest + gap
