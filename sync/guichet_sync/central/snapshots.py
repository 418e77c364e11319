"""A space as one compressed file, made once for all posts: what a first mirror wants.

Made in one consistent transaction that also reads the head, named by its content, fetched in ranges. A snapshot is served again as
long as the feed can bring a post from it to the present in a few pages.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import zstandard
from sqlalchemy import Connection, Engine, select

from guichet_sync.domain.errors import NotFound
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Body, FeedEntry, Operation, SnapshotManifest

from . import schema
from .database import reading
from .feed import SNAPSHOT_BEYOND
from .instance import Instance
from .instance import read as read_instance

_LEVEL = 6
_ROWS = 1_000


class Snapshots:
    """The snapshot files of one server, in a folder of their own."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._making = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def manifest(self, space: str) -> SnapshotManifest:
        """The snapshot to begin with: the last one made, or a new one where that is too old."""
        with self._making, reading(self._engine) as connection:
            instance = read_instance(connection)
            head = _head(connection, instance, space)
            last = self._last(space)
            fresh = last is not None and (last.instance, last.epoch) == (instance.id, instance.epoch)
            if last is not None and fresh and 0 <= head - last.seq <= SNAPSHOT_BEYOND:
                return last
            return self._make(connection, instance, space, head)

    def file(self, digest: str, readable: tuple[str, ...]) -> Path:
        """The file of this digest, if it is of a space that may be read.

        :raises NotFound: otherwise; the post asks for the manifest again.
        """
        for space in readable:
            manifest = self._last(space)
            if manifest is not None and manifest.digest == digest:
                return self._folder / f"{digest}.zst"
        raise NotFound("snapshot_not_found")

    def _last(self, space: str) -> SnapshotManifest | None:
        path = self._manifest_path(space)
        if not path.is_file():
            return None
        manifest = codec.decode(path.read_bytes(), SnapshotManifest)
        return manifest if (self._folder / f"{manifest.digest}.zst").is_file() else None

    def _manifest_path(self, space: str) -> Path:
        return self._folder / f"{space.replace('/', '+')}.json"

    def _make(self, connection: Connection, instance: Instance, space: str, head: int) -> SnapshotManifest:
        descriptor, name = tempfile.mkstemp(dir=self._folder)
        digest, records = hashlib.sha256(), 0
        compressor = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
        with os.fdopen(descriptor, "wb") as file:
            for line in _lines(connection, instance.tenant, space):
                records += 1
                _write(file, digest, compressor.compress(line))
            _write(file, digest, compressor.flush())
            size = file.tell()
        manifest = SnapshotManifest(space, instance.id, instance.epoch, head, digest.hexdigest(), size, records)
        self._replace(Path(name), manifest)
        return manifest

    def _replace(self, made: Path, manifest: SnapshotManifest) -> None:
        old = self._last(manifest.space)
        made.replace(self._folder / f"{manifest.digest}.zst")
        pending = self._manifest_path(manifest.space).with_suffix(".new")
        pending.write_bytes(codec.encode(manifest))
        pending.replace(self._manifest_path(manifest.space))
        if old is not None and old.digest != manifest.digest:
            (self._folder / f"{old.digest}.zst").unlink(missing_ok=True)


def _write(file: object, digest: object, data: bytes) -> None:
    file.write(data)  # type: ignore[attr-defined]
    digest.update(data)  # type: ignore[attr-defined]


def _head(connection: Connection, instance: Instance, space: str) -> int:
    table = schema.space
    found = select(table.c.head).where(table.c.tenant == instance.tenant, table.c.space == space)
    return int(connection.execute(found).scalar() or 0)


def _lines(connection: Connection, tenant: str, space: str) -> Iterator[bytes]:
    table = schema.record
    rows = connection.execution_options(yield_per=_ROWS).execute(
        select(table.c.kind, table.c.id, table.c.revision, table.c.body)
        .where(table.c.tenant == tenant, table.c.space == space)
        .order_by(table.c.kind, table.c.id)
    )
    for place, row in enumerate(rows):
        entry = FeedEntry(place + 1, Operation.PUT, row.kind, row.id, row.revision, body=codec.decode(row.body, Body))
        yield codec.encode(entry) + b"\n"
