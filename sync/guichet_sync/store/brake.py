"""Nobody empties a mirror by mistake: much that goes needs a stated reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from guichet_sync.domain.errors import BadReply
from guichet_sync.protocol.messages import FeedEntry, FeedPage, Operation

from . import held

MOST_ROWS = 200
MOST_SHARE = 0.05
FEW = 20
"""Removals that need no reason: up to this many whatever the space's size, then up to that share of it, never more than those
rows.
"""


@dataclass(slots=True)
class Brake:
    """Counts, over one exchange and by space, the rows that went without a reason."""

    _had: dict[str, int] = field(default_factory=dict)
    _gone: dict[str, int] = field(default_factory=dict)

    def check(self, connection: Connection, page: FeedPage) -> None:
        """Before a page is taken in.

        :raises BadReply: ``removal_without_reason``.
        """
        if page.removal_reason:
            return
        leaving = sum(held.count_of(connection, page.space, kind, ids) for kind, ids in _removed(page.entries).items())
        if not leaving:
            return
        if page.space not in self._had:
            self._had[page.space] = held.count(connection, page.space)
        gone = self._gone[page.space] = self._gone.get(page.space, 0) + leaving
        if gone > MOST_ROWS or gone > max(FEW, MOST_SHARE * self._had[page.space]):
            raise BadReply("removal_without_reason", space=page.space, rows=gone)


def _removed(entries: Iterable[FeedEntry]) -> dict[str, set[str]]:
    removed: dict[str, set[str]] = {}
    for entry in entries:
        if entry.operation is not Operation.PUT:
            removed.setdefault(entry.kind, set()).add(entry.id)
    return removed
