"""The fiches found, with what to highlight in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from guichet_sync.domain.article import SearchHit, SearchResult
from guichet_sync.domain.words import Language
from guichet_sync.language import highlight

_SAID = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
"""A row may be cut: its tip has all its words."""

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A fiche found, its freshness in words, and the ranges to mark in its title and snippet."""

    hit: SearchHit
    freshness: str
    service: str
    title_marks: Ranges
    snippet_marks: Ranges


def marked(result: SearchResult, language: Language, freshness: dict[str, str], services: dict[str, str]) -> tuple[ShownHit, ...]:
    """The hits with their marks: made on the desk thread, so that drawing only draws."""
    return tuple(
        ShownHit(
            hit,
            freshness[hit.freshness],
            services.get(hit.service, ""),
            highlight(hit.title, result.query, language),
            highlight(hit.snippet, result.query, language),
        )
        for hit in result.hits
    )


class ResultsModel(QAbstractListModel):
    """A list of :class:`ShownHit`; the display text of a row is what a screen reader says."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[ShownHit, ...] = ()

    def show(self, hits: tuple[ShownHit, ...]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    def hit(self, row: int) -> ShownHit | None:
        """The hit of a row."""
        return self._hits[row] if 0 <= row < len(self._hits) else None

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many hits."""
        return len(self._hits)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The hit itself for the delegate, its words for everybody else."""
        shown = self.hit(index.row())
        if shown is None:
            return None
        if role == Qt.ItemDataRole.UserRole:
            return shown
        if role in _SAID:
            return f"{shown.hit.title}. {shown.freshness}. {shown.service}. {shown.hit.snippet}"
        return None
