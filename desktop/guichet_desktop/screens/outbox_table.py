"""The table of *À transmettre*: whole rows, what they are in two lines, a pill for the state; fewer columns in a small room."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from guichet_sync.wording import Words

from ..models.outbox import COLUMNS, Column, OutboxModel, OutboxRow
from ..theme.look import Look

_Index = QModelIndex | QPersistentModelIndex
_ROW_PX, _PILL_SIDE_PX, _CELL_SIDE_PX = 50, 9, 10
_NEEDS_PX = {Column.REASON: 860, Column.AT: 560}
"""The width under which a column gives way: the panel beside the table says the same."""
_MEASURED_ROWS, _FEW_ROWS = 60, 4


class OutboxTable(QTableView):
    """One row is chosen at a time; ``chosen`` is emitted with it (an :class:`OutboxRow`, or None) whenever it changes."""

    chosen = Signal(object)

    def __init__(self, look: Look, words: Words) -> None:
        super().__init__()
        self.setAccessibleName(words.text("À transmettre"))
        self._look = look
        self.rows = OutboxModel(words, self)
        self.setModel(self.rows)
        self._delegate = _RowDelegate(look)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._set_headers()
        look.changed.connect(self._on_look)
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def _set_headers(self) -> None:
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setResizeContentsPrecision(_MEASURED_ROWS)
        for place, column in enumerate(COLUMNS):
            stretched = column in (Column.WHAT, Column.REASON)
            mode = QHeaderView.ResizeMode.Stretch if stretched else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(place, mode)
        self._on_look()

    def fill(self, rows: tuple[OutboxRow, ...]) -> None:
        """Show these rows; the one that was chosen stays chosen, and where it left, the one in its place."""
        before, place = self.row(), self.currentIndex().row()
        if not self.rows.show(rows):
            return
        same = self.rows.place_of(before.line.id) if before else -1
        wanted = same if same >= 0 else min(max(place, 0), len(rows) - 1)
        self.setCurrentIndex(self.rows.index(wanted, 0))
        self.chosen.emit(self.row())

    def row(self) -> OutboxRow | None:
        """The chosen row."""
        return self.rows.row(self.currentIndex().row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the columns there is room for."""
        for column, needed in _NEEDS_PX.items():
            self.setColumnHidden(COLUMNS.index(column), self.width() < self._look.theme.px(needed))
        super().resizeEvent(event)

    def _on_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.chosen.emit(self.row())

    def stand_tall(self, *, tall: bool) -> None:
        """High enough for a few rows whatever is around it, or as the room it has."""
        rows = self._look.theme.px(_ROW_PX) * _FEW_ROWS + self.horizontalHeader().height()
        self.setMinimumHeight(rows if tall else 0)

    def _on_look(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._look.theme.px(_ROW_PX))


class _RowDelegate(QStyledItemDelegate):
    """Draws the state as a pill, and a mark at the edge of the chosen row: the tint alone never tells anything."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:  # noqa: N802 - Qt's own name
        """The row is what is chosen, not a cell of it; a pill draws its own word."""
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        if COLUMNS[index.column()] in (Column.STATE, Column.WHAT):
            option.text = ""
        elif COLUMNS[index.column()] is Column.NUMBER:
            option.font.setWeight(QFont.Weight.DemiBold)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """A pill needs its word and its round ends."""
        hint = super().sizeHint(option, index)
        if COLUMNS[index.column()] is not Column.STATE:
            return hint + QSize(self._look.theme.px(_CELL_SIDE_PX), 0)
        words = QFontMetrics(self._font(12, QFont.Weight.DemiBold)).horizontalAdvance(str(index.data()))
        return QSize(words + 2 * self._look.theme.px(_PILL_SIDE_PX + _CELL_SIDE_PX), hint.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a cell."""
        super().paint(painter, option, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if COLUMNS[index.column()] is Column.STATE:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._draw_pill(painter, option.rect, index.data(Qt.ItemDataRole.UserRole), on_tint=chosen)
        elif COLUMNS[index.column()] is Column.WHAT:
            self._draw_lines(painter, option.rect, index.data(Qt.ItemDataRole.UserRole))
        if option.state & QStyle.StateFlag.State_Selected:
            self._draw_chosen(painter, option, first=index.column() == 0)
        painter.restore()

    def _draw_chosen(self, painter: QPainter, option: QStyleOptionViewItem, *, first: bool) -> None:
        """A bar at the row's edge and, where the table has the focus, a line above and below."""
        area, theme = option.rect, self._look.theme
        if first:
            painter.fillRect(QRect(area.left(), area.top() + 4, 3, area.height() - 8), theme.colour("brand"))
        if option.widget.hasFocus():
            for top in (area.top(), area.bottom() - 1):
                painter.fillRect(QRect(area.left(), top, area.width(), 2), theme.colour("focus"))

    def _font(self, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont("Inter")
        font.setPixelSize(self._look.theme.px(pixels))
        font.setWeight(weight)
        return font

    def _draw_lines(self, painter: QPainter, cell: QRect, row: OutboxRow) -> None:
        """What it is; below, where or of what. Each is cut with an ellipsis; the tip and the panel have all of it."""
        area = cell.adjusted(self._look.theme.px(_CELL_SIDE_PX), 0, -self._look.theme.px(_CELL_SIDE_PX), 0)
        lines = ((row.what, self._font(13, QFont.Weight.Medium), "text"), (row.detail, self._font(12), "text2"))
        shown = [line for line in lines if line[0]]
        top = area.center().y() - sum(QFontMetrics(font).height() for _words, font, _role in shown) // 2
        for words, font, role in shown:
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(self._look.theme.colour(role))
            room = QRect(area.left(), top, area.width(), metrics.height())
            painter.drawText(
                room, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            )
            top += metrics.height()

    def _draw_pill(self, painter: QPainter, cell: QRect, row: OutboxRow, *, on_tint: bool) -> None:
        """The state; on the tint of a chosen row, with a ground that stands out from it."""
        theme, font = self._look.theme, self._font(12, QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        side, height = theme.px(_PILL_SIDE_PX), metrics.height() + theme.px(4)
        width = min(metrics.horizontalAdvance(row.state) + 2 * side, cell.width() - theme.px(_CELL_SIDE_PX))
        area = QRect(cell.left() + theme.px(_CELL_SIDE_PX) // 2, cell.center().y() - height // 2, width, height)
        ink, ground = {"mute": ("text2", "sunken"), "info": ("onTint", "tint")}.get(row.tone, (row.tone, f"{row.tone}Bg"))
        ground = "surface" if on_tint and ground == "tint" else ground
        painter.setPen(theme.colour("line" if theme.name == "contrast" else ground))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(area, height / 2 - 1, height / 2 - 1)
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, row.state)
