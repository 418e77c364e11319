"""The rows of intents: claimed before their effect, in its transaction, and with their receipts for ever after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select, update

from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentEnvelope, IntentOutcome, IntentReceipt

from . import schema
from .effects import Done, Taken
from .upsert import insert

_TABLE = schema.intent


def claim(takens: Sequence[Taken]) -> frozenset[str]:
    """Insert the rows of these intents; the ids of those that were not there already (after waiting for a transaction that is
    inserting one). In one order for all, so that two senders of the same batch never wait for each other in a circle.
    """
    rows = [_row(taken) for taken in sorted(takens, key=lambda taken: taken.envelope.intent_id)]
    claimed = insert(takens[0].connection, _TABLE).on_conflict_do_nothing().returning(_TABLE.c.intent_id)
    return frozenset(takens[0].connection.execute(claimed, rows).scalars())


def first_receipts(takens: Sequence[Taken]) -> dict[str, IntentReceipt]:
    """What was answered to these intents when they came first; one that comes with another body is refused."""
    known = {taken.envelope.intent_id: taken.envelope for taken in takens}
    here = (_TABLE.c.tenant == takens[0].instance.tenant, _TABLE.c.intent_id.in_(list(known)))
    spaces = {schema.intake(taken.envelope.enrolment) for taken in takens}
    question = select(_TABLE.c.intent_id, _TABLE.c.receipt, _TABLE.c.body_sha256).where(*here, _TABLE.c.space.in_(spaces))
    return {
        row.intent_id: _again(known[row.intent_id], row.receipt, row.body_sha256)
        for row in takens[0].connection.execute(question)
    }


def _again(envelope: IntentEnvelope, receipt: str, body_sha256: str) -> IntentReceipt:
    if body_sha256 != envelope.body_sha256:
        return refused(envelope, "intent_body_differs")
    first = codec.decode(receipt, IntentReceipt)
    return replace(first, outcome=IntentOutcome.DUPLICATE) if first.outcome is IntentOutcome.APPLIED else first


def keep(done: Mapping[str, Done], takens: Sequence[Taken]) -> dict[str, IntentReceipt]:
    """The receipts, for ever."""
    receipts = {intent_id: receipt(intent_id, each) for intent_id, each in done.items()}
    rows = [_place(taken) | _answer(receipts, done, taken.envelope.intent_id) for taken in takens]
    takens[0].connection.execute(_ANSWERED, rows)
    return receipts


def refused(envelope: IntentEnvelope, code: str) -> IntentReceipt:
    """The server understood this intent and does not take it."""
    return IntentReceipt(envelope.intent_id, IntentOutcome.REFUSED, code=code)


_KEY = ("tenant", "space", "intent_id")
_SAME = tuple(_TABLE.c[name] == bindparam(f"at_{name}") for name in _KEY)
_ANSWERED = update(_TABLE).where(*_SAME).values(receipt=bindparam("new_receipt"), deed=bindparam("new_deed"))


def _row(taken: Taken) -> dict[str, Any]:
    return {
        "tenant": taken.instance.tenant,
        "space": schema.intake(taken.envelope.enrolment),
        "intent_id": taken.envelope.intent_id,
        "kind": taken.envelope.kind,
        "body_sha256": taken.envelope.body_sha256,
        "body": taken.envelope.body,
        "received_at": taken.now,
        "receipt": "",
    }


def _place(taken: Taken) -> dict[str, Any]:
    return {f"at_{name}": value for name, value in _row(taken).items() if name in _KEY}


def _answer(receipts: Mapping[str, IntentReceipt], done: Mapping[str, Done], intent_id: str) -> dict[str, Any]:
    return {
        "new_receipt": codec.encode(receipts[intent_id]).decode(),
        "new_deed": codec.encode(done[intent_id].deed).decode(),
    }


def receipt(intent_id: str, done: Done) -> IntentReceipt:
    """What is answered to an intent."""
    return IntentReceipt(intent_id, done.outcome, done.number, done.code, done.values, done.effect, done.retry_after_s)
