"""*À transmettre*, in words: a row of the table for each line, and the table itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from guichet_sync.domain.request import SyncState
from guichet_sync.wording import N_, Words
from guichet_sync.wording.desk_words import SYNC_STATE, deed_name

from ..desk.desk import Desk
from ..desk.outbox import Line
from .deed_words import deed_detail

_Index = QModelIndex | QPersistentModelIndex
_DRAFT = N_("Brouillon")
_TONES = {SyncState.ACCEPTED: "ok", SyncState.REFUSED: "bad", SyncState.QUARANTINED: "bad"}
_GLIMPSE = 80
"""How much of a long text stands in a row."""


class Group(StrEnum):
    """What the table can be narrowed to."""

    ALL = "all"
    WAITING = "waiting"
    REFUSED = "refused"
    DRAFTS = "drafts"


class Column(StrEnum):
    """The columns, by the field of :class:`OutboxRow` that each shows, in their order."""

    NUMBER = "number"
    WHAT = "what"
    AT = "at"
    STATE = "state"
    REASON = "reason"


_HEADINGS = {
    Column.NUMBER: N_("Numéro"),
    Column.WHAT: N_("Objet"),
    Column.AT: N_("Saisie"),
    Column.STATE: N_("État"),
    Column.REASON: N_("Essais et motif"),
}
COLUMNS = tuple(Column)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A line in words: ``what`` it is and, below, ``detail``: where, or of what. ``number`` is the official one once it is known;
    ``tone`` is the pill's.
    """

    line: Line
    group: Group
    number: str
    what: str
    detail: str
    at: str
    state: str
    tone: str
    reason: str

    @property
    def sentence(self) -> str:
        """The whole row, as it is read aloud."""
        return ". ".join(filter(None, (self.number, self.what, self.detail, self.state, self.reason, self.at)))


def rows_of(lines: Iterable[Line], words: Words, desk: Desk) -> tuple[OutboxRow, ...]:
    """The rows of these lines: made on the desk thread, since naming five hundred dates takes longer than a frame."""
    return tuple(_row(line, words, desk) for line in lines)


def _row(line: Line, words: Words, desk: Desk) -> OutboxRow:
    item, content = line.item, line.content
    at = (content.updated_at or content.asked_at) if item is None and content else item.captured_at if item else None
    return OutboxRow(
        line=line,
        group=_group(line),
        number=(item.official_number if item else "") or line.number,
        what=_what(line, words),
        detail=_detail(line, words),
        at=when(at, words, desk) if at else "",
        state=words.text(SYNC_STATE[item.state] if item else _DRAFT),
        tone=_TONES.get(item.state, "info") if item else "mute",
        reason=_reason(line, words),
    )


def _group(line: Line) -> Group:
    if line.item is None:
        return Group.DRAFTS
    return Group.REFUSED if line.failed else Group.WAITING


def _what(line: Line, words: Words) -> str:
    if line.content is None:
        return words.text(deed_name(line.item.kind if line.item else ""))
    name = words.both(line.category.name) if line.category else line.content.category
    return name or words.text("Sans catégorie")


def _detail(line: Line, words: Words) -> str:
    """Where a request is, or how its description begins; what is done with a known one; the fiche that answered."""
    if line.content is not None:
        return _glimpse(line.content.where.label or line.content.description)
    if line.deed is not None:
        return _glimpse(deed_detail(words, line.deed, line.category))
    if line.article is not None:
        return line.article.text(words.language).title
    return line.item.label if line.item else ""


def _glimpse(text: str) -> str:
    return " ".join(text[:_GLIMPSE].split())


def when(at: datetime, words: Words, desk: Desk) -> str:
    """A local date and time; today's is said so."""
    local = desk.local(at)
    if local.date() == desk.today():
        return words.text("aujourd’hui, {time}", time=words.time(local))
    return words.text("{day}, {time}", day=words.short_day(local.date()), time=words.time(local))


def _reason(line: Line, words: Words) -> str:
    if line.item is None:
        return ""
    tries = words.plural("{n} essai", "{n} essais", line.item.attempts) if line.item.attempts else ""
    why = words.reason(line.item.last_error).title if line.item.last_error else ""
    return "  ·  ".join(filter(None, (tries, why)))


class OutboxModel(QAbstractTableModel):
    """A table of :class:`OutboxRow`; ``UserRole`` gives the row itself, a screen reader hears all of it in the first column."""

    def __init__(self, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings = [words.text(_HEADINGS[column]) for column in COLUMNS]
        self._rows: tuple[OutboxRow, ...] = ()

    def show(self, rows: tuple[OutboxRow, ...]) -> bool:
        """Replace all rows; the same ones are left in peace. Whether anything changed."""
        if rows == self._rows:
            return False
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        return True

    def row(self, place: int) -> OutboxRow | None:
        """The row at a place."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place_of(self, line_id: str) -> int:
        """Where the row of that line is, -1 where there is none."""
        return next((place for place, row in enumerate(self._rows) if row.line.id == line_id), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell; the row itself for the delegate."""
        row = self.row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.UserRole:
            return row
        return _said(row, COLUMNS[index.column()], role)


def _said(row: OutboxRow, column: Column, role: int) -> str | None:
    if role == Qt.ItemDataRole.AccessibleTextRole and column is Column.NUMBER:
        return row.sentence
    if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        return None
    if column is Column.WHAT and role != Qt.ItemDataRole.DisplayRole:
        return ". ".join(filter(None, (row.what, row.detail)))
    return str(getattr(row, column.value))
