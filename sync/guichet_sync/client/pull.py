"""Down: first mirrors by snapshot, then pages, until there is no news. What is no longer ours to read is evicted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from guichet_sync.domain.errors import BadReply, ServerRefused
from guichet_sync.protocol.messages import FeedPage, FeedReply, FeedRequest, SnapshotManifest
from guichet_sync.store import mirror, outbox
from guichet_sync.store.post import PostStore

from .events import Changes, Event, Progress
from .replies import check_feed, check_manifest
from .snapshots import Download, Open, Stopped

PAGE = 500
_MOST_MANIFESTS = 3


@dataclass(frozen=True, slots=True)
class Feeds:
    """What a pull asks of the server."""

    page: Callable[[FeedRequest], FeedReply]
    manifest: Callable[[str], SnapshotManifest]
    snapshot: Open


@dataclass(slots=True)
class Pull:
    """A pull into one store. ``meanwhile`` is done after each transaction: what was captured since need not wait for the rest."""

    store: PostStore
    feeds: Feeds
    instance: str
    tell: Callable[[Event], None]
    meanwhile: Callable[[], None]
    should_stop: Callable[[], bool]
    received: int = 0
    poll_after_s: float | None = None
    _rewound: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Read until there is no news. Stopped, what is in stays in.

        :raises AnotherServer: the server is not the one enrolled with; nothing is touched.
        :raises BadReply: what came is not the protocol; cursors stay at what was applied.
        """
        while not self.should_stop():
            asked = mirror.cursors(self.store)
            reply = self.feeds.page(FeedRequest(asked, PAGE))
            check_feed(reply, self.instance, asked, PAGE)
            self.poll_after_s = reply.poll_after_s
            self._evict(reply.readable)
            if not reply.pages:
                return
            for page in reply.pages:
                if not self._take(page):
                    return
                self.meanwhile()

    def _evict(self, readable: tuple[str, ...]) -> None:
        for cursor in mirror.cursors(self.store):
            if cursor.space not in readable:
                mirror.forget(self.store, cursor.space)
                self.tell(Changes(cursor.space, (), 0))

    def _take(self, page: FeedPage) -> bool:
        """Take one page in; False when it was stopped half-way."""
        if page.rewind:
            self._rewind(page.space)
        elif page.snapshot:
            return self._begin(page)
        else:
            change = mirror.apply(self.store, page)
            self._came(change.space, change.kinds, change.records)
        return True

    def _rewind(self, space: str) -> None:
        """The server's history is not the one we read: begin again, once. What it accepted in the other one is sent again."""
        if space in self._rewound:
            raise BadReply("page_out_of_order", space=space)
        self._rewound.add(space)
        outbox.reopen_accepted(self.store)
        mirror.forget(self.store, space)

    def _begin(self, page: FeedPage) -> bool:
        """Begin a space by its snapshot. Where that was replaced while it came, the next one is taken."""
        for left in reversed(range(_MOST_MANIFESTS)):
            manifest = self.feeds.manifest(page.space)
            check_manifest(manifest, page, self.instance)
            try:
                return self._mirror(manifest)
            except Stopped:
                break
            except ServerRefused as refused:
                if refused.code != "snapshot_not_found" or not left:
                    raise
            except BadReply:
                mirror.forget(self.store, page.space)
                raise
        return False

    def _mirror(self, manifest: SnapshotManifest) -> bool:
        """Take a snapshot while it comes. Its cursor follows only once the whole of it has proved to be the one announced."""
        download, done = Download(manifest, self.feeds.snapshot, self.should_stop), 0
        with closing(download.entries()) as entries:
            for done in mirror.apply_snapshot(self.store, manifest, entries):
                self.tell(Progress(manifest.space, done, manifest.records))
                self.meanwhile()
        if download.digest != manifest.digest or done != manifest.records:
            raise BadReply("snapshot_differs", space=manifest.space)
        mirror.finish_snapshot(self.store, manifest)
        self._came(manifest.space, (), done)
        return True

    def _came(self, space: str, kinds: tuple[str, ...], records: int) -> None:
        self.received += records
        self.tell(Changes(space, kinds, records))
