"""A snapshot on its way down: its bytes, whatever happens to the connection, and the records in them.

It never lies on the disk but inside the encrypted files, and no more of it is unpacked at once than a record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO, cast

import zstandard

from guichet_sync.domain.errors import BadReply, TryLater, Unreachable
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import FeedEntry, SnapshotManifest

Open = Callable[[str, int], Generator[bytes]]
"""The bytes of the file of this digest, from an offset on."""

_READ, _WRITE = 64 * 1024, 256 * 1024
_MAX_LINE = 8 * 1024 * 1024


class Stopped(Exception):
    """Somebody asked to stop; what is in stays in."""


@dataclass(slots=True)
class Download:
    """The download of one snapshot. ``digest`` is what came, once all of it came."""

    manifest: SnapshotManifest
    open_at: Open
    should_stop: Callable[[], bool]
    digest: str = ""

    def entries(self) -> Generator[FeedEntry]:
        """The records, one by one.

        :raises BadReply: it is not the file that was announced. :raises Stopped: as asked.
        """
        space = self.manifest.space
        with closing(self._resumed()) as chunks:
            for rank, line in enumerate(_lines(self._hashed(chunks), space), 1):
                if self.should_stop():
                    raise Stopped
                if rank > self.manifest.records:
                    raise BadReply("snapshot_differs", space=space)
                yield codec.decode(line, FeedEntry)

    def _hashed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for chunk in chunks:
            digest.update(chunk)
            yield chunk
        self.digest = digest.hexdigest()

    def _resumed(self) -> Generator[bytes]:
        """After a broken connection, on from where it broke; not when twice in a row nothing came."""
        at, fruitless = 0, 0
        while at < self.manifest.bytes:
            start = at
            try:
                with closing(self.open_at(self.manifest.digest, start)) as chunks:
                    for chunk in chunks:
                        at += len(chunk)
                        if at > self.manifest.bytes:
                            raise BadReply("snapshot_differs", space=self.manifest.space)
                        yield chunk
            except TryLater:
                raise
            except Unreachable:
                if fruitless:
                    raise
            fruitless = 0 if at > start else fruitless + 1
            if fruitless > 1:
                raise BadReply("snapshot_differs", space=self.manifest.space)


@dataclass(frozen=True, slots=True)
class _Source:
    """Chunks as a file, for the decompressor to pull."""

    chunks: Iterator[bytes]

    def read(self, _size: int = -1) -> bytes:
        """The next chunk, whatever its size; nothing at the end."""
        return next(self.chunks, b"")


def _lines(chunks: Iterator[bytes], space: str) -> Iterator[bytes]:
    """The lines of a compressed stream, each within bounds."""
    source, rest = _Source(chunks), b""
    try:
        reader = zstandard.ZstdDecompressor().stream_reader(
            cast("IO[bytes]", source), read_size=_READ, read_across_frames=True, closefd=False
        )
        for part in iter(lambda: reader.read(_WRITE), b""):
            *lines, rest = (rest + part).split(b"\n")
            if len(rest) > _MAX_LINE:
                raise BadReply("reply_too_large", bytes=len(rest))
            yield from lines
    except zstandard.ZstdError:
        raise BadReply("snapshot_differs", space=space) from None
    for _beyond in iter(source.read, b""):  # after the end of the stream, the digest alone still counts
        pass
