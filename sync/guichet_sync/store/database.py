"""Encrypted SQLite files behind SQLAlchemy Core, and their failures in our own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from guichet_sync.domain.errors import DiskFull, Interrupted, StoreBusy, StoreDamaged, StoreError, WrongKey

from . import salts
from .interrupting import current
from .keys import Key

BUSY_TIMEOUT_MS = 5_000
_CACHE_KB = 16_384
_MEANINGS: dict[str, type[StoreError]] = {
    "SQLITE_NOTADB": WrongKey,
    "SQLITE_CORRUPT": StoreDamaged,
    "SQLITE_INTERRUPT": Interrupted,
    "SQLITE_BUSY": StoreBusy,
    "SQLITE_LOCKED": StoreBusy,
    "SQLITE_FULL": DiskFull,
    "SQLITE_READONLY": DiskFull,
    "SQLITE_CANTOPEN": DiskFull,
}
"""By SQLite's result code. Any other, a failing disk's SQLITE_IOERR among them, says nothing of what the file holds."""


def open_engine(path: Path, key: Key, *, durable: bool) -> Engine:
    """An engine on the encrypted file ``path``, created if missing.

    ``durable`` makes each commit survive a power cut (synchronous FULL). A file that is not is a mirror: NORMAL will do, damage
    marks it to begin anew when next opened, and where another process did that, this engine follows.
    Temporary tables and sorts stay in memory: nothing in the clear reaches the disk.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=dbapi2,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        execution_options={"guichet_mirror": not durable},
    )
    if not durable:
        event.listen(engine, "checkout", partial(_follow, path))
    pragmas = _pragmas(key, durable=durable)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        try:
            for pragma in pragmas:
                connection.execute(pragma)
        except dbapi2.Error as error:
            raise _refusal(connection, error, path) from None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("guichet_begin", "BEGIN"))

    return engine


def _follow(path: Path, _connection: Any, record: Any, _proxy: Any) -> None:
    """Never go on with a file that is no longer the one of that name."""
    now = _identity(path)
    if now is not None and record.info.setdefault("file", now) != now:
        raise InvalidatePoolError


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _pragmas(key: Key, *, durable: bool) -> tuple[str, ...]:
    return (
        "PRAGMA cipher_log_level = NONE",
        key.pragma,
        "PRAGMA cipher_compatibility = 4",
        "PRAGMA cipher_memory_security = OFF",
        "PRAGMA temp_store = MEMORY",
        "PRAGMA journal_mode = WAL",
        f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}",
        "PRAGMA secure_delete = ON",
        f"PRAGMA cache_size = -{_CACHE_KB}",
        f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    )


def _refusal(connection: Any, error: Exception, path: Path) -> StoreError:
    """Why a file does not open; the connection is of no more use.

    SQLCipher says the same of a wrong key, of a damaged first page and of a damaged salt. But the key is right if it opens any
    other page, and no key opens any where the salt is not the one that is kept beside. Else the key is blamed.
    """
    said = translate(error, path.name)
    if isinstance(said, WrongKey) and (salts.differs(path) or _opens_some_page(connection, path)):
        said = StoreDamaged(file=path.name)
    connection.close()
    return said


def _opens_some_page(connection: Any, path: Path) -> bool:
    refused = len(connection.execute("PRAGMA cipher_integrity_check").fetchall())
    pages = path.stat().st_size // int(connection.execute("PRAGMA cipher_page_size").fetchone()[0])
    return pages == 0 or refused < pages


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent read of one file, which the thread's :class:`~.interrupting.Interrupter`, if any, can cut short."""
    interrupter = current()
    with translated(engine), engine.begin() as connection:
        driver = connection.connection.driver_connection
        with interrupter.watching(driver) if interrupter and driver else nullcontext():
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
def noting(engine: Engine) -> Iterator[Connection]:
    """As :func:`writing`, of what a power cut may take back: the commit is whole and in its order, and does not wait for the
    disk. What is committed durably after it makes it durable too.
    """
    with translated(engine), engine.connect().execution_options(guichet_begin="BEGIN IMMEDIATE") as connection:
        driver = connection.connection
        driver.execute("PRAGMA synchronous = NORMAL")
        try:
            with connection.begin():
                yield connection
        finally:
            driver.execute("PRAGMA synchronous = FULL")


def truncate_log(engine: Engine) -> bool:
    """Bring the write-ahead log into the file and empty it: what was overwritten is then nowhere. Readers are waited for a while;
    if they stay, this is False, and the next one to close the file does it.
    """
    with translated(engine), closing(engine.raw_connection()) as borrowed:
        busy, _in_log, _in_file = borrowed.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn the driver's errors into :class:`StoreError`, with the bare file name; damage to a mirror is ``mirror_damaged``."""
    try:
        yield
    except (DBAPIError, dbapi2.Error, sqlite3.Error) as error:
        path = Path(engine.url.database or "")
        said = translate(error, path.name)
        if isinstance(said, StoreDamaged) and engine.get_execution_options().get("guichet_mirror"):
            with suppress(OSError):
                damage_mark(path).touch()
            said = StoreDamaged("mirror_damaged", file=path.name)
        raise said from None


def damage_mark(path: Path) -> Path:
    """The file that stands beside a mirror in which damage was met: the mirror begins anew when next opened."""
    return path.with_name(f"{path.name}-damaged")


def translate(error: Exception, name: str) -> StoreError:
    """What a driver's error on the file ``name`` means."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", "")
    meaning = _MEANINGS.get(code)
    return meaning(file=name) if meaning else StoreError(file=name, kind=code or type(cause).__name__)


def is_encrypted(path: Path) -> bool:
    """Whether this is not a plain SQLite file, which its first bytes tell. A file that is not there is none."""
    try:
        with path.open("rb") as file:
            return not file.read(16).startswith(b"SQLite format 3")
    except FileNotFoundError:
        return True
