"""Taking intents in, once each, whatever happened to earlier replies.

The row of an intent is inserted first, in the transaction of its effect and of its feed rows: a second sender of the same intent
waits on that row and then reads the first receipt. What only adds (captures, answers) is taken in together, a whole batch in one
transaction with the statements of one: a post that comes back from an outage brings fifty at a time. Where one of them would be
refused, nothing of the batch is kept, and each goes by itself: one that fails holds no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError

from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.spaces import CAPTURING_ROLES
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentBatch, IntentEnvelope, IntentOutcome, IntentReceipt

from . import claims
from .capture_time import capture_time
from .claims import refused
from .database import is_contention, is_locked, writing
from .effects import HANDLERS, TOGETHER, Done, Refusal, Taken
from .identity import Caller
from .instance import Instance
from .lost_enrolments import owners

MAX_BODY_BYTES = 512 * 1024
RETRY_AFTER_S = 5.0
BUSY = "try_later"
_TRIES = 3
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


_Apply = Callable[[Sequence[Taken]], dict[str, Done]]


class _Singly(Exception):
    """These intents can't go together."""


@dataclass(frozen=True, slots=True)
class _Bringing:
    """A batch on its way in, and who brings it."""

    engine: Engine
    instance: Instance
    caller: Caller
    batch: IntentBatch
    now: Callable[[], datetime]


def take_in(
    engine: Engine, instance: Instance, caller: Caller, batch: IntentBatch, now: Callable[[], datetime]
) -> tuple[IntentReceipt, ...]:
    """A receipt for each intent of the batch, in its order.

    :raises InvalidInput: ``request_shape`` if the batch does not say its offset from UTC.
    """
    if batch.sent_at.tzinfo is None:
        raise InvalidInput("request_shape", field="sent_at")
    bringing = _Bringing(engine, instance, caller, batch, now)
    receipts: list[IntentReceipt] = []
    for run in _runs(batch.intents):
        together = () if _is_busy(receipts) else _together_or_not_at_all(bringing, run)
        if together:
            receipts += together
        else:
            for envelope in run:
                receipts.append(_later(envelope) if _is_busy(receipts) else _answer(bringing, envelope))
    return tuple(receipts)


def _is_busy(receipts: Sequence[IntentReceipt]) -> bool:
    """Whether the last one was held up: then nobody waits for each of fifty in turn."""
    return bool(receipts) and receipts[-1].code == BUSY


def _runs(envelopes: Sequence[IntentEnvelope]) -> Iterator[tuple[IntentEnvelope, ...]]:
    """The batch in its order: what may go together, and the others one by one."""
    for together, run in groupby(envelopes, _may_go_together):
        some = tuple(run)
        if together and len({each.intent_id for each in some}) == len(some):
            yield some
        else:
            yield from ((each,) for each in some)


def _may_go_together(envelope: IntentEnvelope) -> bool:
    return envelope.kind in TOGETHER and not envelope.number and not _problem(envelope)


def _together_or_not_at_all(bringing: _Bringing, run: Sequence[IntentEnvelope]) -> Sequence[IntentReceipt]:
    """The receipts of several in one transaction; none where they are to go one by one, since not all of them can be taken in."""
    if len(run) == 1:
        return ()
    try:
        return _once(bringing, run, _applied)
    except (_Singly, Refusal, DataError):
        return ()
    except DBAPIError as error:
        if not is_contention(error):
            raise
        return ()


def _answer(bringing: _Bringing, envelope: IntentEnvelope) -> IntentReceipt:
    problem = _problem(envelope)
    if problem:
        return refused(envelope, problem)
    for _ in range(_TRIES):
        try:
            return _decided(bringing, envelope)
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


def _decided(bringing: _Bringing, envelope: IntentEnvelope) -> IntentReceipt:
    """What becomes of one intent. A refusal undoes all that was written before it was known, and is kept by a transaction of its
    own: what is taken in, nearly all there is, needs no savepoint. What is to come back was never here.
    """
    try:
        return _once(bringing, [envelope], _applied)[0]
    except Refusal as refusal:
        done = Done(refusal.outcome, code=refusal.code, values=refusal.values, retry_after_s=refusal.retry_after_s)
    if done.outcome is IntentOutcome.RETRY:
        return claims.receipt(envelope.intent_id, done)
    return _once(bringing, [envelope], lambda _takens: {envelope.intent_id: done})[0]


def _once(bringing: _Bringing, envelopes: Sequence[IntentEnvelope], apply: _Apply) -> list[IntentReceipt]:
    """One transaction: what becomes of these intents, or the receipts they had.

    :raises Refusal: nothing of them is kept. :raises _Singly: several are not all the caller's.
    """
    with writing(bringing.engine) as connection:
        takens = _takens(bringing, connection, envelopes)
        receipts = {each.intent_id: refused(each, "not_the_author") for each in envelopes}
        if len(takens) < len(envelopes) and len(envelopes) > 1:
            raise _Singly
        if takens:
            new = claims.claim(takens)
            fresh = [taken for taken in takens if taken.envelope.intent_id in new]
            known = [taken for taken in takens if taken.envelope.intent_id not in new]
            receipts |= claims.first_receipts(known) if known else {}
            receipts |= claims.keep(apply(fresh), fresh) if fresh else {}
    return [receipts[each.intent_id] for each in envelopes]


def _takens(bringing: _Bringing, connection: Connection, envelopes: Sequence[IntentEnvelope]) -> list[Taken]:
    """The intents whose author brings them."""
    now, caller, batch = bringing.now(), bringing.caller, bringing.batch
    takens = []
    for envelope, own in owners(connection, bringing.instance, caller, envelopes):
        captured = capture_time(envelope, batch, now, own.since, carried=caller.carried)
        takens.append(Taken(connection, bringing.instance, caller.person, envelope, own.code, captured, now))
    return takens


def _applied(takens: Sequence[Taken]) -> dict[str, Done]:
    """The effect of each.

    :raises Refusal: of one of them.
    """
    if takens[0].person.role not in CAPTURING_ROLES:
        raise Refusal("not_allowed")
    return _together(takens) if len(takens) > 1 else {takens[0].envelope.intent_id: _alone(takens[0])}


def _alone(taken: Taken) -> Done:
    handler = HANDLERS.get(taken.envelope.kind)
    if handler is None:
        raise Refusal("unknown_kind")
    return handler(taken)


def _together(takens: Sequence[Taken]) -> dict[str, Done]:
    done: dict[str, Done] = {}
    for kind, handler in TOGETHER.items():
        ours = [taken for taken in takens if taken.envelope.kind == kind]
        if ours:
            done |= {taken.envelope.intent_id: each for taken, each in zip(ours, handler(ours), strict=True)}
    return done
