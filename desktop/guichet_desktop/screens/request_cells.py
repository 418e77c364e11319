"""Drawing the cells of the list of requests: a text on one line or two, a pill below or beside it.

A held key redraws a whole table thirty times a second: how the text of a cell breaks, and what a pill looks like, is worked out
once and kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPixmap, QStaticText, QTextLayout, QTransform
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ..models.request_lines import Cell, Column
from ..models.requests import NOT_READ, RequestsModel
from ..theme.look import Look

_TEXT_PX, _PILL_PX = 13, 12
_SIDE_PX, _TOP_PX, _BETWEEN_PX, _PILL_SIDE_PX, _BAR_PX = 8, 4, 2, 8, 4
_STRONG = frozenset({Column.NUMBER, Column.CATEGORY})
_DARK = _STRONG | {Column.PLACE}
_INKS = {"mute": ("text2", "sunken"), "info": ("onTint", "tint")}
_KEPT, _LET_GO = 4_096, 64
_UNREAD = Cell(NOT_READ)
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Laid:
    """A cell as it is drawn in a given width: its lines, and its pill's place; from the cell's corner, in pixels."""

    lines: tuple[tuple[int, int, QStaticText], ...]
    pill: QRect | None


class CellDelegate(QStyledItemDelegate):
    """Draws cells in the theme worn now. A pill stands below its text where that needs one line, else beside it.

    ``chosen`` is the row that is, as the view says before it draws.
    """

    def __init__(self, look: Look, model: RequestsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._model = model
        self.chosen = -1
        self._laid: dict[tuple[Cell, bool, int], _Laid] = {}
        self._pills: dict[tuple[str, str, bool, int, float], QPixmap] = {}
        self._measure()
        look.changed.connect(self._measure)

    def _measure(self) -> None:
        """Fonts and their measures, once for a look."""
        self._laid.clear()
        self._pills.clear()
        self._text = self._font(_TEXT_PX, QFont.Weight.Normal)
        self._strong = self._font(_TEXT_PX, QFont.Weight.DemiBold)
        self._small = self._font(_PILL_PX, QFont.Weight.DemiBold)
        self._line, self._pill = QFontMetrics(self._strong), QFontMetrics(self._small)
        self._colours = {role: self._look.theme.colour(role) for role in ("text", "text2", "tint", "brand")}

    def _font(self, pixels: int, weight: QFont.Weight) -> QFont:
        font = QFont("Inter")
        font.setPixelSize(self._look.theme.px(pixels))
        font.setWeight(weight)
        return font

    def row_height(self) -> int:
        """Two lines of text, or a line and a pill, in pixels."""
        px = self._look.theme.px
        return self._line.height() + max(self._line.height(), self._pill_height()) + px(_BETWEEN_PX) + 2 * px(_TOP_PX)

    def text_width(self, text: str) -> int:
        """How wide a column is in which ``text`` stands on one line."""
        return self._line.horizontalAdvance(text) + 2 * self._look.theme.px(_SIDE_PX) + 2

    def pill_width(self, words: str) -> int:
        """How wide a column is in which a pill stands alone."""
        return self._pill_inside(words) + 2 * self._look.theme.px(_SIDE_PX) + 2

    def _pill_inside(self, words: str) -> int:
        return self._pill.horizontalAdvance(words) + 2 * self._look.theme.px(_PILL_SIDE_PX)

    def _pill_height(self) -> int:
        return self._pill.height() + 2 * self._look.theme.px(1)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """One height for all rows."""
        return QSize(self.text_width(NOT_READ), self.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a cell; the view draws what goes through a whole row."""
        area, column, row = option.rect, index.column(), index.row()
        left, top = area.x(), area.y()
        if row == self.chosen:
            painter.fillRect(area, self._colours["tint"])
            if column == Column.NUMBER:
                painter.fillRect(left, top, self._look.theme.px(_BAR_PX), area.height(), self._colours["brand"])
        line = self._model.line(row)
        cell, strong = line.cells[column] if line else _UNREAD, column in _STRONG
        laid = self._lay(cell, area.size(), strong=strong)
        painter.setFont(self._strong if strong else self._text)
        painter.setPen(self._colours["text" if column in _DARK else "text2"])
        for right, down, text in laid.lines:
            painter.drawStaticText(left + right, top + down, text)
        if laid.pill is not None:
            drawn = self._drawn_pill(cell, laid.pill.size(), painter.device().devicePixelRatioF(), on_tint=row == self.chosen)
            painter.drawPixmap(left + laid.pill.x(), top + laid.pill.y(), drawn)

    def _lay(self, cell: Cell, size: QSize, *, strong: bool) -> _Laid:
        key = (cell, strong, size.width())
        known = self._laid.get(key)
        if known is None:
            if len(self._laid) >= _KEPT:
                for oldest in list(islice(self._laid, _LET_GO)):
                    del self._laid[oldest]
            known = self._laid[key] = self._lay_out(cell, size, self._strong if strong else self._text)
        return known

    def _lay_out(self, cell: Cell, size: QSize, font: QFont) -> _Laid:
        px = self._look.theme.px
        room = QRect(QPoint(0, 0), size).adjusted(px(_SIDE_PX), px(_TOP_PX), -px(_SIDE_PX), -px(_TOP_PX))
        if not cell.pill:
            return _Laid(tuple(self._lines(cell.text, font, room)), None)
        pill = QRect(room.left(), 0, min(room.width(), self._pill_inside(cell.pill)), self._pill_height())
        pill.moveTop(room.center().y() - pill.height() // 2)
        if not cell.text:
            return _Laid((), pill)
        if self._line.horizontalAdvance(cell.text) <= room.width():
            pill.moveTop(room.top() + self._line.height() + px(_BETWEEN_PX))
            return _Laid(
                tuple(self._lines(cell.text, font, QRect(room.topLeft(), QSize(room.width(), self._line.height())))), pill
            )
        pill.moveRight(room.right())
        return _Laid(tuple(self._lines(cell.text, font, room.adjusted(0, 0, -pill.width() - px(_SIDE_PX), 0))), pill)

    def _lines(self, text: str, font: QFont, room: QRect) -> Iterator[tuple[int, int, QStaticText]]:
        """The text on one line, or broken over two of which the second is cut with an ellipsis; in the middle of its room."""
        broken = self._broken(text, font, room)
        top = room.top() + (room.height() - len(broken) * self._line.height()) // 2
        for place, line in enumerate(broken):
            static = QStaticText(line)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.prepare(QTransform(), font)
            yield room.left(), top + place * self._line.height(), static

    def _broken(self, text: str, font: QFont, room: QRect) -> list[str]:
        if self._line.horizontalAdvance(text) <= room.width():
            return [text]
        layout = QTextLayout(text, font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(room.width())
        layout.endLayout()
        rest = text[line.textLength() :]
        second = self._line.elidedText(rest, Qt.TextElideMode.ElideRight, room.width())
        return [text[: line.textLength()].rstrip(), *([second] if rest else [])]

    def _drawn_pill(self, cell: Cell, size: QSize, ratio: float, *, on_tint: bool) -> QPixmap:
        """A pill, on the tint of a chosen row with a ground that stands out from it."""
        key = (cell.pill, cell.tone, on_tint, size.width(), ratio)
        if key not in self._pills:
            image = QPixmap(size * ratio)
            image.setDevicePixelRatio(ratio)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            self._draw_pill(painter, QRect(QPoint(0, 0), size), cell, on_tint=on_tint)
            painter.end()
            self._pills[key] = image
        return self._pills[key]

    def _draw_pill(self, painter: QPainter, area: QRect, cell: Cell, *, on_tint: bool) -> None:
        theme = self._look.theme
        ink, ground = _INKS.get(cell.tone, (cell.tone, f"{cell.tone}Bg"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("line") if theme.name == "contrast" else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface" if on_tint and cell.tone == "info" else ground))
        painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), area.height() / 2, area.height() / 2)
        painter.setFont(self._small)
        painter.setPen(theme.colour(ink))
        inside = area.width() - 2 * theme.px(_PILL_SIDE_PX) + 2
        painter.drawText(
            area, Qt.AlignmentFlag.AlignCenter, self._pill.elidedText(cell.pill, Qt.TextElideMode.ElideRight, inside)
        )
