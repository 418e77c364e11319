"""Whether the three files are what was written, and of which version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from . import schema
from .database import is_encrypted, reading
from .post import PostStore


@dataclass(frozen=True, slots=True)
class FileHealth:
    """One file: its bare name, the version of its tables, whether it is encrypted and every page of it is authentic."""

    name: str
    version: int
    encrypted: bool
    sound: bool


def files(store: PostStore) -> tuple[FileHealth, ...]:
    """The health of each file; reads all of them.

    :raises StoreDamaged: a file can't even be read.
    """
    return tuple(
        _health(engine, path) for engine, path in zip((store.public, store.people, store.work), store.files, strict=True)
    )


def expected_version(name: str) -> int:
    """The version that this program writes."""
    return schema.WORK_VERSION if name == "work.db" else schema.MIRROR_VERSION


def _health(engine: Engine, path: Path) -> FileHealth:
    with reading(engine) as connection:
        version = schema.version(connection)
        authentic = connection.execute(text("PRAGMA cipher_integrity_check")).first() is None
        sound = authentic and connection.execute(text("PRAGMA quick_check(1)")).scalar() == "ok"
    return FileHealth(path.name, version, is_encrypted(path), sound)
