"""One engine for PostgreSQL or embedded SQLite, the two kinds of transactions the server knows, and what their failures mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from guichet_sync.domain.errors import GuichetError, InvalidInput, StoreBusy, StoreDamaged, StoreError

SERVING_WAIT_S = 5
"""A request waits this long for a lock, then its post is asked to come back: threads are few."""
_ADMINISTERING_WAIT_S = 60
_CONNECT_S = 5
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -16384",
    "PRAGMA temp_store = MEMORY",
)
_LOST, _LOCKED = "40", "55"
"""PostgreSQL's classes of serialisation failures and deadlocks, and of locks not had in time."""
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_REASONS: dict[int, tuple[type[GuichetError], str]] = {
    sqlite3.SQLITE_FULL: (StoreError, "database_full"),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, "database_damaged"),
    sqlite3.SQLITE_NOTADB: (StoreDamaged, "database_damaged"),
}


def open_engine(url: str, wait_s: int = _ADMINISTERING_WAIT_S) -> Engine:
    """An engine on ``url``; ``postgresql://`` means psycopg 3. A transaction waits ``wait_s`` seconds for a lock.

    :raises InvalidInput: ``database_url`` if it names no database that can be spoken to. Nothing is connected yet.
    """
    try:
        parsed = make_url(url)
        return _sqlite(parsed, wait_s) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed, wait_s)
    except (ArgumentError, ImportError, ValueError):  # whose messages may show the URL's password
        raise InvalidInput("database_url", field="database") from None


def _postgresql(url: URL, wait_s: int) -> Engine:
    if url.get_backend_name() != "postgresql":
        raise ArgumentError
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,  # they are personal data, and errors end up in logs
        connect_args={"connect_timeout": _CONNECT_S},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.execute(f"SET lock_timeout = '{wait_s}s'")
        connection.commit()

    return engine


def _sqlite(url: URL, wait_s: int) -> Engine:
    engine = create_engine(url, poolclass=QueuePool, pool_size=10, max_overflow=30, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {1000 * wait_s}")
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("guichet_begin", "BEGIN"))

    return engine


def embedded_url(data: Path) -> str:
    """The URL of the SQLite file in ``data``."""
    return f"sqlite:///{data / 'central.db'}"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view: a head and the rows below it belong together."""
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """For one statement, which is a consistent view by itself: PostgreSQL is not asked to begin nor to end anything."""
    if engine.dialect.name == "sqlite":
        with reading(engine) as connection:
            yield connection
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction; SQLite takes its one write lock at once instead of failing half-way."""
    options = {"guichet_begin": "BEGIN IMMEDIATE"} if engine.dialect.name == "sqlite" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def is_contention(error: DBAPIError) -> bool:
    """Whether the transaction lost against another one: the same, done again, may well pass."""
    return isinstance(error, IntegrityError) or _sqlstate(error).startswith(_LOST) or is_locked(error)


def is_locked(error: DBAPIError) -> bool:
    """Whether another transaction held on to a lock for longer than we wait."""
    return _sqlstate(error).startswith(_LOCKED) or _sqlite_code(error) in _SQLITE_BUSY


def explained(error: DBAPIError) -> GuichetError:
    """What a failure of the database means, without its address nor what was written."""
    if is_contention(error):
        return StoreBusy("database_busy")
    kind, code = _SQLITE_REASONS.get(_sqlite_code(error), (StoreError, ""))
    if code:
        return kind(code)
    unreachable = isinstance(error, OperationalError) and not _sqlstate(error)
    return StoreError("database_unreachable" if unreachable else "database_refused", kind=type(error.orig).__name__)


def _sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of the error, empty on another engine and where the server was not reached."""
    return str(getattr(error.orig, "sqlstate", None) or "")


def _sqlite_code(error: DBAPIError) -> int:
    """SQLite's primary result code, 0 on another engine."""
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF
