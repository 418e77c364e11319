"""Taking an intent in, once, whatever happened to earlier replies.

The row of the intent is inserted first, in the transaction of its effect and of its feed rows: a second sender of the same intent
waits on that row and then reads the first receipt. Each intent has a transaction of its own, so that one which fails does not
hold the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import DataError, DBAPIError

from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.spaces import CAPTURING_ROLES
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentBatch, IntentEnvelope, IntentOutcome, IntentReceipt

from . import schema
from .capture_time import capture_time
from .database import is_contention, is_locked, writing
from .effects import HANDLERS, Done, Refusal, Taken
from .identity import Caller
from .instance import Instance
from .lost_enrolments import own_or_lost
from .upsert import insert

MAX_BODY_BYTES = 512 * 1024
RETRY_AFTER_S = 5.0
BUSY = "try_later"
_TRIES = 3
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_TABLE = schema.intent


def take_in(
    engine: Engine, instance: Instance, caller: Caller, batch: IntentBatch, now: Callable[[], datetime]
) -> tuple[IntentReceipt, ...]:
    """A receipt for each intent of the batch, in its order.

    :raises InvalidInput: ``request_shape`` if the batch does not say its offset from UTC.
    """
    if batch.sent_at.tzinfo is None:
        raise InvalidInput("request_shape", field="sent_at")
    receipts: list[IntentReceipt] = []
    for envelope in batch.intents:
        held = bool(receipts) and receipts[-1].code == BUSY  # then nobody waits for each of fifty in turn
        receipts.append(_later(envelope) if held else _answer(engine, instance, caller, batch, envelope, now()))
    return tuple(receipts)


def _answer(
    engine: Engine, instance: Instance, caller: Caller, batch: IntentBatch, envelope: IntentEnvelope, now: datetime
) -> IntentReceipt:
    problem = _problem(envelope)
    if problem:
        return refused(envelope, problem)
    for _ in range(_TRIES):
        try:
            return _once(engine, instance, caller, batch, envelope, now)
        except DataError:  # text or a number that the engine can't hold
            return refused(envelope, "intent_shape")
        except DBAPIError as error:
            if not is_contention(error):
                raise
            if is_locked(error):  # we have waited for it already
                break
    return _later(envelope)


def _later(envelope: IntentEnvelope) -> IntentReceipt:
    return IntentReceipt(envelope.intent_id, IntentOutcome.RETRY, code=BUSY, retry_after_s=RETRY_AFTER_S)


def _problem(envelope: IntentEnvelope) -> str:
    """Why an envelope is not opened, or nothing."""
    data = envelope.body.encode()
    if codec.digest(data) != envelope.body_sha256:
        return "body_digest"
    if len(data) > MAX_BODY_BYTES:
        return "intent_too_large"
    sound = _ID.fullmatch(envelope.intent_id) and _ID.fullmatch(envelope.kind) and envelope.captured_at.tzinfo
    return "" if sound else "intent_shape"


def _once(
    engine: Engine, instance: Instance, caller: Caller, batch: IntentBatch, envelope: IntentEnvelope, now: datetime
) -> IntentReceipt:
    with writing(engine) as connection:
        own = own_or_lost(connection, instance, caller, envelope)
        if own is None:
            return refused(envelope, "not_the_author")
        captured = capture_time(envelope, batch, now, own.since, carried=caller.carried)
        taken = Taken(connection, instance, caller.person, envelope, own.code, captured, now)
        if not _claim(taken):
            return _first_receipt(taken)
        return _kept(taken, _apply(taken))


def _kept(taken: Taken, done: Done) -> IntentReceipt:
    """The receipt, for ever; an intent that is asked to come back was never here."""
    receipt = IntentReceipt(
        taken.envelope.intent_id, done.outcome, done.number, done.code, done.values, done.effect, done.retry_after_s
    )
    row = {"receipt": codec.encode(receipt).decode(), "deed": codec.encode(done.deed).decode()}
    keep = update(_TABLE).values(row) if done.outcome is not IntentOutcome.RETRY else delete(_TABLE)
    taken.connection.execute(keep.where(*_mine(taken)))
    return receipt


def _claim(taken: Taken) -> bool:
    """Insert the intent's row; False if it is already there (after waiting for a transaction that is inserting it)."""
    row = insert(taken.connection, _TABLE).values(
        tenant=taken.instance.tenant,
        space=schema.intake(taken.envelope.enrolment),
        intent_id=taken.envelope.intent_id,
        kind=taken.envelope.kind,
        body_sha256=taken.envelope.body_sha256,
        body=taken.envelope.body,
        received_at=taken.now,
        receipt="",
    )
    claimed = row.on_conflict_do_nothing().returning(_TABLE.c.intent_id)
    return taken.connection.execute(claimed).first() is not None


def _mine(taken: Taken) -> tuple[Any, ...]:
    space = schema.intake(taken.envelope.enrolment)
    return (
        _TABLE.c.tenant == taken.instance.tenant,
        _TABLE.c.space == space,
        _TABLE.c.intent_id == taken.envelope.intent_id,
    )


def _first_receipt(taken: Taken) -> IntentReceipt:
    row = taken.connection.execute(select(_TABLE.c.receipt, _TABLE.c.body_sha256).where(*_mine(taken))).one()
    if row.body_sha256 != taken.envelope.body_sha256:
        return refused(taken.envelope, "intent_body_differs")
    first = codec.decode(row.receipt, IntentReceipt)
    return replace(first, outcome=IntentOutcome.DUPLICATE) if first.outcome is IntentOutcome.APPLIED else first


def _apply(taken: Taken) -> Done:
    """The effect, or nothing at all of it and the reason why."""
    handler = HANDLERS.get(taken.envelope.kind)
    try:
        if handler is None:
            raise Refusal("unknown_kind")
        if taken.person.role not in CAPTURING_ROLES:
            raise Refusal("not_allowed")
        with taken.connection.begin_nested():
            return handler(taken)
    except Refusal as refusal:
        return Done(refusal.outcome, code=refusal.code, values=refusal.values, retry_after_s=refusal.retry_after_s)


def refused(envelope: IntentEnvelope, code: str) -> IntentReceipt:
    """The server understood this intent and does not take it."""
    return IntentReceipt(envelope.intent_id, IntentOutcome.REFUSED, code=code)
