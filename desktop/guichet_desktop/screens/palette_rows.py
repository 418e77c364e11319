"""Drawing the rows of the command palette: icon, name and sentence, and the keys that do the same."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..models.palette import Entry
from ..theme.icons import pixmap
from ..theme.look import Look
from ..widgets.painted import WRAPPED, cap_size, draw_cap, font, wrapped_height

_Index = QModelIndex | QPersistentModelIndex
_ICON, _GAP, _SIDE, _ABOVE, _CAP = 18, 12, 14, 7, 6
_UNBOUND = 10_000


class PaletteDelegate(QStyledItemDelegate):
    """A row is as tall as its sentence needs: nothing of it is cut at any size of text."""

    def __init__(self, look: Look, view: QListView) -> None:
        super().__init__(view)
        self._look = look
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The height for the view's width of now."""
        shown: Entry = index.data(Qt.ItemDataRole.UserRole)
        width = self._view.viewport().width()
        words = self._words_area(QRect(0, 0, width, _UNBOUND), shown)
        return QSize(1, self._height(shown, words.width()) + 2 * self._px(_ABOVE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        shown: Entry = index.data(Qt.ItemDataRole.UserRole)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            self._draw_choice(painter, option.rect)
        self._draw_icon(painter, option.rect, shown, chosen)
        area = self._words_area(option.rect, shown)
        self._text(painter, area, shown.name, self._name_font(), "onTint" if chosen else "text")
        below = area.adjusted(0, self._name_height(shown, area.width()), 0, 0)
        self._text(painter, below, shown.says, font(self._look.theme, 12), "onTint" if chosen else "text2")
        self._draw_keys(painter, option.rect, shown)
        painter.restore()

    def _draw_choice(self, painter: QPainter, row: QRect) -> None:
        area = row.adjusted(4, 1, -4, -1)
        painter.setPen(self._look.theme.colour("brand"))
        painter.setBrush(self._look.theme.colour("tint"))
        painter.drawRoundedRect(area, 8, 8)

    def _draw_icon(self, painter: QPainter, row: QRect, shown: Entry, chosen: bool) -> None:
        if shown.icon:
            size = self._px(_ICON)
            colour = self._look.theme.colours["onTint" if chosen else "brand"]
            drawn = pixmap(shown.icon, colour, size, self._view.devicePixelRatioF())
            painter.drawPixmap(row.left() + self._px(_SIDE), row.top() + (row.height() - size) // 2, drawn)

    def _draw_keys(self, painter: QPainter, row: QRect, shown: Entry) -> None:
        right = row.right() - self._px(_SIDE)
        for key in reversed(shown.keys):
            size = cap_size(self._look.theme, key)
            cap = QRect(QPoint(right - size.width(), row.top() + (row.height() - size.height()) // 2), size)
            draw_cap(painter, self._look.theme, cap, key)
            right = cap.left() - self._px(_CAP)

    def _words_area(self, row: QRect, shown: Entry) -> QRect:
        """What is left for the words, between the icon and the keys."""
        keys = sum(cap_size(self._look.theme, key).width() + self._px(_CAP) for key in shown.keys)
        left = self._px(_SIDE + _ICON + _GAP)
        return row.adjusted(left, self._px(_ABOVE), -self._px(_SIDE) - keys - self._px(_GAP), 0)

    def _height(self, shown: Entry, width: int) -> int:
        return self._name_height(shown, width) + wrapped_height(shown.says, font(self._look.theme, 12), width)

    def _name_height(self, shown: Entry, width: int) -> int:
        return wrapped_height(shown.name, self._name_font(), width)

    def _text(self, painter: QPainter, area: QRect, words: str, in_font: QFont, role: str) -> None:
        painter.setFont(in_font)
        painter.setPen(self._look.theme.colour(role))
        painter.drawText(area, WRAPPED, words)

    def _name_font(self) -> QFont:
        return font(self._look.theme, 14, QFont.Weight.DemiBold)

    def _px(self, pixels: int) -> int:
        return self._look.theme.px(pixels)
