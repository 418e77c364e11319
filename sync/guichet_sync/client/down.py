"""What the parts of a pull share: the store they fill, what they ask of the server, and whom they tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from guichet_sync.protocol.messages import Bucket, Checksums, FeedReply, FeedRequest, SnapshotManifest
from guichet_sync.store.post import PostStore

from .events import Changes, Event
from .snapshots import Open


@dataclass(frozen=True, slots=True)
class Feeds:
    """What a pull asks of the server."""

    page: Callable[[FeedRequest], FeedReply]
    manifest: Callable[[str], SnapshotManifest]
    snapshot: Open
    checksums: Callable[[str], Checksums]
    bucket: Callable[[str, int], Bucket]


@dataclass(slots=True)
class Down:
    """One exchange's way down into one store. ``meanwhile`` is done after each transaction, and tells whether it sent anything:
    what was captured since need not wait for the rest. ``received`` counts records.
    """

    store: PostStore
    feeds: Feeds
    instance: str
    now: Callable[[], datetime]
    tell: Callable[[Event], None]
    meanwhile: Callable[[], bool]
    should_stop: Callable[[], bool]
    received: int = 0

    def came(self, space: str, kinds: tuple[str, ...], records: int) -> None:
        """Records of a space came."""
        self.received += records
        self.tell(Changes(space, kinds, records))
