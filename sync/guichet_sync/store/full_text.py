"""Full-text indexes of the public mirror: FTS5 tables that hold tokens only, never the text they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Subquery, TableClause, bindparam, column, delete, insert, select, table, text

from . import bulk

_OPTIONS = "content='', contentless_delete=1, tokenize='ascii'"


@dataclass(frozen=True, slots=True)
class FullText:
    """An index on ``columns`` of space-separated tokens. ``prefixes`` are the lengths that a prefix is quick to find by.

    ``weights`` are those of ``bm25``, one a column; without them order means nothing. ``detail`` as in FTS5.
    """

    name: str
    columns: tuple[str, ...]
    prefixes: str
    weights: str = ""
    detail: str = "full"

    @property
    def _table(self) -> TableClause:
        """FTS5 takes commands, and is asked, through a hidden column that has the table's own name."""
        return table(self.name, *(column(name) for name in ("rowid", "rank", self.name, *self.columns)))

    def create(self, connection: Connection) -> None:
        """Create the index if it is missing."""
        columns = ", ".join(self.columns)
        options = f"{_OPTIONS}, prefix='{self.prefixes}', detail='{self.detail}'"
        connection.execute(text(f"CREATE VIRTUAL TABLE IF NOT EXISTS {self.name} USING fts5({columns}, {options})"))
        if self.weights:
            self._command(connection, "rank", rank=f"bm25({self.weights})")

    def put(self, connection: Connection, rows: list[tuple[Any, ...]]) -> None:
        """Insert or replace rows, each a ``rowid`` with a run of tokens for each column."""
        bulk.put(connection, self._table, ("rowid", *self.columns), rows)

    def remove(self, connection: Connection, rowids: Sequence[int]) -> None:
        """No search finds these rows any more."""
        if rowids:
            found = self._table
            connection.execute(delete(found).where(found.c.rowid == bindparam("row")), [{"row": row} for row in rowids])

    def clear(self, connection: Connection) -> None:
        """Remove every row."""
        self._command(connection, "delete-all")

    def scrub(self, connection: Connection) -> None:
        """Rewrite the index, so that not even the words of removed rows remain in the file."""
        self._command(connection, "optimize")

    def matching(self, *, ranked: bool = False) -> Subquery:
        """``rowid`` and ``rank`` of the first ``:limit`` rows that match the FTS5 expression ``:match``."""
        found = self._table
        matches = select(found.c.rowid, found.c.rank).where(found.c[self.name].match(bindparam("match")))
        return (matches.order_by(found.c.rank) if ranked else matches).limit(bindparam("limit")).subquery("found")

    def _command(self, connection: Connection, command: str, **arguments: str) -> None:
        connection.execute(insert(self._table).values({self.name: command, **arguments}))
