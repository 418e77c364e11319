"""Sealed boxes in a file, from a post without a network to one that has it: JSON lines, of which only the first can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from guichet_sync.domain.errors import AnotherServer, BadReply, DiskFull, InvalidInput
from guichet_sync.protocol import codec, sealing
from guichet_sync.store import account, boxes
from guichet_sync.store.boxes import MAX_BOX_CHARS, MOST_BOXES, Box
from guichet_sync.store.post import PostStore

from .clock import Moment
from .courier import sealed

FORMAT, VERSION = "guichet-boxes", 1
_LONGEST_LINE = MAX_BOX_CHARS + 1_024


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: what this file is, and for which server."""

    format: str
    version: int
    instance: str


@dataclass(frozen=True, slots=True)
class Imported:
    """How many boxes of a file are in the folder now, and how many lines were none or found no room."""

    imported: int
    skipped: int


def export(store: PostStore, path: Path, moment: Moment) -> int:
    """Write a box of each of this person's intents that the server has not answered; how many.

    :raises DiskFull: ``file_not_writable``. :raises NotFound: ``no_sealing_key``.
    """
    found = sealed(store, moment)
    lines: list[object] = [Header(FORMAT, VERSION, account.read(store).instance), *found]
    try:
        boxes.write_private(path, (codec.encode(line) + b"\n" for line in lines))
    except OSError:
        raise DiskFull("file_not_writable", file=path.name) from None
    return len(found)


def take(store: PostStore, path: Path) -> Imported:
    """Put the boxes of a file into this post's courier folder: its next exchange delivers them.

    :raises InvalidInput: ``file_unreadable``, or ``boxes_file_form`` if it is no such file.
    :raises AnotherServer: ``boxes_of_another_server``. :raises DiskFull: the folder can't be written.
    """
    try:
        with path.open("rb") as file:
            return _taken(store, file)
    except OSError:
        raise InvalidInput("file_unreadable", field="file", file=path.name) from None


def _taken(store: PostStore, file: BinaryIO) -> Imported:
    _check(_header(file.readline(_LONGEST_LINE)), account.read(store).instance)
    there = set(boxes.names(store.folder))
    imported = skipped = 0
    for box in _boxes(file):
        if box is None or (box.name not in there and len(there) >= MOST_BOXES):
            skipped += 1
            continue
        boxes.add(store.folder, box)
        there.add(box.name)
        imported += 1
    return Imported(imported, skipped)


def _header(line: bytes) -> Header:
    try:
        return codec.decode(line, Header)
    except BadReply:
        raise InvalidInput("boxes_file_form", field="file") from None


def _check(header: Header, instance: str) -> None:
    if header.format != FORMAT or header.version != VERSION:
        raise InvalidInput("boxes_file_form", field="file")
    if header.instance != instance:
        raise AnotherServer("boxes_of_another_server")


def _boxes(file: BinaryIO) -> Iterator[Box | None]:
    """The boxes of a file, None for each line that is none; of a line without an end, and of endless lines, not all is read."""
    for _ in range(2 * MOST_BOXES):
        line = file.readline(_LONGEST_LINE)
        if not line:
            return
        yield _box(line)


def _box(line: bytes) -> Box | None:
    with suppress(BadReply):
        box = boxes.decoded(line)
        if sealing.is_key(box.to) and sealing.from_text(box.box):
            return box
    return None
