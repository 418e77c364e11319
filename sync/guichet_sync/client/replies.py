"""What a reply may say to this post. What says anything else is not taken: nothing of it reaches the files."""

from __future__ import annotations

from collections.abc import Sequence

from guichet_sync.domain.errors import AnotherServer, BadReply
from guichet_sync.domain.intents import Intent
from guichet_sync.domain.spaces import PUBLIC_SPACES
from guichet_sync.protocol.checksum import BUCKETS, bucket_of
from guichet_sync.protocol.messages import (
    Bucket,
    Checksums,
    CourierReceipt,
    Cursor,
    FeedPage,
    FeedReply,
    IntentReceipt,
    Operation,
    SnapshotManifest,
)

from .refusals import is_code
from .snapshots import MOST_LINES, MOST_UNPACKED

_LARGEST = 2**53
_LONGEST_NUMBER = 64
_MOST_PACKED = 2 * MOST_UNPACKED
"""What can't be made smaller is a little larger packed."""


def check_feed(reply: FeedReply, instance: str, asked: Sequence[Cursor], limit: int) -> None:
    """The reply is of our server, about what we may read, and moves on from where we are.

    :raises AnotherServer: it is another server's. :raises BadReply: it is not the protocol.
    """
    if reply.instance != instance:
        raise AnotherServer
    _check_readable(reply, asked)
    at = {cursor.space: cursor.seq for cursor in asked}
    for page in reply.pages:
        if page.space not in reply.readable:
            raise BadReply("space_not_readable", space=page.space)
        if page.removal_reason and not is_code(page.removal_reason):
            raise BadReply("removal_without_reason", space=page.space)
        if page.epoch != reply.epoch:
            raise BadReply("page_out_of_order", space=page.space)
        if (page.rewind and not at.get(page.space)) or (page.snapshot and page.after != at.get(page.space, 0)):
            raise BadReply("page_out_of_order", space=page.space)
        if not (page.rewind or page.snapshot) and not 0 < len(page.entries) <= limit:
            raise BadReply("page_has_holes", space=page.space, after=page.after)


def _check_readable(reply: FeedReply, asked: Sequence[Cursor]) -> None:
    """What everyone may read is always there; what is no longer ours to read goes for a stated reason."""
    for space in PUBLIC_SPACES:
        if space not in reply.readable:
            raise BadReply("space_not_readable", space=space)
    for cursor in asked:
        if cursor.space not in reply.readable and not is_code(reply.removal_reason):
            raise BadReply("removal_without_reason", space=cursor.space)


def check_manifest(manifest: SnapshotManifest, page: FeedPage, instance: str) -> None:
    """The snapshot is of the page's space and epoch, and brings something.

    :raises AnotherServer: it is another server's. :raises BadReply: ``snapshot_differs``.
    """
    if manifest.instance != instance:
        raise AnotherServer
    ours = (manifest.space, manifest.epoch) == (page.space, page.epoch)
    sized = manifest.parts and all(0 < each.bytes <= _MOST_PACKED and 0 <= each.records <= MOST_LINES for each in manifest.parts)
    if not (ours and page.after < manifest.seq <= _LARGEST and sized):
        raise BadReply("snapshot_differs", space=page.space)


def check_receipts(receipts: Sequence[IntentReceipt], intents: Sequence[Intent]) -> None:
    """There is one receipt for each intent that was sent, in order.

    :raises BadReply: ``receipts_differ``.
    """
    same = [receipt.intent_id for receipt in receipts] == [intent.intent_id for intent in intents]
    if not same or not all(map(_is_plain, receipts)):
        raise BadReply("receipts_differ")


def check_courier(receipts: Sequence[CourierReceipt], names: Sequence[str]) -> None:
    """There is one receipt for each box that was brought, in order.

    :raises BadReply: ``receipts_differ``.
    """
    if [each.id for each in receipts] != list(names) or any(each.code and not is_code(each.code) for each in receipts):
        raise BadReply("receipts_differ")


def _is_plain(receipt: IntentReceipt) -> bool:
    coded = not receipt.code or is_code(receipt.code)
    placed = all(0 <= seq <= _LARGEST for seq in receipt.effect.values())
    return coded and placed and len(receipt.number) <= _LONGEST_NUMBER


def check_checksums(sums: Checksums, space: str, instance: str) -> None:
    """They are our server's, and of this space.

    :raises AnotherServer: they are another server's. :raises BadReply: they are not the protocol.
    """
    if sums.instance != instance:
        raise AnotherServer
    numbers = [each.bucket for each in sums.buckets]
    counted = all(0 <= each.bucket < BUCKETS and 0 <= each.count <= _LARGEST and each.sum >= 0 for each in sums.buckets)
    if sums.space != space or not 0 <= sums.head <= _LARGEST or len(set(numbers)) != len(numbers) or not counted:
        raise BadReply("checksums_differ", space=space)


def check_bucket(bucket: Bucket, sums: Checksums, number: int) -> None:
    """It is the bucket that was asked for, not of an earlier time than the sums, with records that belong there.

    :raises AnotherServer: it is another server's. :raises BadReply: it is not the protocol.
    """
    if bucket.instance != sums.instance:
        raise AnotherServer
    asked = (bucket.space, bucket.epoch, bucket.bucket) == (sums.space, sums.epoch, number)
    put = all(each.operation is Operation.PUT and each.body is not None for each in bucket.entries)
    if not (asked and put and sums.head <= bucket.head <= _LARGEST):
        raise BadReply("checksums_differ", space=sums.space)
    if any(bucket_of(each.kind, each.id) != number for each in bucket.entries):
        raise BadReply("record_out_of_place", space=sums.space, kind="")
