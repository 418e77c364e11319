"""Mirrors compared with the server, bucket by bucket: once a day, and where its history turned out to be another one."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from guichet_sync.domain.errors import BadReply, ServerRefused
from guichet_sync.protocol.messages import Checksums, Cursor, FeedPage
from guichet_sync.store import mirror, repairs

from .beginning import begin
from .down import Down
from .events import Changes
from .replies import check_bucket, check_checksums

MOST_BUCKETS = 64
"""Where more of them differ, the snapshot is the better way."""
_log = logging.getLogger(__name__)


def compare(down: Down, due: Sequence[Cursor]) -> bool:
    """Compare these spaces, whose turn it is, and repair what differs. False where one of them has moved on meanwhile: what is
    missing must be read first.

    :raises BadReply: what came is not the protocol; nothing of it is kept.
    """
    still = True
    for cursor in due:
        if down.should_stop():
            break
        sums = _checksums(down, cursor.space)
        if sums is None:
            repairs.compared(down.store, cursor.space, down.now())
        elif (sums.epoch, sums.head) != (cursor.epoch, cursor.seq):
            still = False
        elif len(differ := _differing(down, sums)) > MOST_BUCKETS:
            still = False
            begin(down, _from_snapshot(sums))
        elif _repaired(down, sums, differ):
            repairs.compared(down.store, cursor.space, down.now())
    return still


def realign(down: Down, page: FeedPage) -> bool:
    """The server's history is not the one that was read: what is here is made equal to what it has now, and goes on from its
    head. False when it was stopped half-way.

    :raises BadReply: what came is not the protocol; the cursor stays where it was.
    """
    sums = _checksums(down, page.space) if repairs.holds(down.store, page.space) else None
    if sums is None or not sums.head:
        mirror.forget(down.store, page.space)
        down.tell(Changes(page.space, (), 0))
        return True
    if sums.epoch != page.epoch:
        raise BadReply("page_out_of_order", space=page.space)
    differ = repairs.differing(down.store, sums.space, sums.buckets)
    if len(differ) > MOST_BUCKETS:
        return begin(down, _from_snapshot(sums))
    if not _repaired(down, sums, differ):
        return False
    repairs.adopt(down.store, Cursor(sums.space, sums.epoch, sums.head), down.now())
    return True


def _checksums(down: Down, space: str) -> Checksums | None:
    """What the server says the space holds; None where it keeps no such account."""
    try:
        sums = down.feeds.checksums(space)
    except ServerRefused:
        return None
    check_checksums(sums, space, down.instance)
    return sums


def _differing(down: Down, sums: Checksums) -> tuple[int, ...]:
    """The buckets that differ though everything was read: nobody expects that."""
    differ = repairs.differing(down.store, sums.space, sums.buckets)
    if differ:
        _log.warning("%s differs in %d buckets", sums.space, len(differ))
    return differ


def _from_snapshot(sums: Checksums) -> FeedPage:
    return FeedPage(sums.space, sums.epoch, 0, 0, sums.head, snapshot=True)


def _repaired(down: Down, sums: Checksums, differ: Sequence[int]) -> bool:
    """Fetch these buckets again; False when it was stopped half-way."""
    heads = [_refetch(down, sums, number) for number in differ if not down.should_stop()]
    if len(heads) < len(differ):
        return False
    if set(heads) == {sums.head} and repairs.differing(down.store, sums.space, sums.buckets):
        _log.error("%s is not what its sums say", sums.space)
    return True


def _refetch(down: Down, sums: Checksums, number: int) -> int:
    """Replace one bucket; the head at which it was."""
    bucket = down.feeds.bucket(sums.space, number)
    check_bucket(bucket, sums, number)
    down.came(sums.space, (), repairs.replace_bucket(down.store, bucket))
    down.meanwhile()
    return bucket.head
