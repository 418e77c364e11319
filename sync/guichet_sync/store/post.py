"""The three open files of one person on one post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from guichet_sync.domain.errors import StoreBusy, StoreDamaged

from . import schema
from .database import is_encrypted, open_engine, reading, writing
from .folders import PersonFolder, ProfileFolder
from .keys import Key


@dataclass(frozen=True, slots=True)
class PostStore:
    """Engines on the mirrors (``public``, ``people``) and on the unsent work (``work``) of ``person``."""

    folder: ProfileFolder
    person: str
    public: Engine
    people: Engine
    work: Engine

    @classmethod
    def open(cls, folder: ProfileFolder, post_key: Key, person: str, person_key: Key) -> PostStore:
        """Open the files, creating what is missing. A mirror of another version or a damaged one begins anew, empty.

        :raises WrongKey: a key opens not its file. :raises StoreDamaged: ``work.db`` is damaged; it is left as it is.
        """
        own = folder.person(person)
        own.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        work = open_engine(own.work, person_key, durable=True)
        with writing(work) as connection:
            schema.create_work(connection)
        return cls(
            folder,
            person,
            _open_mirror(folder.public, post_key, schema.create_public),
            _open_mirror(own.people, person_key, schema.create_people),
            work,
        )

    @property
    def own(self) -> PersonFolder:
        """The person's folder."""
        return self.folder.person(self.person)

    @property
    def files(self) -> tuple[Path, ...]:
        """The three files."""
        return (self.folder.public, self.own.people, self.own.work)

    def is_encrypted(self) -> bool:
        """Whether none of the three files is a plain one."""
        return all(is_encrypted(path) for path in self.files)

    def size(self) -> int:
        """Bytes of the three files with their write-ahead logs."""
        return sum(
            path.stat().st_size for file in self.files for path in (file, file.with_name(file.name + "-wal")) if path.exists()
        )

    def close(self) -> None:
        """Close all connections."""
        for engine in (self.public, self.people, self.work):
            engine.dispose()


def _open_mirror(path: Path, key: Key, create: Callable[[Connection], None]) -> Engine:
    engine = open_engine(path, key, durable=False)
    try:
        fresh = path.exists() and _version(engine) not in (0, schema.MIRROR_VERSION)
    except StoreDamaged:
        fresh = True
    if fresh:
        engine.dispose()
        _remove(path)
    with writing(engine) as connection:
        create(connection)
    return engine


def _version(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text("PRAGMA user_version")).scalar_one())


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        try:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        except PermissionError:  # Windows: another process still has the old mirror open
            raise StoreBusy(file=path.name) from None
