"""Drawing the cells of the list of requests: a text on one line or two, a pill below or beside it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..models.request_lines import Cell, Column, ShownLine
from ..models.requests import NOT_READ
from ..theme.look import Look

_TEXT_PX, _PILL_PX = 13, 12
_SIDE_PX, _TOP_PX, _BETWEEN_PX, _PILL_SIDE_PX = 8, 4, 2, 8
_Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Draws cells in the theme worn now. A pill stands below its text where that needs one line, else beside it."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._on_tint = False
        self._measure()
        look.changed.connect(self._measure)

    def _measure(self) -> None:
        """Fonts and their measures, once for a look."""
        self._text = self._font(_TEXT_PX, QFont.Weight.Normal)
        self._strong = self._font(_TEXT_PX, QFont.Weight.DemiBold)
        self._small = self._font(_PILL_PX, QFont.Weight.DemiBold)
        self._lines, self._pills = QFontMetrics(self._strong), QFontMetrics(self._small)

    def _font(self, pixels: int, weight: QFont.Weight) -> QFont:
        font = QFont("Inter")
        font.setPixelSize(self._look.theme.px(pixels))
        font.setWeight(weight)
        return font

    def row_height(self) -> int:
        """Two lines of text, or a line and a pill, in pixels."""
        px = self._look.theme.px
        return self._lines.height() + max(self._lines.height(), self._pill_height()) + px(_BETWEEN_PX) + 2 * px(_TOP_PX)

    def text_width(self, text: str) -> int:
        """How wide a column is in which ``text`` stands on one line."""
        return self._lines.horizontalAdvance(text) + 2 * self._look.theme.px(_SIDE_PX) + 2

    def pill_width(self, words: str) -> int:
        """How wide a column is in which a pill stands alone."""
        return self._pill_inside(words) + 2 * self._look.theme.px(_SIDE_PX) + 2

    def _pill_inside(self, words: str) -> int:
        return self._pills.horizontalAdvance(words) + 2 * self._look.theme.px(_PILL_SIDE_PX)

    def _pill_height(self) -> int:
        return self._pills.height() + 2 * self._look.theme.px(1)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """One height for all rows."""
        return QSize(self.text_width(NOT_READ), self.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a cell."""
        line: ShownLine | None = index.data(Qt.ItemDataRole.UserRole)
        column = Column(index.column())
        painter.save()
        self._draw_ground(painter, option, first=column is Column.NUMBER)
        px = self._look.theme.px
        area = option.rect.adjusted(px(_SIDE_PX), px(_TOP_PX), -px(_SIDE_PX), -px(_TOP_PX))
        self._on_tint = bool(option.state & QStyle.StateFlag.State_Selected)
        self._draw_cell(painter, area, line.cells[column] if line else Cell(NOT_READ), column)
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, *, first: bool) -> None:
        """The row that is chosen has a tint, a bar where it begins, and lines while the keyboard is here."""
        theme, area = self._look.theme, option.rect
        painter.setPen(theme.colour("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if not option.state & QStyle.StateFlag.State_Selected:
            return
        painter.fillRect(area.adjusted(0, 0, 0, -1), theme.colour("tint"))
        if option.state & QStyle.StateFlag.State_Active and self.parent().hasFocus():  # type: ignore[attr-defined]
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawLine(area.left(), area.top() + 1, area.right(), area.top() + 1)
            painter.drawLine(area.left(), area.bottom() - 1, area.right(), area.bottom() - 1)
        if first:
            painter.fillRect(QRect(area.left(), area.top(), theme.px(4), area.height()), theme.colour("brand"))

    def _draw_cell(self, painter: QPainter, area: QRect, cell: Cell, column: Column) -> None:
        font = self._strong if column in (Column.NUMBER, Column.CATEGORY) else self._text
        role = "text" if column in (Column.NUMBER, Column.CATEGORY, Column.PLACE) else "text2"
        if not cell.pill:
            self._draw_text(painter, area, cell.text, font, role)
        elif not cell.text:
            self._draw_pill(painter, QPoint(area.left(), area.center().y() - self._pill_height() // 2), area.width(), cell)
        elif self._lines.horizontalAdvance(cell.text) <= area.width():
            height = self._lines.height()
            self._draw_text(painter, QRect(area.left(), area.top(), area.width(), height), cell.text, font, role)
            self._draw_pill(
                painter, QPoint(area.left(), area.top() + height + self._look.theme.px(_BETWEEN_PX)), area.width(), cell
            )
        else:
            width = min(self._pill_inside(cell.pill), area.width() // 2)
            right = QPoint(area.right() - width, area.center().y() - self._pill_height() // 2)
            self._draw_text(painter, area.adjusted(0, 0, -width - self._look.theme.px(_SIDE_PX), 0), cell.text, font, role)
            self._draw_pill(painter, right, width, cell)

    def _draw_text(self, painter: QPainter, area: QRect, text: str, font: QFont, role: str) -> None:
        """On one line, or broken over as many as there is room for, the last one cut with an ellipsis."""
        painter.setFont(font)
        painter.setPen(self._look.theme.colour(role))
        centre = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if self._lines.horizontalAdvance(text) <= area.width() or area.height() < 2 * self._lines.height():
            painter.drawText(area, centre, self._lines.elidedText(text, Qt.TextElideMode.ElideRight, area.width()))
            return
        first, rest = self._broken(text, font, area.width())
        shown = self._lines.elidedText(rest, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, centre, f"{first}\n{shown}" if rest else first)

    def _broken(self, text: str, font: QFont, width: int) -> tuple[str, str]:
        """The text where its first line ends."""
        layout = QTextLayout(text, font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(width)
        layout.endLayout()
        return text[: line.textLength()].rstrip(), text[line.textLength() :]

    def _draw_pill(self, painter: QPainter, at: QPoint, most: int, cell: Cell) -> None:
        theme = self._look.theme
        area = QRect(at, QSize(min(most, self._pill_inside(cell.pill)), self._pill_height()))
        ink, ground = {"mute": ("text2", "sunken"), "info": ("onTint", "tint")}.get(cell.tone, (cell.tone, f"{cell.tone}Bg"))
        if self._on_tint and cell.tone == "info":
            ground = "surface"
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("line") if theme.name == "contrast" else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setFont(self._small)
        painter.setPen(theme.colour(ink))
        inside = area.width() - 2 * theme.px(_PILL_SIDE_PX) + 2
        words = self._pills.elidedText(cell.pill, Qt.TextElideMode.ElideRight, inside)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
