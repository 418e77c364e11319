"""The write points of a process: before and after each INSERT, UPDATE, DELETE and COMMIT; files made, renamed, removed."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect

_WRITES = ("INSERT", "UPDATE", "DELETE")
_MOVES = frozenset({"os.rename", "os.remove", "os.truncate"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_DATABASES = (".db", ".db-wal", ".db-shm", ".lock")
"""Files that a database engine writes: their write points are statements."""


@dataclass(slots=True)
class WritePoints:
    """Counts the write points of this process within ``folder``; at the ``fatal``-th, from 1, the process kills itself, at 0
    never. ``labels`` are those passed.
    """

    folder: Path
    fatal: int = 0
    labels: list[str] = field(default_factory=list)
    _written: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def watch(self) -> None:
        """Count from now on, until the process ends."""
        event.listen(Engine, "before_cursor_execute", self._on_before)
        event.listen(Engine, "after_cursor_execute", self._on_after)
        _around_commits(self._commit)
        sys.addaudithook(self._on_file)

    def pass_by(self, label: str) -> None:
        """One write point."""
        with self._lock:
            self.labels.append(label)
            if len(self.labels) == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    def _on_before(self, connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().startswith(_WRITES):
            self._written.add(id(connection.connection.driver_connection))
            self.pass_by(f"before {_named(connection.engine, statement)}")

    def _on_after(self, connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().startswith(_WRITES):
            self.pass_by(f"after {_named(connection.engine, statement)}")

    def _commit(self, connection: Any, act: Callable[[], None]) -> None:
        driver = id(connection.driver_connection)
        if driver not in self._written:
            act()
            return
        self._written.discard(driver)
        self.pass_by("before COMMIT")
        act()
        self.pass_by("after COMMIT")

    def _on_file(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name in _MOVES or (name == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
            path = Path(os.fsdecode(arguments[0])) if isinstance(arguments[0], str | bytes) else None
            if path is not None and path.is_relative_to(self.folder) and not path.name.endswith(_DATABASES):
                self.pass_by(f"before {name.removeprefix('os.')} of {path.suffix or 'a file'} in {path.parent.name}")


def _named(engine: Engine, statement: str) -> str:
    verb, *words = statement.split(maxsplit=5)
    table = words[words.index("INTO") + 1] if "INTO" in words else words[1] if verb == "DELETE" else words[0]
    return f"{verb} {table} of {Path(engine.url.database or '').stem}"


def _around_commits(around: Callable[[Any, Callable[[], None]], None]) -> None:
    """SQLAlchemy has an event before a commit and none after it."""
    commit: Callable[[DefaultDialect, Any], None] = DefaultDialect.do_commit

    def do_commit(dialect: DefaultDialect, connection: Any) -> None:
        around(connection, lambda: commit(dialect, connection))

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]
