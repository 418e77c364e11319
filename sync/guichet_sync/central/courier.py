"""What others carry: boxes that their authors sealed to this server. Each is opened, proved to be its author's, and taken in
under their name by the ordinary intake: once, whoever brings it and however often.

Who carries it is told what became of it, and nothing of what it held. Boxes are refused one by one: none holds the others up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from guichet_sync.domain.errors import BadReply, InvalidInput, SignInRefused
from guichet_sync.protocol import codec, sealing
from guichet_sync.protocol.messages import (
    CourierBatch,
    CourierReceipt,
    CourierReceipts,
    IntentBatch,
    IntentOutcome,
    SealedItem,
)

from . import identity, instance, intake
from .database import reading
from .identity import Author
from .replies import reply
from .routes import Authenticated, Here, Service

MAX_BOXES = 50
router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Opened:
    """What was in a box, and who is proved to have signed it."""

    batch: IntentBatch
    author: Author


class _Refused(Exception):
    """A box is not taken, whoever brings it, for the reason of this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@router.post("/v1/courier", response_model=CourierReceipts)
def deliver(request: Request, service: Here, call: Authenticated, batch: CourierBatch) -> Response:
    """Take in what others sealed."""
    if len(batch.items) > MAX_BOXES:
        raise InvalidInput("batch_too_long", field="items", most=MAX_BOXES)
    receipts: list[CourierReceipt] = []
    try:
        for item in batch.items:
            held = bool(receipts) and receipts[-1].code == intake.BUSY
            receipts.append(_later(item) if held else _answer(service, call.instance, item))
    finally:
        service.hints.nudge()
    return reply(request, CourierReceipts(tuple(receipts)))


def _later(item: SealedItem) -> CourierReceipt:
    return CourierReceipt(item.id, IntentOutcome.RETRY, intake.BUSY, intake.RETRY_AFTER_S)


def _answer(service: Service, here: instance.Instance, item: SealedItem) -> CourierReceipt:
    try:
        opened = _open(service, here, item)
    except _Refused as refused:
        return CourierReceipt(item.id, IntentOutcome.REFUSED, refused.code)
    [said] = intake.take_in(service.engine, here, opened.author.caller, opened.batch, lambda: datetime.now(UTC))
    return CourierReceipt(item.id, said.outcome, said.code, said.retry_after_s)


def _open(service: Service, here: instance.Instance, item: SealedItem) -> _Opened:
    """What is in a box, once it is proved to be of somebody who may still send.

    :raises _Refused: it is not.
    """
    if len(item.box) > 2 * sealing.MAX_BOX_BYTES:
        raise _Refused("box_too_large")
    with reading(service.engine) as connection:
        try:
            sealed = sealing.unseal(sealing.from_text(item.box), instance.sealing_secret(connection))
            batch = codec.decode(sealed.batch, IntentBatch)
        except BadReply:
            raise _Refused("box_unreadable") from None
        if len(batch.intents) != 1 or batch.sent_at.tzinfo is None:
            raise _Refused("box_unreadable")
        try:
            author = identity.author(connection, here.tenant, batch.intents[0].enrolment)
        except SignInRefused as error:
            raise _Refused(error.code) from None
    if author is None or not sealing.is_signed(sealed, author.signing_key):
        raise _Refused("box_signature")
    return _Opened(batch, author)
