"""What waits to be sent, was refused or set aside, and the drafts: lines of one list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

_SAID = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
"""A line may be cut: its tip has all its words."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A line: what it is of (a draft's or an intent's id), two texts and a tone."""

    id: str
    title: str
    detail: str
    tone: str


class WaitingModel(QAbstractListModel):
    """A list of :class:`WaitingRow`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[WaitingRow, ...] = ()

    def show(self, rows: tuple[WaitingRow, ...]) -> None:
        """Replace all rows; the same ones are left in peace."""
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, index: int) -> WaitingRow | None:
        """The line at a place."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def id_of(self, index: int) -> str:
        """What the line at a place is of, nothing where there is none."""
        row = self.row(index)
        return row.id if row else ""

    def row_of(self, wanted: str) -> int:
        """Where the line of that id is, -1 where there is none."""
        return next((place for place, row in enumerate(self._rows) if row.id == wanted), -1)

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many lines."""
        return len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line itself for the delegate, its words for everybody else."""
        row = self.row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in _SAID:
            return f"{row.title}. {row.detail}"
        return None
