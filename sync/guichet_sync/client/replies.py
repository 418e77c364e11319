"""What a reply may say to this post. What says anything else is not taken: nothing of it reaches the files."""

from __future__ import annotations

from collections.abc import Sequence

from guichet_sync.domain.errors import AnotherServer, BadReply
from guichet_sync.domain.intents import Intent
from guichet_sync.protocol.messages import Cursor, FeedPage, FeedReply, IntentReceipt, SnapshotManifest

from .refusals import is_code

_LARGEST = 2**53
_LONGEST_NUMBER = 64


def check_feed(reply: FeedReply, instance: str, asked: Sequence[Cursor], limit: int) -> None:
    """The reply is of our server, about what we may read, and moves on from where we are.

    :raises AnotherServer: it is another server's. :raises BadReply: it is not the protocol.
    """
    if reply.instance != instance:
        raise AnotherServer
    at = {cursor.space: cursor.seq for cursor in asked}
    for page in reply.pages:
        if page.space not in reply.readable:
            raise BadReply("space_not_readable", space=page.space)
        if page.epoch != reply.epoch:
            raise BadReply("page_out_of_order", space=page.space)
        if (page.rewind and not at.get(page.space)) or (page.snapshot and page.after != at.get(page.space, 0)):
            raise BadReply("page_out_of_order", space=page.space)
        if not (page.rewind or page.snapshot) and not 0 < len(page.entries) <= limit:
            raise BadReply("page_has_holes", space=page.space, after=page.after)


def check_manifest(manifest: SnapshotManifest, page: FeedPage, instance: str) -> None:
    """The snapshot is of the page's space and epoch, and brings something.

    :raises AnotherServer: it is another server's. :raises BadReply: ``snapshot_differs``.
    """
    if manifest.instance != instance:
        raise AnotherServer
    ours = (manifest.space, manifest.epoch) == (page.space, page.epoch)
    if not (ours and page.after < manifest.seq <= _LARGEST and manifest.bytes > 0 and manifest.records >= 0):
        raise BadReply("snapshot_differs", space=page.space)


def check_receipts(receipts: Sequence[IntentReceipt], intents: Sequence[Intent]) -> None:
    """There is one receipt for each intent that was sent, in order.

    :raises BadReply: ``receipts_differ``.
    """
    same = [receipt.intent_id for receipt in receipts] == [intent.intent_id for intent in intents]
    if not same or not all(map(_is_plain, receipts)):
        raise BadReply("receipts_differ")


def _is_plain(receipt: IntentReceipt) -> bool:
    coded = not receipt.code or is_code(receipt.code)
    placed = all(0 <= seq <= _LARGEST for seq in receipt.effect.values())
    return coded and placed and len(receipt.number) <= _LONGEST_NUMBER
