"""Down: first mirrors by snapshot, then pages, until there is no news. What is no longer ours to read is evicted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import zstandard

from guichet_sync.domain.errors import AnotherServer, BadReply
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import FeedEntry, FeedReply, FeedRequest, SnapshotManifest
from guichet_sync.store import mirror
from guichet_sync.store.post import PostStore

from .events import Changes, Event, Progress

PAGE = 500
_MAX_LINE = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Feeds:
    """What a pull asks of the server."""

    page: Callable[[FeedRequest], FeedReply]
    manifest: Callable[[str], SnapshotManifest]
    snapshot: Callable[[SnapshotManifest], Iterator[bytes]]


class Stopped(Exception):
    """Somebody asked the pull to stop; what is in stays in."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull into one store."""

    store: PostStore
    feeds: Feeds
    instance: str
    tell: Callable[[Event], None]
    should_stop: Callable[[], bool]

    def run(self) -> int:
        """Read until there is no news; how many records came.

        :raises AnotherServer: the server is not the one enrolled with; nothing is touched.
        :raises BadReply: what came is not the protocol; cursors stay at what was applied.
        """
        received = 0
        while not self.should_stop():
            reply = self.feeds.page(FeedRequest(mirror.cursors(self.store), PAGE))
            if reply.instance != self.instance:
                raise AnotherServer
            self._evict(reply.readable)
            if not reply.pages:
                break
            received += self._take(reply)
        return received

    def _evict(self, readable: tuple[str, ...]) -> None:
        for cursor in mirror.cursors(self.store):
            if cursor.space not in readable:
                mirror.forget(self.store, cursor.space)
                self.tell(Changes(cursor.space, (), 0))

    def _take(self, reply: FeedReply) -> int:
        received = 0
        for page in reply.pages:
            if page.space not in reply.readable:
                raise BadReply("space_not_readable", space=page.space)
            if page.rewind:
                mirror.forget(self.store, page.space)
            elif page.snapshot:
                received += self._snapshot(page.space)
            else:
                change = mirror.apply(self.store, page)
                received += change.records
                self.tell(Changes(change.space, change.kinds, change.records))
        return received

    def _snapshot(self, space: str) -> int:
        """Take a space's snapshot while it comes: it never lies on the disk but inside the encrypted file."""
        manifest = self.feeds.manifest(space)
        digest = hashlib.sha256()
        done = 0
        for done in mirror.apply_snapshot(self.store, manifest, _entries(self._bytes(manifest, digest))):
            self.tell(Progress(space, done, manifest.records))
        if digest.hexdigest() != manifest.digest or done != manifest.records:
            mirror.forget(self.store, space)
            raise BadReply("snapshot_differs", space=space)
        mirror.finish_snapshot(self.store, manifest)
        self.tell(Changes(space, (), done))
        return done

    def _bytes(self, manifest: SnapshotManifest, digest: hashlib._Hash) -> Iterator[bytes]:
        for chunk in self.feeds.snapshot(manifest):
            if self.should_stop():
                raise Stopped
            digest.update(chunk)
            yield chunk


def _entries(chunks: Iterable[bytes]) -> Iterator[FeedEntry]:
    for line in _lines(chunks):
        yield codec.decode(line, FeedEntry)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a compressed stream, each within bounds."""
    unpacker = zstandard.ZstdDecompressor().decompressobj()
    rest = b""
    for chunk in chunks:
        try:
            rest += unpacker.decompress(chunk)
        except zstandard.ZstdError:
            raise BadReply("snapshot_differs") from None
        *lines, rest = rest.split(b"\n")
        if len(rest) > _MAX_LINE:
            raise BadReply("reply_too_large", bytes=len(rest))
        yield from lines
