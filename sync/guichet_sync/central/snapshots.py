"""A space as one compressed file, made once for all posts: what a first mirror wants.

Made in one consistent transaction that also reads the head, named by its space and content, fetched in ranges. The file is cut
into parts that each stand alone, so that a post applies what came. A snapshot is served again as long as the feed can bring a
post from it to the present in a few pages and nothing was erased since; one that was replaced stays for the posts that are still
fetching it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import zstandard
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, select

from guichet_sync.domain.errors import BadReply, NotFound, TryLater
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import FeedEntry, Operation, SnapshotManifest, SnapshotPart

from . import schema
from .database import reading
from .feed import SNAPSHOT_BEYOND, erased_since, heads
from .instance import Instance
from .instance import read as read_instance

KEPT_S = 3_600
"""A replaced file stays this long."""
PART_LINES = 2_000
PART_BYTES = 8 * 1024 * 1024
"""The most of a part, unpacked."""
_LEVEL = 6
_ROWS = 1_000
_WAIT_S, _RETRY_S = 60, 10
"""Another process makes the same one: how long we wait for it before the post is asked to come back."""


class Snapshots:
    """The snapshot files of one server, in a folder of their own. Several processes may share it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def manifest(self, space: str) -> SnapshotManifest:
        """The snapshot to begin with: the last one made, or a new one where that is too old. Made once, whoever asks meanwhile.

        :raises TryLater: another process has been making it for a minute.
        """
        with self._alone(space), reading(self._engine) as connection:
            instance = read_instance(connection)
            head = heads(connection, instance.tenant, [space]).get(space, 0)
            last = self._last(space)
            if last is not None and _is_fresh(connection, last, instance, head):
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

    def renew(self, space: str) -> None:
        """Remove all there is of a space, also what somebody is making or fetching: it holds what must be nowhere any more. Where
        there was a snapshot, another one is made.

        :raises TryLater: another process has been making it for a minute.
        """
        with self._alone(space):
            had = self._last(space) is not None
            self._manifest_path(space).unlink(missing_ok=True)
            for path in self._files(space):
                path.unlink(missing_ok=True)
        if had:
            self.manifest(space)

    def damaged(self) -> tuple[str, ...]:
        """The spaces whose snapshot is not what its manifest says."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            manifest = _read(path)
            if manifest is None or _digest(self._path(manifest.space, manifest.digest)) not in ("", manifest.digest):
                found.append(path.stem.replace("+", "/"))
        return tuple(found)

    @contextmanager
    def _alone(self, space: str) -> Iterator[None]:
        """One thread of one process at a time; the system lets go of the lock when a process dies."""
        try:
            with FileLock(self._folder / f"{_slug(space)}.lock", timeout=_WAIT_S):
                yield
        except Timeout:
            raise TryLater(retry_after_s=_RETRY_S) from None

    def _last(self, space: str) -> SnapshotManifest | None:
        manifest = _read(self._manifest_path(space))
        return manifest if manifest is not None and self._path(space, manifest.digest).is_file() else None

    def _manifest_path(self, space: str) -> Path:
        return self._folder / f"{_slug(space)}.json"

    def _path(self, space: str, digest: str) -> Path:
        return self._folder / f"{_slug(space)}+{digest}.zst"

    def _files(self, space: str) -> Iterator[Path]:
        return self._folder.glob(f"{_slug(space)}+*.zst")

    def _make(self, connection: Connection, instance: Instance, space: str, head: int) -> SnapshotManifest:
        descriptor, name = tempfile.mkstemp(dir=self._folder)
        made = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                digest, parts = _write(file, _lines(connection, instance.tenant, space))
            manifest = SnapshotManifest(space, instance.id, instance.epoch, head, digest, parts)
            self._replace(made, manifest)
        finally:
            made.unlink(missing_ok=True)
        return manifest

    def _replace(self, made: Path, manifest: SnapshotManifest) -> None:
        """The file first, then the manifest that names it: each appears whole to who reads without the lock."""
        made.replace(self._path(manifest.space, manifest.digest))
        descriptor, pending = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(codec.encode(manifest))
        Path(pending).replace(self._manifest_path(manifest.space))
        self._forget_old(manifest)

    def _forget_old(self, manifest: SnapshotManifest) -> None:
        oldest = time.time() - KEPT_S
        for path in self._files(manifest.space):
            if manifest.digest not in path.name and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def _slug(space: str) -> str:
    return space.replace("/", "+")


def _read(path: Path) -> SnapshotManifest | None:
    try:
        return codec.decode(path.read_bytes(), SnapshotManifest)
    except (FileNotFoundError, BadReply):
        return None


def _is_fresh(connection: Connection, last: SnapshotManifest, instance: Instance, head: int) -> bool:
    ours = (last.instance, last.epoch) == (instance.id, instance.epoch)
    return ours and 0 <= head - last.seq <= SNAPSHOT_BEYOND and not erased_since(connection, instance.tenant, last)


def _write(file: IO[bytes], lines: Iterable[bytes]) -> tuple[str, tuple[SnapshotPart, ...]]:
    """Compress lines into a file, part by part: the digest of its bytes, and its parts."""
    compressor, whole, parts = zstandard.ZstdCompressor(level=_LEVEL), hashlib.sha256(), []
    for group in _groups(lines):
        data = compressor.compress(b"".join(group))
        file.write(data)
        whole.update(data)
        parts.append(SnapshotPart(len(data), len(group), codec.digest(data)))
    return whole.hexdigest(), tuple(parts)


def _groups(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of each part. A space of which nothing is left has one part without lines: no file is empty."""
    group: list[bytes] = []
    size = 0
    for line in lines:
        if group and (len(group) == PART_LINES or size + len(line) > PART_BYTES):
            yield group
            group, size = [], 0
        group.append(line)
        size += len(line)
    yield group


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
        kind, record, revision, body = row
        yield codec.encode(FeedEntry(place, Operation.PUT, kind, record, revision, body=codec.as_it_is(body))) + b"\n"
