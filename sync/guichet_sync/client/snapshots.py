"""A snapshot on its way down: its bytes, whatever happens to the connection, part by part.

It never lies on the disk but inside the encrypted files. A part is in memory until it proved to be the one that was announced;
then its records are taken one by one.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

import zstandard

from guichet_sync.domain.errors import BadReply, TryLater, Unreachable
from guichet_sync.protocol import codec
from guichet_sync.protocol.lines import entries
from guichet_sync.protocol.messages import FeedEntry, SnapshotManifest, SnapshotPart

Open = Callable[[str, int], Generator[bytes]]
"""The bytes of the file of this digest, from an offset on."""

MOST_LINES = 2_000
MOST_UNPACKED = 8 * 1024 * 1024
"""Of a part."""
_READ = 256 * 1024


class Stopped(Exception):
    """Somebody asked to stop; what is in stays in."""


@dataclass(slots=True)
class Download:
    """The download of one snapshot."""

    manifest: SnapshotManifest
    open_at: Open
    should_stop: Callable[[], bool]

    def parts(self, first: int) -> Generator[tuple[int, Iterator[FeedEntry]]]:
        """Each part from ``first`` on, with its place, as it has come and proved right. Its records may still not be any.

        :raises BadReply: it is not the file that was announced. :raises Stopped: as asked.
        """
        waiting = bytearray()
        wanted = list(enumerate(self.manifest.parts))[first:]
        start = sum(part.bytes for part in self.manifest.parts[:first])
        with closing(self._resumed(start)) as chunks:
            for place, part in wanted:
                if self.should_stop():
                    raise Stopped
                while len(waiting) < part.bytes:
                    waiting += self._next(chunks)
                packed = bytes(waiting[: part.bytes])
                del waiting[: part.bytes]
                if codec.digest(packed) != part.digest or (waiting and place == wanted[-1][0]):
                    raise self._differs()
                yield place, self._records(packed, part)

    def _next(self, chunks: Iterator[bytes]) -> bytes:
        if self.should_stop():
            raise Stopped
        chunk = next(chunks, b"")
        if not chunk:
            raise self._differs()
        return chunk

    def _records(self, packed: bytes, part: SnapshotPart) -> Iterator[FeedEntry]:
        *lines, rest = _unpacked(packed).split(b"\n")
        if len(lines) != part.records or rest:
            raise self._differs()
        return iter(entries(lines))

    def _differs(self) -> BadReply:
        return BadReply("snapshot_differs", space=self.manifest.space)

    def _resumed(self, at: int) -> Generator[bytes]:
        """From ``at`` on. After a broken connection, on from where it broke; not when twice in a row nothing came."""
        fruitless = 0
        while at < self.manifest.bytes:
            start = at
            try:
                with closing(self.open_at(self.manifest.digest, start)) as chunks:
                    for chunk in chunks:
                        at += len(chunk)
                        if at > self.manifest.bytes:
                            raise self._differs()
                        yield chunk
            except TryLater:
                raise
            except Unreachable:
                if fruitless:
                    raise
            fruitless = 0 if at > start else fruitless + 1
            if fruitless > 1:
                raise self._differs()


def _unpacked(packed: bytes) -> bytes:
    """The whole of a part, within bounds.

    :raises BadReply: it is no frame of zstd, or a part of this size is none.
    """
    unpacked = bytearray()
    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)) as reader:
            while chunk := reader.read(_READ):
                unpacked += chunk
                if len(unpacked) > MOST_UNPACKED:
                    raise BadReply("reply_too_large", bytes=len(unpacked))
    except zstandard.ZstdError:
        raise BadReply("snapshot_differs") from None
    return bytes(unpacked)
