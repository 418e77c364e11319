"""The floor of a first mirror: its own rows, taken down as they were inserted, put into new files by plain ``executemany``.

Same encrypted schema, full-text indexes included, same page size, pragmas and transactions; no network, no server, no JSON.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from guichet_sync.store import schema
from guichet_sync.store.database import open_engine, reading, writing
from guichet_sync.store.keys import Key

_CREATE = {"public": schema.create_public, "people": schema.create_people}
Insert = tuple[str, list[Any]]


@dataclass(slots=True)
class Taken:
    """Inserts of one file, by transaction."""

    transactions: list[list[Insert]] = field(default_factory=list)
    _open: list[Insert] = field(default_factory=list)

    @contextmanager
    def listening(self, engine: Engine) -> Iterator[None]:
        """Take down what is inserted meanwhile."""
        event.listen(engine, "before_cursor_execute", self._on_statement)
        event.listen(engine, "commit", self._on_commit)
        try:
            yield
        finally:
            event.remove(engine, "before_cursor_execute", self._on_statement)
            event.remove(engine, "commit", self._on_commit)

    def _on_statement(self, *heard: Any) -> None:
        _connection, _cursor, statement, parameters, _context, many = heard
        if statement.startswith("INSERT"):
            self._open.append((statement, list(parameters) if many else [parameters]))

    def _on_commit(self, _connection: Connection) -> None:
        if self._open:
            self.transactions.append(self._open)
            self._open = []

    def replayed(self, path: Path, kind: str) -> float:
        """Put everything into a new file; seconds."""
        engine = open_engine(path, Key.random(), durable=False)
        with writing(engine) as connection:
            _CREATE[kind](connection)
        begun = time.perf_counter()
        with closing(engine.raw_connection()) as borrowed:
            cursor = borrowed.cursor()
            for transaction in self.transactions:
                cursor.execute("BEGIN IMMEDIATE")
                for statement, rows in transaction:
                    cursor.executemany(statement, rows)
                cursor.execute("COMMIT")
        seconds = time.perf_counter() - begun
        engine.dispose()
        return seconds


def rows_held(engine: Engine) -> int:
    """Rows of all tables of a mirror but those that it keeps of itself."""
    names = [name for name in (schema.public if "article" in _names(engine) else schema.people).tables if name not in _OWN]
    with reading(engine) as connection:
        return sum(int(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()) for name in names)  # noqa: S608


_OWN = ("cursor", "held", "arriving", "chore", "street", "contained")


def _names(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
