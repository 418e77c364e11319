"""A table of as many requests as there are: their ids are held, their lines are read by pages where one looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from guichet_sync.domain.errors import GuichetError

from .request_lines import Column, ShownLine

PAGE = 64
"""Lines that are read at a time."""
KEPT = 2_048
"""Lines that are held at most."""
NOT_READ = "…"
_MOST_WANTED = 4
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

Read = Callable[[tuple[str, ...], Callable[[dict[str, ShownLine]], None], Callable[[GuichetError], None]], None]
"""Reads the lines of some ids elsewhere, and later tells them, or what failed."""


class RequestsModel(QAbstractTableModel):
    """Shows "…" for a line that was not read, and asks for its page: one page at a time, that last looked at first.

    Lines that are there stay on the screen while they are read anew. Emits ``failed`` with the error of a page that could not be
    read; pages are then asked for again at the next :meth:`show`.
    """

    failed = Signal(object)

    def __init__(self, read: Read, headings: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._headings = tuple(headings)
        self._ids: tuple[str, ...] = ()
        self._lines: dict[str, tuple[int, ShownLine]] = {}
        self._round = 0
        self._wanted: dict[int, None] = {}
        self._reading = False
        self._broken = False

    def show(self, ids: tuple[str, ...]) -> None:
        """These requests from now on, all read anew."""
        self._round += 1
        self._broken = False
        self._wanted.clear()
        if ids != self._ids:
            self.beginResetModel()
            self._ids = ids
            self.endResetModel()
        elif ids:
            self._tell_changed(0, len(ids))

    def id_of(self, row: int) -> str:
        """The id of the request in a row, nothing where there is no such row."""
        return self._ids[row] if 0 <= row < len(self._ids) else ""

    def row_of(self, request_id: str) -> int:
        """Where a request is, -1 where it is not."""
        return self._ids.index(request_id) if request_id in self._ids else -1

    def line(self, row: int) -> ShownLine | None:
        """The line of a row as far as it was read; what was not is asked for."""
        known = self._lines.get(self._ids[row])
        if known is None or known[0] != self._round:
            self._want(row // PAGE)
        return known[1] if known else None

    def is_reading(self) -> bool:
        """Whether a page is on its way."""
        return self._reading

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many requests."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The whole line for the delegate, a cell in words for everybody else."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if role == Qt.ItemDataRole.UserRole:
            return self.line(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            line = self.line(index.row())
            return line.cells[index.column()].said if line else NOT_READ
        return None

    def _want(self, page: int) -> None:
        """The page last looked at comes first; those that one scrolled past are let go of."""
        if self._broken:
            return
        self._wanted.pop(page, None)
        self._wanted[page] = None
        if len(self._wanted) > _MOST_WANTED:
            del self._wanted[next(iter(self._wanted))]
        self._read_next()

    def _read_next(self) -> None:
        if self._reading or not self._wanted:
            return
        page, _ = self._wanted.popitem()
        asked = self._round
        self._reading = True
        ids = self._ids[page * PAGE : (page + 1) * PAGE]
        self._read(ids, lambda lines: self._on_read(asked, page * PAGE, lines), self._on_failed)

    def _on_read(self, asked: int, first: int, lines: dict[str, ShownLine]) -> None:
        self._reading = False
        for each, line in lines.items():
            self._lines.pop(each, None)
            self._lines[each] = (asked, line)
        for oldest in list(self._lines)[: max(0, len(self._lines) - KEPT)]:
            del self._lines[oldest]
        if self.id_of(first) in lines:
            self._tell_changed(first, len(lines))
        self._read_next()

    def _tell_changed(self, first: int, count: int) -> None:
        last = min(first + count, len(self._ids)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def _on_failed(self, error: GuichetError) -> None:
        self._reading, self._broken = False, True
        self._wanted.clear()
        self.failed.emit(error)
