"""Encrypted SQLite files behind SQLAlchemy Core, and their failures in our own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from guichet_sync.domain.errors import DiskFull, Interrupted, StoreBusy, StoreDamaged, StoreError, WrongKey

from .interrupting import current
from .keys import Key

BUSY_TIMEOUT_MS = 5_000
_MIRROR_CACHE_KB = 16_384
_BY_MESSAGE: tuple[tuple[str, type[StoreError]], ...] = (
    ("file is not a database", WrongKey),
    ("interrupted", Interrupted),
    ("malformed", StoreDamaged),
    ("disk i/o error", StoreDamaged),
    ("is locked", StoreBusy),
    ("is full", DiskFull),
    ("readonly", DiskFull),
    ("read-only", DiskFull),
    ("unable to open", DiskFull),
)


def open_engine(path: Path, key: Key, *, durable: bool) -> Engine:
    """An engine on the encrypted file ``path``, created if missing.

    ``durable`` makes each commit survive a power cut (synchronous FULL); mirrors do with NORMAL, since they can be rebuilt.
    Temporary tables and sorts stay in memory: nothing in the clear reaches the disk.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=dbapi2,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    pragmas = _pragmas(key, durable=durable)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("guichet_begin", "BEGIN"))

    return engine


def _pragmas(key: Key, *, durable: bool) -> tuple[str, ...]:
    return (
        "PRAGMA cipher_log_level = NONE",
        f"PRAGMA key = {key.pragma}",
        "PRAGMA cipher_memory_security = OFF",
        "PRAGMA temp_store = MEMORY",
        "PRAGMA journal_mode = WAL",
        f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}",
        "PRAGMA secure_delete = ON" if durable else "PRAGMA secure_delete = FAST",
        f"PRAGMA cache_size = -{_MIRROR_CACHE_KB}",
        f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent read of one file, which the thread's :class:`~.interrupting.Interrupter`, if any, can cut short."""
    interrupter = current()
    with translated(engine), engine.begin() as connection:
        driver = connection.connection.driver_connection
        with interrupter.watching(driver) if interrupter else nullcontext():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction, committed at the end or not at all. It takes the write lock at once: no half-way surprise."""
    with (
        translated(engine),
        engine.connect().execution_options(guichet_begin="BEGIN IMMEDIATE") as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn the driver's errors into :class:`StoreError`, with the bare file name."""
    try:
        yield
    except (DBAPIError, dbapi2.Error, sqlite3.Error) as error:
        raise translate(error, Path(engine.url.database or "").name) from None


def translate(error: Exception, name: str) -> StoreError:
    """What a driver's error on the file ``name`` means."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    message = str(cause).lower()
    for part, kind in _BY_MESSAGE:
        if part in message:
            return kind(file=name)
    return StoreError(file=name, kind=type(cause).__name__)


def is_encrypted(path: Path) -> bool:
    """Whether the file's first bytes are not those of a plain SQLite file."""
    with path.open("rb") as file:
        return not file.read(16).startswith(b"SQLite format 3")
