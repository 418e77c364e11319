"""The sealed boxes of a post: unsent intents of anybody here, or imported, that whoever exchanges next may deliver.

One file each in the courier's folder, named by the hash of what nobody here can read: neither name nor content tells anything.
The boxes are copies: what a person did stays in their ``work.db`` until the server has answered themselves.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert, select

from guichet_sync.domain.errors import BadReply, DiskFull
from guichet_sync.protocol import codec

from . import schema
from .database import reading, writing
from .folders import ProfileFolder
from .post import PostStore

MOST_BOXES = 2_000
"""In one folder. What finds no room waits for its author."""
MAX_BOX_CHARS = 1024 * 1024
_MAX_FILE_BYTES = MAX_BOX_CHARS + 1_024
_SUFFIX, _UNFINISHED = ".sealed", ".part"
_LARGEST_RANK = 2**53
_TABLE = schema.boxed


@dataclass(frozen=True, slots=True)
class Box:
    """A box (base64) sealed to the server's key ``to``. Those of one author are delivered in the order of their ``rank``."""

    rank: int
    to: str
    box: str

    @property
    def name(self) -> str:
        """What it is called in a folder and by a courier."""
        return hashlib.sha256(self.box.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Boxed:
    """The box of an intent of this person's: its name, and the key it is sealed to."""

    name: str
    to: str


def decoded(data: bytes) -> Box:
    """A box as files hold it.

    :raises BadReply: it is none.
    """
    box = codec.decode(data, Box)
    if not 0 < len(box.box) <= MAX_BOX_CHARS or not -_LARGEST_RANK <= box.rank <= _LARGEST_RANK:
        raise BadReply("box_unreadable")
    return box


def names(folder: ProfileFolder) -> frozenset[str]:
    """The boxes that are there; none where nobody left any, or the folder can't be looked into."""
    try:
        return frozenset(each.stem for each in folder.courier.iterdir() if each.suffix == _SUFFIX)
    except OSError:
        return frozenset()


def read(folder: ProfileFolder, wanted: Iterable[str]) -> Iterator[Box]:
    """Those of these boxes that are there. A file that is none, or that has another one's name, is left alone: it would be
    delivered and never removed.
    """
    for name in wanted:
        path = _path(folder, name)
        with suppress(OSError, BadReply):
            if path.stat().st_size <= _MAX_FILE_BYTES:
                box = decoded(path.read_bytes())
                if box.name == name:
                    yield box


def add(folder: ProfileFolder, box: Box) -> None:
    """Put a box into the folder, whole or not at all.

    :raises DiskFull: it can't be written.
    """
    path = _path(folder, box.name)
    unfinished = path.with_suffix(_UNFINISHED)
    try:
        folder.courier.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(unfinished, [codec.encode(box)])
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise DiskFull(file=folder.courier.name) from None


def write_private(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file that only its owner reads, down to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for part in parts:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


def remove(folder: ProfileFolder, wanted: Iterable[str]) -> None:
    """Take boxes out of the folder; those that are not there need not be."""
    for name in wanted:
        with suppress(OSError):
            _path(folder, name).unlink(missing_ok=True)


def own(store: PostStore) -> dict[str, Boxed]:
    """The boxes of this person's intents, by intent; delivered meanwhile, their files are gone."""
    with reading(store.work) as connection:
        rows = connection.execute(select(_TABLE.c.intent_id, _TABLE.c.name, _TABLE.c.sealed_to))
        return {row.intent_id: Boxed(row.name, row.sealed_to) for row in rows}


def keep(store: PostStore, intent_id: str, box: Box) -> None:
    """Put the box of an intent of this person's into the folder, and remember which one it is.

    :raises DiskFull: it can't be written.
    """
    add(store.folder, box)
    with writing(store.work) as connection:
        row = {"intent_id": intent_id, "name": box.name, "sealed_to": box.to}
        connection.execute(insert(_TABLE).prefix_with("OR REPLACE"), row)


def drop(store: PostStore, intent_ids: Collection[str]) -> None:
    """These intents need no courier: their boxes go."""
    known = own(store)
    gone = [each for each in intent_ids if each in known]
    remove(store.folder, [known[each].name for each in gone])
    if gone:
        with writing(store.work) as connection:
            for intent_id in gone:
                connection.execute(delete(_TABLE).where(_TABLE.c.intent_id == intent_id))


def _path(folder: ProfileFolder, name: str) -> Path:
    return folder.courier / f"{name}{_SUFFIX}"
