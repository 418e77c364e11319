"""A space as one compressed file, made once for all posts: what a first mirror wants.

Made in one consistent transaction that also reads the head, named by its space and content, fetched in ranges. A snapshot is
served again as long as the feed can bring a post from it to the present in a few pages; one that was replaced stays for the posts
that are still fetching it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import zstandard
from sqlalchemy import Connection, Engine, select

from guichet_sync.domain.errors import BadReply, NotFound
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Body, FeedEntry, Operation, SnapshotManifest, SnapshotPart

from . import schema
from .database import reading
from .feed import SNAPSHOT_BEYOND, heads
from .instance import Instance
from .instance import read as read_instance

KEPT_S = 3_600
"""A replaced file stays this long."""
_LEVEL = 6
_ROWS = 1_000


class Snapshots:
    """The snapshot files of one server, in a folder of their own. Several processes may share it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._making: dict[str, threading.Lock] = defaultdict(threading.Lock)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def manifest(self, space: str) -> SnapshotManifest:
        """The snapshot to begin with: the last one made, or a new one where that is too old."""
        with self._making[space], reading(self._engine) as connection:
            instance = read_instance(connection)
            head = heads(connection, instance.tenant, [space]).get(space, 0)
            last = self._last(space)
            if last is not None and _is_fresh(last, instance, head):
                return last
            return self._make(connection, instance, space, head)

    def file(self, digest: str, readable: Iterable[str]) -> Path:
        """The file of this digest, if it is of a space that may be read.

        :raises NotFound: otherwise; the post asks for the manifest again.
        """
        names = {self._path(space, digest) for space in readable}
        for path in self._folder.glob("*.zst"):
            if path in names:
                return path
        raise NotFound("snapshot_not_found")

    def damaged(self) -> tuple[str, ...]:
        """The spaces whose snapshot is not what its manifest says."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            manifest = _read(path)
            if manifest is None or _digest(self._path(manifest.space, manifest.digest)) not in ("", manifest.digest):
                found.append(path.stem.replace("+", "/"))
        return tuple(found)

    def _last(self, space: str) -> SnapshotManifest | None:
        manifest = _read(self._manifest_path(space))
        return manifest if manifest is not None and self._path(space, manifest.digest).is_file() else None

    def _manifest_path(self, space: str) -> Path:
        return self._folder / f"{_slug(space)}.json"

    def _path(self, space: str, digest: str) -> Path:
        return self._folder / f"{_slug(space)}+{digest}.zst"

    def _make(self, connection: Connection, instance: Instance, space: str, head: int) -> SnapshotManifest:
        descriptor, name = tempfile.mkstemp(dir=self._folder)
        made = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                digest, records = _write(file, _lines(connection, instance.tenant, space))
                size = file.tell()
            manifest = SnapshotManifest(space, instance.id, instance.epoch, head, digest, (SnapshotPart(size, records, digest),))
            self._replace(made, manifest)
        finally:
            made.unlink(missing_ok=True)
        return manifest

    def _replace(self, made: Path, manifest: SnapshotManifest) -> None:
        """The file first, then the manifest that names it: each appears whole, whoever else makes the same."""
        made.replace(self._path(manifest.space, manifest.digest))
        descriptor, pending = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(codec.encode(manifest))
        Path(pending).replace(self._manifest_path(manifest.space))
        self._forget_old(manifest)

    def _forget_old(self, manifest: SnapshotManifest) -> None:
        oldest = time.time() - KEPT_S
        for path in self._folder.glob(f"{_slug(manifest.space)}+*.zst"):
            if manifest.digest not in path.name and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def _slug(space: str) -> str:
    return space.replace("/", "+")


def _read(path: Path) -> SnapshotManifest | None:
    try:
        return codec.decode(path.read_bytes(), SnapshotManifest)
    except (FileNotFoundError, BadReply):
        return None


def _is_fresh(last: SnapshotManifest, instance: Instance, head: int) -> bool:
    ours = (last.instance, last.epoch) == (instance.id, instance.epoch)
    return ours and 0 <= head - last.seq <= SNAPSHOT_BEYOND


def _write(file: IO[bytes], lines: Iterable[bytes]) -> tuple[str, int]:
    """Compress lines into a file: the digest of its bytes, and how many lines."""
    digest, records = hashlib.sha256(), 0
    compressor = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
    for records, line in enumerate(lines, 1):  # noqa: B007 - the last one is the count
        _keep(file, digest, compressor.compress(line))
    _keep(file, digest, compressor.flush())
    return digest.hexdigest(), records


def _keep(file: IO[bytes], digest: hashlib._Hash, data: bytes) -> None:
    file.write(data)
    digest.update(data)


def _digest(path: Path) -> str:
    """The digest of a file's bytes, empty where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _lines(connection: Connection, tenant: str, space: str) -> Iterator[bytes]:
    table = schema.record
    rows = (
        select(table.c.kind, table.c.id, table.c.revision, table.c.body)
        .where(table.c.tenant == tenant, table.c.space == space, table.c.body != "")
        .order_by(table.c.kind, table.c.id)
    )
    for place, row in enumerate(connection.execute(rows.execution_options(yield_per=_ROWS)), 1):
        entry = FeedEntry(place, Operation.PUT, row.kind, row.id, row.revision, body=codec.decode(row.body, Body))
        yield codec.encode(entry) + b"\n"
