"""Many rows or ids in one statement, straight to the driver: what a first mirror spends its time on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, TableClause, func, select

from guichet_sync.protocol import codec


def put(connection: Connection, table: TableClause, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Insert rows, values in the order of ``columns``, in the place of those of the same key."""
    if rows:
        connection.exec_driver_sql(_insert(table.name, columns), rows)


@lru_cache(maxsize=64)
def _insert(name: str, columns: tuple[str, ...]) -> str:
    """Names are those of our own tables."""
    places = ", ".join("?" * len(columns))
    return f"INSERT OR REPLACE INTO {name} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608


def among(ids: Iterable[str]) -> Select[tuple[Any]]:
    """These ids as a subquery, however many: a statement that is prepared once, with one value."""
    listed = func.json_each(codec.encode(list(ids)).decode()).table_valued("value")
    return select(listed.c.value)
