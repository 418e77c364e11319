"""A space begun by its snapshot: part by part, going on where an earlier exchange was cut."""

from __future__ import annotations

from contextlib import closing

from guichet_sync.domain.errors import ServerRefused
from guichet_sync.protocol.messages import FeedPage, SnapshotManifest
from guichet_sync.store import arrivals

from .down import Down
from .events import Progress
from .replies import check_manifest
from .snapshots import Download, Stopped

_MOST_MANIFESTS = 3


def begin(down: Down, page: FeedPage) -> bool:
    """Make the page's space what its snapshot says. Where that was replaced while it came, the next one is taken. False when it
    was stopped half-way.

    :raises BadReply: it is not what was announced; what came before that stays, without a cursor.
    """
    for left in reversed(range(_MOST_MANIFESTS)):
        manifest = down.feeds.manifest(page.space)
        check_manifest(manifest, page, down.instance)
        try:
            _take(down, manifest)
        except Stopped:
            return False
        except ServerRefused as refused:
            if refused.code != "snapshot_not_found" or not left:
                raise
        else:
            return True
    return False


def _take(down: Down, manifest: SnapshotManifest) -> None:
    """Take a snapshot while it comes; its cursor comes with its last part."""
    first = arrivals.parts_in(down.store, manifest)
    download = Download(manifest, down.feeds.snapshot, down.should_stop)
    done = sum(part.records for part in manifest.parts[:first])
    with closing(download.parts(first)) as parts:
        for place, entries in parts:
            arrivals.take_part(down.store, manifest, place, entries)
            done += manifest.parts[place].records
            down.tell(Progress(manifest.space, done, manifest.records))
            down.meanwhile()
    down.came(manifest.space, (), done)
