"""Posts of the wire that seal what others carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from guichet_sync.central.demo import PASSWORD
from guichet_sync.protocol import codec, sealing
from guichet_sync.protocol.messages import (
    CourierBatch,
    CourierReceipt,
    CourierReceipts,
    Enrolled,
    EnrolmentRequest,
    IntentBatch,
    IntentEnvelope,
    SealedItem,
)
from tests.helpers.wire import Post, post


@dataclass(frozen=True, slots=True)
class Sealer:
    """A post whose enrolment signs, and what it seals to its server."""

    post: Post
    secret: str

    @classmethod
    def enrol(cls, url: str, user: str) -> Sealer:
        """Enrol ``user`` on a new post that signs from its first day."""
        secret = sealing.new_signing_secret()
        asked = EnrolmentRequest(user, PASSWORD, "0123456789abcdef", "Comptoir 5", 1, 1, sealing.signing_key(secret))
        reply = post(url, "/v1/enrolments", asked)
        assert reply.status_code == 200, reply.text
        return cls(Post(url, codec.decode(reply.content, Enrolled), ""), secret)

    def box(self, envelope: IntentEnvelope, **batch: Any) -> str:
        """An envelope as others carry it."""
        return self.seal(IntentBatch((envelope,), **{"sent_at": datetime.now(UTC)} | batch))

    def seal(self, batch: IntentBatch) -> str:
        """Any batch, signed and sealed."""
        return sealing.to_text(sealing.seal(batch, self.secret, self.post.enrolled.sealing_key))


def carry(courier: Post, *boxes: str) -> tuple[CourierReceipt, ...]:
    """What becomes of these boxes in the hands of another post."""
    items = tuple(SealedItem(f"box-{place}", box) for place, box in enumerate(boxes))
    reply = courier.post("/v1/courier", CourierBatch(items))
    assert reply.status_code == 200, reply.text
    receipts = codec.decode(reply.content, CourierReceipts).receipts
    assert [each.id for each in receipts] == [item.id for item in items]
    return receipts
