"""Up: waiting intents, oldest first, lane by lane. What the server can't even read is found by halving and set aside."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guichet_sync.domain.errors import BadReply, ServerRefused
from guichet_sync.domain.intents import Intent
from guichet_sync.protocol.messages import IntentBatch, IntentEnvelope, IntentOutcome, IntentReceipt
from guichet_sync.store import outbox
from guichet_sync.store.post import PostStore

from .clock import Moment

Send = Callable[[IntentBatch], tuple[IntentReceipt, ...]]
_FIRST_WAIT_S, _LONGEST_WAIT_S = 2.0, 60.0


@dataclass(slots=True)
class Pushed:
    """What a push did."""

    sent: int = 0
    accepted: int = 0
    refused: list[IntentReceipt] = field(default_factory=list)
    quarantined: int = 0


def push(store: PostStore, send: Send, moment: Callable[[], Moment], should_stop: Callable[[], bool]) -> Pushed:
    """Send all that is due.

    :raises Unreachable: the server is away; what was sealed stays sealed and is sent again, the same to the last byte.
    """
    done = Pushed()
    while not should_stop() and (intents := outbox.to_send(store, moment().at)):
        outbox.seal(store, [intent.intent_id for intent in intents])
        _deliver(store, send, intents, moment, done)
    return done


def _deliver(store: PostStore, send: Send, intents: Sequence[Intent], moment: Callable[[], Moment], done: Pushed) -> None:
    try:
        receipts = send(_batch(intents, moment()))
    except (ServerRefused, BadReply) as error:
        _halve(store, send, intents, moment, done, error.code)
        return
    if [receipt.intent_id for receipt in receipts] != [intent.intent_id for intent in intents]:
        raise BadReply("receipts_differ")
    _keep(store, receipts, moment().at, done)


def _halve(
    store: PostStore,
    send: Send,
    intents: Sequence[Intent],
    moment: Callable[[], Moment],
    done: Pushed,
    code: str,
) -> None:
    """The batch was not taken as a whole: try its halves; one alone that fails is the culprit."""
    if len(intents) == 1:
        outbox.quarantine(store, intents[0].intent_id, code)
        done.quarantined += 1
        return
    middle = len(intents) // 2
    for half in (intents[:middle], intents[middle:]):
        _deliver(store, send, half, moment, done)


def _keep(store: PostStore, receipts: Sequence[IntentReceipt], now: datetime, done: Pushed) -> None:
    final = [receipt for receipt in receipts if receipt.outcome is not IntentOutcome.RETRY]
    outbox.record(store, final)
    for receipt in receipts:
        if receipt.outcome is IntentOutcome.RETRY:
            outbox.postpone(store, [receipt.intent_id], receipt.code, now + _wait(receipt.retry_after_s))
    done.sent += len(receipts)
    refused = [receipt for receipt in final if receipt.outcome in _REFUSALS]
    done.refused += refused
    done.accepted += len(final) - len(refused)


def _wait(asked_s: float | None) -> timedelta:
    """What the server asked for, or a random wait, so that sixty posts do not come back together."""
    return timedelta(seconds=asked_s or random.uniform(_FIRST_WAIT_S, _LONGEST_WAIT_S))


def _batch(intents: Sequence[Intent], moment: Moment) -> IntentBatch:
    return IntentBatch(tuple(map(_envelope, intents)), moment.at, moment.monotonic_ms, moment.boot_id)


def _envelope(intent: Intent) -> IntentEnvelope:
    return IntentEnvelope(
        intent_id=intent.intent_id,
        enrolment=intent.enrolment,
        kind=intent.kind,
        lane=intent.lane,
        body=intent.body.decode(),
        body_sha256=intent.body_sha256,
        captured_at=intent.captured_at,
        monotonic_ms=intent.monotonic_ms,
        boot_id=intent.boot_id,
        base_revision=intent.base_revision,
    )


_REFUSALS = (IntentOutcome.REFUSED, IntentOutcome.CONFLICT, IntentOutcome.GONE)
