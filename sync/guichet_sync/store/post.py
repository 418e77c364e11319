"""The three open files of one person on one post."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from guichet_sync.domain.errors import DiskFull, StoreBusy, StoreDamaged, StoreError
from guichet_sync.domain.spaces import is_public

from . import salts, schema
from .database import damage_mark, is_encrypted, open_engine, reading, truncate_log, writing
from .folders import PersonFolder, ProfileFolder
from .keys import Key


@dataclass(frozen=True, slots=True)
class PostStore:
    """Engines on the mirrors (``public``, ``people``) and on the unsent work (``work``) of ``person``. ``former`` are the mirrors
    of another version that lie beside until the exchange has brought over what they hold.
    """

    folder: ProfileFolder
    person: str
    public: Engine
    people: Engine
    work: Engine
    former: tuple[Engine, ...] = ()

    @classmethod
    def open(cls, folder: ProfileFolder, post_key: Key, person: str, person_key: Key) -> PostStore:
        """Open the files, creating what is missing. A mirror of another version or a damaged one begins anew, empty; that of
        another version is kept beside.

        :raises WrongKey: a key opens not its file, mirror or not. :raises DiskFull: nothing can be written here.
        :raises StoreDamaged: ``work.db`` is damaged; it is left as it is. :raises StoreBusy: another program holds a file.
        """
        own = folder.person(person)
        try:
            own.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise DiskFull(file=own.work.name) from None
        if not own.work.exists():
            salts.forget(own.work)
        elif salts.differs(own.work):  # cut to nothing, it would be taken for a new one
            raise StoreDamaged(file=own.work.name)
        with ExitStack() as opened:
            work = open_engine(own.work, person_key, durable=True)
            opened.callback(work.dispose)
            _prepare(work, schema.WORK_VERSION, schema.create_work)
            public = _open_mirror(folder.public, post_key, schema.create_public)
            opened.callback(public.dispose)
            people = _open_mirror(own.people, person_key, schema.create_people)
            opened.pop_all()
        for path in (own.work, folder.public, own.people):
            salts.keep(path)
        beside = ((_beside(folder.public), post_key), (_beside(own.people), person_key))
        former = tuple(open_engine(path, key, durable=False) for path, key in beside if path.exists())
        return cls(folder, person, public, people, work, former)

    @property
    def own(self) -> PersonFolder:
        """The person's folder."""
        return self.folder.person(self.person)

    @property
    def files(self) -> tuple[Path, ...]:
        """The three files."""
        return (self.folder.public, self.own.people, self.own.work)

    def holding(self, space: str) -> Engine:
        """The mirror that holds ``space``."""
        return self.public if is_public(space) else self.people

    def is_encrypted(self) -> bool:
        """Whether none of the three files is a plain one."""
        return all(is_encrypted(path) for path in self.files)

    def size(self) -> int:
        """Bytes of the three files with their write-ahead logs."""
        return sum(_size(path) for file in self.files for path in (file, file.with_name(file.name + "-wal")))

    def close(self) -> None:
        """Close all connections."""
        for engine in (self.public, self.people, self.work, *self.former):
            engine.dispose()


def _size(path: Path) -> int:
    """Bytes of a file; none where there is none: the exchange process may end, and its log with it, at any time."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _open_mirror(path: Path, key: Key, create: Callable[[Connection], None]) -> Engine:
    engine = open_engine(path, key, durable=False)
    try:
        damaged = damage_mark(path).exists()
        if not damaged and _version(engine) not in (0, schema.MIRROR_VERSION):
            _put_beside(engine, path)
    except StoreDamaged:
        damaged = True
    except StoreError:
        engine.dispose()
        raise
    if damaged:
        engine.dispose()
        remove(path)
    _prepare(engine, schema.MIRROR_VERSION, create)
    return engine


def _beside(path: Path) -> Path:
    """Where a mirror of another version is kept until what it holds was brought over."""
    return path.with_name(f"{path.name}-old")


def _put_beside(engine: Engine, path: Path) -> None:
    """All of the mirror goes into its one file, which makes room for a new one."""
    truncate_log(engine)
    engine.dispose()
    remove(_beside(path))
    with _moved(path):
        path.rename(_beside(path))
    remove(path)


def _prepare(engine: Engine, version: int, create: Callable[[Connection], None]) -> None:
    """Give a new file its tables, and an older ``work.db`` those it lacks; a file that has them is only read."""
    if _version(engine) < version:
        with writing(engine) as connection:
            create(connection)
            schema.stamp(connection, version)


def _version(engine: Engine) -> int:
    with reading(engine) as connection:
        return schema.version(connection)


def remove(path: Path) -> None:
    """Remove a mirror with all that lies beside it.

    :raises StoreBusy: another process has it open, on a system that minds.
    """
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"), damage_mark(path)):
        with _moved(path):
            each.unlink(missing_ok=True)


@contextmanager
def _moved(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:  # another process was quicker
        pass
    except PermissionError:  # Windows: another process still has the old mirror open
        raise StoreBusy(file=path.name) from None
