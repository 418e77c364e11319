"""Many rows or ids in one statement, straight to the driver: what a first mirror spends its time on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, TableClause, func, select

from guichet_sync.protocol import codec


def put(connection: Connection, table: TableClause, rows: Sequence[Mapping[str, Any]], *, replace: bool = True) -> None:
    """Insert rows that all name the same columns, at least two; with ``replace`` in the place of those of the same key."""
    if not rows:
        return
    columns = tuple(rows[0])
    connection.exec_driver_sql(_insert(table.name, columns, replace), list(map(itemgetter(*columns), rows)))


@lru_cache(maxsize=64)
def _insert(name: str, columns: tuple[str, ...], replace: bool) -> str:
    """Names are those of our own tables."""
    places = ", ".join("?" * len(columns))
    return f"INSERT {'OR REPLACE ' if replace else ''}INTO {name} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608


def among(ids: Iterable[str]) -> Select[tuple[Any]]:
    """These ids as a subquery, however many: a statement that is prepared once, with one value."""
    listed = func.json_each(codec.encode(list(ids)).decode()).table_valued("value")
    return select(listed.c.value)
