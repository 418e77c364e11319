"""The list of requests as a table that makes do with the room it has."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QItemSelectionModel, QLine, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import STATUS

from ..models.request_lines import Column
from ..models.requests import RequestsModel
from ..theme.look import Look
from .request_cells import CellDelegate

_LONG_TIME = datetime(2026, 11, 24, 22, 58, tzinfo=UTC)
_FLEXIBLE = {Column.CATEGORY: (150, 3), Column.PLACE: (140, 3), Column.SERVICE: (120, 2)}
"""Columns that grow: how wide at least, in pixels of text at 100 %, and their share of what is left."""
_LEAVING = (Column.REQUESTERS, Column.SERVICE, Column.OPENED, Column.PLACE)
"""Columns that leave where there is no room, in their order: the request itself says it all."""


class RequestTable(QTableView):
    """Emits ``opened`` with the id of a request at Enter or a double click, ``looked_at`` with that of the row one comes to."""

    opened = Signal(str)
    looked_at = Signal(str)

    def __init__(self, look: Look, words: Words, model: RequestsModel) -> None:
        super().__init__()
        self._look = look
        self._words = words
        self._requests = model
        self._quiet = False
        self._least: dict[Column, int] = {}
        self._cells = CellDelegate(look, model, self)
        self.setAccessibleName(words.text("Liste des requêtes"))
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self._set_up()
        self.activated.connect(lambda index: self.opened.emit(self._requests.id_of(index.row())))
        self.selectionModel().currentChanged.connect(self._on_current)
        look.changed.connect(self._on_look)
        self._on_look()

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(1)

    def chosen(self) -> str:
        """The id of the row that is chosen, or nothing."""
        return self._requests.id_of(self.currentIndex().row())

    def choose(self, row: int, *, quietly: bool = False) -> None:
        """Choose a row; ``quietly`` is not told as looked at."""
        if not 0 <= row < self._requests.rowCount():
            return
        at = self._requests.index(row, max(0, self.currentIndex().column()))
        whole_row = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self._quiet = quietly
        self.selectionModel().setCurrentIndex(at, whole_row)
        self._quiet = False

    def show_ids(self, ids: tuple[str, ...]) -> None:
        """Show these requests; the chosen one stays chosen and where it stands on the screen, if it is still there."""
        chosen, above = self.chosen(), self.currentIndex().row() - self.rowAt(0)
        top = self._requests.id_of(self.rowAt(0))
        self._requests.show(ids)
        if self.currentIndex().isValid():
            return
        row = self._requests.row_of(chosen) if chosen else -1
        if row >= 0:
            self.choose(row, quietly=True)
            self.verticalScrollBar().setValue(max(0, row - above))
        elif top:
            self.verticalScrollBar().setValue(max(0, self._requests.row_of(top)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the first and the last request: cells have nothing to go to."""
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers():
            self.choose(0 if event.key() == Qt.Key.Key_Home else self._requests.rowCount() - 1)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes here by keyboard is somewhere."""
        if not self.currentIndex().isValid():
            self.choose(max(0, self.rowAt(0)))
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells; then what goes through whole rows: a line below each, two around the chosen while the keyboard is here."""
        self._cells.chosen = self.currentIndex().row()
        super().paintEvent(event)
        theme, width = self._look.theme, self.viewport().width()
        painter = QPainter(self.viewport())
        painter.setPen(theme.colour("line"))
        height = self.verticalHeader().defaultSectionSize()
        painter.drawLines([QLine(0, y, width, y) for y in range(height - 1, min(self._foot(), self.viewport().height()), height)])
        if self.hasFocus() and self.currentIndex().isValid():
            row = self.visualRect(self.currentIndex())
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawLines([QLine(0, y, width, y) for y in (row.top() + 1, row.bottom() - 1)])

    def _foot(self) -> int:
        """Where the last row ends, in pixels of the viewport."""
        last = self._requests.rowCount() - 1
        return self.rowViewportPosition(last) + self.verticalHeader().defaultSectionSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other room, other columns."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another style sheet makes other scroll bars."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._on_look()

    def _on_look(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(self._cells.row_height())
        for column in Column:  # of a hidden one Qt measures no heading
            self.showColumn(column)
        self._least = self._needed()
        self._fit()

    def _fit(self) -> None:
        """Show the columns there is room for, and give what is left to those that can use it."""
        needed = dict(self._least)
        room = self.viewport().width()
        leaving = list(_LEAVING)
        while leaving and sum(needed.values()) > room:
            needed.pop(leaving.pop(0))
        left = max(0, room - sum(needed.values()))
        shares = sum(share for column, (_least, share) in _FLEXIBLE.items() if column in needed)
        for column in Column:
            self.setColumnHidden(column, column not in needed)
            if column in needed:
                share = _FLEXIBLE.get(column, (0, 0))[1]
                self.setColumnWidth(column, needed[column] + left * share // max(1, shares))

    def _needed(self) -> dict[Column, int]:
        """The least width of each column: its heading's at least."""
        text, pill, words = self._cells.text_width, self._cells.pill_width, self._words.text
        widest = {
            Column.NUMBER: max(text("C07-0000-K"), text("26-000000"), pill(words("provisoire"))),
            Column.STATUS: max(pill(words(name)) for name in STATUS.values()),
            Column.OPENED: text(words("aujourd’hui, {time}", time=self._words.time(_LONG_TIME))),
            Column.PROMISED: max(text("00 sept. 0000"), pill(words("en retard"))),
            Column.REQUESTERS: 0,
        }
        widest |= {column: self._look.theme.px(least) for column, (least, _share) in _FLEXIBLE.items()}
        return {column: max(widest[column], self.horizontalHeader().sectionSizeHint(column)) for column in Column}

    def _on_current(self, index: QModelIndex, before: QModelIndex) -> None:
        if index.isValid() and index.row() != before.row() and not self._quiet:
            self.looked_at.emit(self._requests.id_of(index.row()))
