"""A choice of theme that shows what it looks like: a small painted window, its name below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from ..theme.icons import pixmap
from ..theme.look import Look
from ..theme.theme import Theme, load_theme

_WIDTH_PX, _HEIGHT_PX, _NAME_PX, _AROUND_PX, _RADIUS_PX, _MARK_PX = 162, 88, 32, 11, 7, 18
_LINES = (0.62, 0.86, 0.74)


class ThemeSample(QRadioButton):
    """``themes`` are one name, or two that are shown half and half. Which is chosen is told by a mark, not by colour alone."""

    def __init__(self, look: Look, name: str, themes: Sequence[str]) -> None:
        super().__init__(name)
        self._look = look
        self._themes = tuple(load_theme(each) for each in themes)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._on_look)

    def sizeHint(self) -> QSize:
        """The sample, its name below it and room for the ring around."""
        px, around = self._look.theme.px, 2 * self._look.theme.px(_AROUND_PX)
        font = self._font()
        self.ensurePolished()
        width = max(px(_WIDTH_PX), QFontMetrics(font).horizontalAdvance(self.text()) + px(_MARK_PX) + px(_AROUND_PX))
        return QSize(width + around, px(_HEIGHT_PX) + px(_NAME_PX) + around)

    def minimumSizeHint(self) -> QSize:
        """No smaller: its name would be cut."""
        return self.sizeHint()

    def hitButton(self, at: QPoint) -> bool:  # noqa: N802 - Qt calls it so
        """All of it is pressed."""
        return self.rect().contains(at)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ring, the sample, the mark and the name."""
        painter, px = QPainter(self), self._look.theme.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = px(_AROUND_PX)
        sample = QRect(around, around, self.width() - 2 * around, px(_HEIGHT_PX))
        self._draw_frame(painter)
        self._draw_sample(painter, sample)
        self._draw_name(painter, QRect(around, sample.bottom() + 1, sample.width(), px(_NAME_PX)))

    def _draw_frame(self, painter: QPainter) -> None:
        """What is chosen stands in a thick line; what has the focus in a ring around that."""
        theme, radius = self._look.theme, self._look.theme.px(_RADIUS_PX)
        painter.setPen(QPen(theme.colour("brand" if self.isChecked() else "line"), 2 if self.isChecked() else 1))
        painter.setBrush(theme.colour("tintSoft" if self.isChecked() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(5, 5, -5, -5), radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius + 3, radius + 3)

    def _draw_sample(self, painter: QPainter, area: QRect) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(area), self._look.theme.px(5), self._look.theme.px(5))
        painter.save()
        painter.setClipPath(path)
        for place, theme in enumerate(self._themes):
            if place:
                painter.setClipPath(_right_half(area), Qt.ClipOperation.IntersectClip)
            self._draw_window(painter, area, theme)
        painter.restore()
        painter.setPen(QPen(self._look.theme.colour("field"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _draw_window(self, painter: QPainter, area: QRect, theme: Theme) -> None:
        """A rail, a card with lines of text, a button."""
        px = self._look.theme.px
        painter.fillRect(area, theme.colour("bg"))
        painter.fillRect(QRect(area.topLeft(), QSize(px(22), area.height())), theme.colour("rail"))
        card = area.adjusted(px(32), px(12), -px(12), -px(12))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(card, px(4), px(4))
        painter.setPen(Qt.PenStyle.NoPen)
        for place, share in enumerate(_LINES):
            painter.setBrush(theme.colour("text" if place == 0 else "text2"))
            left, top = card.left() + px(8), card.top() + px(9) + place * px(10)
            painter.drawRoundedRect(QRectF(left, top, (card.width() - px(16)) * share, px(4)), px(2), px(2))
        painter.setBrush(theme.colour("brand"))
        painter.drawRoundedRect(QRectF(card.left() + px(8), card.bottom() - px(21), px(40), px(14)), px(3), px(3))

    def _draw_name(self, painter: QPainter, area: QRect) -> None:
        theme, mark = self._look.theme, self._look.theme.px(_MARK_PX)
        name = "circle-check" if self.isChecked() else "circle"
        at = QPoint(area.left(), area.center().y() - mark // 2 + 1)
        drawn = pixmap(name, theme.colours["brand" if self.isChecked() else "field"], mark, self.devicePixelRatioF())
        painter.drawPixmap(at, drawn)
        painter.setPen(theme.colour("text"))
        painter.setFont(self._font())
        painter.drawText(area.adjusted(mark + theme.px(6), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._look.theme.px(13))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _on_look(self) -> None:
        self.updateGeometry()
        self.update()


def _right_half(area: QRect) -> QPainterPath:
    """The half to the right of a slanted line."""
    path = QPainterPath(QPointF(area.left() + area.width() * 0.6, area.top()))
    for corner in (area.topRight(), area.bottomRight()):
        path.lineTo(QPointF(corner.x() + 1, corner.y() + (1 if corner == area.bottomRight() else 0)))
    path.lineTo(QPointF(area.left() + area.width() * 0.4, area.bottom() + 1))
    path.closeSubpath()
    return path
