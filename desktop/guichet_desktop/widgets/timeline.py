"""What happened, from one moment to the next, along a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..theme.icons import pixmap
from ..theme.look import Look

_DISC_PX, _ICON_PX, _LINE_PX = 26, 14, 2
_GAP_PX, _PAD_PX, _BETWEEN_PX = 12, 8, 3
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
_TALL = 100_000
_AT_ONCE = 100
_INKS = {"mute": ("text2", "sunken"), "info": ("onTint", "tint")}
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry: when it was, what happened, in what words; ``tone`` is a pill's, ``icon`` tells it without colour."""

    when: str
    title: str
    detail: str = ""
    tone: str = "mute"
    icon: str = "circle"


class Timeline(QListView):
    """A list of moments: arrows go from one to the next, a screen reader reads each whole."""

    def __init__(self, look: Look, accessible_name: str) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.setAccessibleName(accessible_name)
        self._model = _MomentModel(self)
        self._drawing = _MomentDelegate(look, self)
        self.setModel(self._model)
        self.setItemDelegate(self._drawing)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        # A long past is laid out by pieces, the window alive between them.
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_AT_ONCE)
        look.changed.connect(self._on_look)

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Show these, in their order; the same ones are left in peace, the place in the list too."""
        self._model.show(tuple(moments))

    def moments(self) -> tuple[Moment, ...]:
        """What is shown now."""
        return self._model.moments

    def _on_look(self) -> None:
        self._drawing.forget()
        self.scheduleDelayedItemsLayout()


class _MomentModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.moments: tuple[Moment, ...] = ()

    def show(self, moments: tuple[Moment, ...]) -> None:
        if moments != self.moments:
            self.beginResetModel()
            self.moments = moments
            self.endResetModel()

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return len(self.moments)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.moments):
            return None
        moment = self.moments[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return moment
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join(filter(None, (moment.when, moment.title, moment.detail)))
        return None


class _MomentDelegate(QStyledItemDelegate):
    """Measures and draws a moment: a disc on the line, then when, what and the detail, wrapped one below the other."""

    def __init__(self, look: Look, view: QListView) -> None:
        super().__init__(view)
        self._look = look
        self._view = view
        self._icons: dict[tuple[str, str, float], QPixmap] = {}
        self._fonts = self._made_fonts()

    def forget(self) -> None:
        """The look changed: nothing drawn or measured before holds."""
        self._icons.clear()
        self._fonts = self._made_fonts()

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        """As wide as the view, as tall as its texts wrapped."""
        px, moment = self._look.theme.px, index.data(Qt.ItemDataRole.UserRole)
        width = self._view.viewport().width()
        texts = sum(height for _font, _role, _text, height in self._texts(moment, self._text_width(width)))
        return QSize(width, max(texts, px(_DISC_PX)) + 2 * px(_PAD_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one entry."""
        moment: Moment = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._look.theme.colour("focus"), 2))
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 6, 6)
        self._draw_line(painter, option.rect, index.row())
        self._draw_disc(painter, option.rect, moment)
        self._draw_texts(painter, option.rect, moment)
        painter.restore()

    def _draw_line(self, painter: QPainter, area: QRect, row: int) -> None:
        """The line comes down to the disc from the moment before, and goes on to the next."""
        px, disc = self._look.theme.px, self._disc(area)
        middle, gap = disc.center().x(), px(_LINE_PX) * 2
        painter.setPen(QPen(self._look.theme.colour("line"), px(_LINE_PX), Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        if row > 0:
            painter.drawLine(QPoint(middle, area.top()), QPoint(middle, disc.top() - gap))
        if row < self._view.model().rowCount() - 1:
            painter.drawLine(QPoint(middle, disc.bottom() + gap), QPoint(middle, area.bottom() + 1))

    def _draw_disc(self, painter: QPainter, area: QRect, moment: Moment) -> None:
        theme, disc = self._look.theme, self._disc(area)
        ink, ground = _INKS.get(moment.tone, (moment.tone, f"{moment.tone}Bg"))
        painter.setPen(theme.colour(ink if theme.name == "contrast" else "line" if moment.tone == "mute" else ground))
        painter.setBrush(theme.colour(ground))
        painter.drawEllipse(disc)
        ratio = self._view.devicePixelRatioF()
        key = (moment.icon, ink, ratio)
        if key not in self._icons:
            self._icons[key] = pixmap(moment.icon, theme.colours[ink], theme.px(_ICON_PX), ratio)
        half = theme.px(_ICON_PX) / 2
        painter.drawPixmap(
            round(disc.x() + disc.width() / 2 - half), round(disc.y() + disc.height() / 2 - half), self._icons[key]
        )

    def _draw_texts(self, painter: QPainter, area: QRect, moment: Moment) -> None:
        theme = self._look.theme
        left, width = self._text_left(area), self._text_width(area.width())
        top = area.top() + theme.px(_PAD_PX)
        for font, role, text, height in self._texts(moment, width):
            painter.setFont(font)
            painter.setPen(theme.colour(role))
            painter.drawText(QRect(left, top, width, height), _WRAP, text)
            top += height

    def _texts(self, moment: Moment, width: int) -> list[tuple[QFont, str, str, int]]:
        """The texts there are, each with its font, its colour's role and its height in pixels."""
        between = self._look.theme.px(_BETWEEN_PX)
        texts = zip(self._fonts, (moment.when, moment.title, moment.detail), strict=True)
        return [
            (font, role, text, metrics.boundingRect(QRect(0, 0, width, _TALL), _WRAP, text).height() + between)
            for (font, metrics, role), text in texts
            if text
        ]

    def _made_fonts(self) -> tuple[tuple[QFont, QFontMetrics, str], ...]:
        """Of when, what and the detail: the font, its measures, the role of its colour."""
        wanted = ((12, QFont.Weight.Normal, "text2"), (13, QFont.Weight.DemiBold, "text"), (13, QFont.Weight.Normal, "text"))
        made = []
        for pixels, weight, role in wanted:
            font = QFont("Inter")
            font.setPixelSize(self._look.theme.px(pixels))
            font.setWeight(weight)
            made.append((font, QFontMetrics(font), role))
        return tuple(made)

    def _disc(self, area: QRect) -> QRect:
        px = self._look.theme.px
        return QRect(area.left() + px(_PAD_PX), area.top() + px(_PAD_PX), px(_DISC_PX), px(_DISC_PX))

    def _text_left(self, area: QRect) -> int:
        return self._disc(area).right() + self._look.theme.px(_GAP_PX)

    def _text_width(self, width: int) -> int:
        px = self._look.theme.px
        return max(px(40), width - px(_PAD_PX) * 2 - px(_DISC_PX) - px(_GAP_PX))
