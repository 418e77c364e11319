"""Drawing rows: a fiche found, with its marks; something that waits."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..models.results import Ranges, ShownHit
from ..models.waiting import WaitingRow
from ..theme import Theme
from ..theme.look import Look

_TONES = {"verified": "ok", "to_review": "warn", "expired": "warn", "unverified": "mute"}
_ALT_KEYS = 8
_Index = QModelIndex | QPersistentModelIndex


class _RowDelegate(QStyledItemDelegate):
    """What rows have in common: a background that tells selection, and texts that are cut with an ellipsis."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    @property
    def _theme(self) -> Theme:
        return self._look.theme

    def _font(self, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont("Inter")
        font.setPixelSize(self._theme.px(pixels))
        font.setWeight(weight)
        return font

    def _background(self, painter: QPainter, option: QStyleOptionViewItem) -> QRect:
        area = option.rect.adjusted(2, 2, -2, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(self._theme.colour("tint"))
            painter.drawRoundedRect(area, 8, 8)
            painter.setBrush(self._theme.colour("brand"))
            painter.drawRoundedRect(QRect(area.left(), area.top() + 6, 3, area.height() - 12), 1, 1)
        return area.adjusted(12, 6, -10, -6)

    def _pill(self, painter: QPainter, right: int, top: int, words: str, tone: str) -> int:
        """Draw a pill that ends at ``right``; where it begins."""
        font = self._font(12, QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        width, height = metrics.horizontalAdvance(words) + self._theme.px(18), metrics.height() + 4
        area = QRect(right - width, top, width, height)
        ink, ground = {"mute": ("text2", "sunken")}.get(tone, (tone, f"{tone}Bg"))
        painter.setPen(self._theme.colour("line") if self._theme.name == "contrast" else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(ground))
        painter.drawRoundedRect(area, height / 2 - 1, height / 2 - 1)
        painter.setFont(font)
        painter.setPen(self._theme.colour(ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
        return area.left()

    def _line(self, painter: QPainter, area: QRect, words: str, font: QFont, role: str, marks: Ranges = ()) -> None:
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        layout = QTextLayout(shown, font)
        layout.setFormats([self._mark(start, end, len(shown)) for start, end in marks if start < len(shown) - 1])
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(area.width() + 4)
        layout.endLayout()
        painter.setPen(self._theme.colour(role))
        layout.draw(painter, area.topLeft())

    def _mark(self, start: int, end: int, length: int) -> QTextLayout.FormatRange:
        style = QTextCharFormat()
        style.setBackground(self._theme.colour("mark"))
        style.setForeground(self._theme.colour("onMark"))
        found = QTextLayout.FormatRange()
        found.start, found.length, found.format = start, min(end, length) - start, style
        return found


class HitDelegate(_RowDelegate):
    """A fiche found: title, freshness, service and snippet, and the key that chooses it."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """One height for all rows."""
        return QSize(200, self._theme.px(56))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        shown: ShownHit = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._background(painter, option)
        half = area.height() // 2
        left_of_pill = self._pill(painter, area.right(), area.top(), shown.freshness, _TONES[shown.hit.freshness])
        title = QRect(area.left(), area.top(), left_of_pill - area.left() - 12, half)
        self._line(painter, title, shown.hit.title, self._font(14, QFont.Weight.DemiBold), "text", shown.title_marks)
        below = QRect(area.left(), area.top() + half + 2, area.width(), QFontMetrics(self._font(13)).height())
        below.setRight(self._key(painter, below, index.row()) - 12)
        detail = "  ·  ".join(filter(None, (shown.service, shown.hit.snippet)))
        shift = len(detail) - len(shown.hit.snippet)
        marks = tuple((start + shift, end + shift) for start, end in shown.snippet_marks)
        self._line(painter, below, detail, self._font(13), "text2", marks)
        painter.restore()

    def _key(self, painter: QPainter, area: QRect, row: int) -> int:
        if row >= _ALT_KEYS:
            return area.right()
        font = self._font(11, QFont.Weight.DemiBold)
        words = f"Alt+{row + 1}"
        metrics = QFontMetrics(font)
        width, height = metrics.horizontalAdvance(words) + self._theme.px(12), metrics.height() + 2
        cap = QRect(area.right() - width, area.center().y() - height // 2 + 1, width, height)
        painter.setPen(self._theme.colour("line"))
        painter.setBrush(self._theme.colour("raised"))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text2"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, words)
        return cap.left()


class WaitingDelegate(_RowDelegate):
    """Something that waits: what it is, and how it stands, in a tone and in words."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """One height for all rows."""
        return QSize(120, self._theme.px(52))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        row: WaitingRow = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._background(painter, option)
        half = area.height() // 2
        top = QRect(area.left(), area.top(), area.width(), half)
        self._line(painter, top, row.title, self._font(13, QFont.Weight.Medium), "text")
        below = QRect(area.left(), area.top() + half + 1, area.width(), half)
        self._line(painter, below, row.detail, self._font(12), row.tone)
        painter.restore()
