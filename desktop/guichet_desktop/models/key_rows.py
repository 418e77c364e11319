"""The rows of the settings' table of keys: what each action is, where it acts, its keys, a remark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
KEY_GAP = "   "
"""What stands between two keys of one action."""


class KeyColumn(IntEnum):
    """The columns, in their order."""

    NAME = 0
    WHERE = 1
    KEYS = 2
    REMARK = 3


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One action: its id and what each column says. ``refused``: the remark is why a key was not taken."""

    id: str
    name: str
    where: str
    keys: str
    remark: str = ""
    refused: bool = False

    def cell(self, column: int) -> str:
        """What a column says."""
        return (self.name, self.where, self.keys, self.remark)[column]


class KeyRowsModel(QAbstractTableModel):
    """Rows are replaced whole; those of the same ids are changed in their places, so that the current one stays."""

    def __init__(self, headings: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings = tuple(headings)
        self._rows: tuple[KeyRow, ...] = ()

    def show(self, rows: Sequence[KeyRow]) -> None:
        """Show these rows."""
        same = [each.id for each in rows] == [each.id for each in self._rows]
        if not same:
            self.beginResetModel()
        self._rows = tuple(rows)
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self._headings) - 1))

    def row(self, place: int) -> KeyRow | None:
        """The row at a place, or None."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place_of(self, name: str) -> int:
        """The place of an action's row, -1 where it has none."""
        return next((place for place, each in enumerate(self._rows) if each.id == name), -1)

    def rowCount(self, parent: _Index = _TOP) -> int:
        """How many actions."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _TOP) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """The name of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Keys can be given anew."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == KeyColumn.KEYS else flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says; a screen reader hears the whole row at its first cell."""
        row = self.row(index.row())
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return row.cell(index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            whole = (row.cell(column) for column in KeyColumn)
            return ", ".join(filter(None, whole)) if index.column() == KeyColumn.NAME else row.cell(index.column())
        return row if role == Qt.ItemDataRole.UserRole else None
