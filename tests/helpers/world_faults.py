"""What happens to a machine: a post's power goes at a write, its clock is wrong; a server comes back from a backup."""

from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, event, make_url

from guichet_sync.central import cli
from guichet_sync.store.post import PostStore
from tests.helpers.central import CentralServer
from tests.helpers.postgres import PostgresServer

_READS = ("SELECT", "PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "WITH")


class PowerCut(BaseException):
    """The post is dead from here on: no handler of the program runs to any good."""


@dataclass(frozen=True, slots=True)
class WritePoint:
    """The ``nth`` write of a post's files whose statement has these ``words`` (``COMMIT`` is one), before or just after it."""

    words: str = ""
    nth: int = 1
    after: bool = False


def before(words: str = "", nth: int = 1) -> WritePoint:
    """Just before it: nothing of it is on the disk."""
    return WritePoint(words, nth)


def after(words: str = "", nth: int = 1) -> WritePoint:
    """Just after it, before the program does anything else: after a ``COMMIT``, all of it is on the disk."""
    return WritePoint(words, nth, after=True)


@dataclass(slots=True)
class PowerSwitch:
    """Watches the writes of one open post and cuts its power at a point: the files are kept as they are at that instant."""

    store: PostStore
    point: WritePoint
    kept: Path
    seen: int = 0
    dead: bool = False
    _next: bool = False
    _engines: list[Engine] = field(default_factory=list)

    def armed(self) -> PowerSwitch:
        """Watch from now on."""
        for engine in (self.store.public, self.store.people, self.store.work):
            event.listen(engine, "before_cursor_execute", self._statement)
            event.listen(engine, "commit", self._commit)
            event.listen(engine, "checkout", self._touched)
            self._engines.append(engine)
        return self

    def _touched(self, *_facts: object) -> None:
        if self._next:
            self._cut()

    def _statement(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        self._touched()
        if not statement.lstrip().upper().startswith(_READS):
            self._write(statement)

    def _commit(self, connection: Connection) -> None:
        self._touched()
        if "guichet_begin" in connection.get_execution_options():  # a reader's end writes nothing
            self._write("COMMIT")

    def _write(self, statement: str) -> None:
        if self.dead:
            raise PowerCut
        if self.point.words not in statement:
            return
        self.seen += 1
        if self.seen == self.point.nth:
            if not self.point.after:
                self._cut()
            self._next = True

    def _cut(self) -> None:
        if not self.dead:
            self.dead = True
            self._keep()
        raise PowerCut

    def _keep(self) -> None:
        """The files and their logs as a machine that starts again finds them; who held which lock is forgotten."""
        shutil.copytree(self.store.folder.path, self.kept, ignore=shutil.ignore_patterns("*-shm", "*.lock"))


def found_again(folder: Path, kept: Path) -> None:
    """What was kept at the cut takes the place of what the dying program went on to write."""
    shutil.rmtree(folder)
    shutil.move(kept, folder)


@dataclass(frozen=True, slots=True)
class ServerPoint:
    """A backup of a server's database: an SQLite file, or the name of a PostgreSQL database."""

    file: Path | None = None
    database: str = ""


@dataclass(slots=True)
class Backups:
    """Backups of one server, and its return from them. ``postgres`` is where its database lives, if it lives there."""

    server: CentralServer
    folder: Path
    postgres: PostgresServer | None = None
    taken: list[ServerPoint] = field(default_factory=list)

    def point(self) -> ServerPoint:
        """A backup as of now."""
        name = make_url(self.server.settings.database_url).database or ""
        if self.postgres is None:
            made = ServerPoint(self.folder / f"backup-{len(self.taken)}.db")
            _copy_sqlite(Path(name), made.file or Path())
        else:
            made = ServerPoint(database=f"{name}b{len(self.taken)}")
            self._stopped(lambda: self._postgres().copy(name, made.database))
        self.taken.append(made)
        return made

    def restore(self, point: ServerPoint) -> None:
        """The server stops, its database becomes what the backup has, and it is told so as its administrator would tell it."""
        self._stopped(lambda: self._put_back(point))

    def close(self) -> None:
        """Drop what was made."""
        for each in self.taken:
            if each.database:
                self._postgres().drop(each.database)

    def _put_back(self, point: ServerPoint) -> None:
        url = self.server.settings.database_url
        name = make_url(url).database or ""
        if point.file is not None:
            for suffix in ("-wal", "-shm"):
                Path(f"{name}{suffix}").unlink(missing_ok=True)
            shutil.copyfile(point.file, name)
        else:
            self._postgres().drop(name)
            self._postgres().copy(point.database, name)
        with redirect_stdout(io.TextIOWrapper(io.BytesIO())):
            said = cli.main(["--database", url, "--data", str(self.server.settings.data), "--json", "init", "--restored"])
        assert said == 0

    def _stopped(self, act: Callable[[], object]) -> None:
        self.server.stop()
        self.server.engine.dispose()
        act()
        self.server.start()

    def _postgres(self) -> PostgresServer:
        assert self.postgres is not None
        return self.postgres


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as held, closing(sqlite3.connect(target)) as copy:
        held.backup(copy)
