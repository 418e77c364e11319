"""Up: waiting intents, oldest first, lane by lane. What the server can't even read is found by halving and set aside."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from guichet_sync.domain.errors import InvalidInput, Unreachable
from guichet_sync.domain.intents import Intent
from guichet_sync.protocol.messages import IntentBatch, IntentEnvelope, IntentOutcome, IntentReceipt
from guichet_sync.store import outbox
from guichet_sync.store.post import PostStore

from .clock import Moment
from .events import Event, Refused
from .refusals import SERVER_FAILED
from .replies import check_receipts

Send = Callable[[IntentBatch], tuple[IntentReceipt, ...]]
_FIRST_WAIT_S, _LONGEST_WAIT_S = 2.0, 60.0
_LEAST_ASKED_S, _MOST_ASKED_S = 1.0, 3_600.0
_REFUSALS = frozenset({IntentOutcome.REFUSED, IntentOutcome.CONFLICT, IntentOutcome.GONE})


@dataclass(slots=True)
class Push:
    """A push of one store's outbox. What it did stays known where it fails half-way."""

    store: PostStore
    send: Send
    moment: Callable[[], Moment]
    tell: Callable[[Event], None]
    should_stop: Callable[[], bool]
    sent: int = 0
    accepted: int = 0
    refused: int = 0
    quarantined: int = 0
    _broken: Unreachable | None = None
    _in_a_row: int = 0

    def run(self) -> None:
        """Send all that is due.

        :raises Unreachable: the server is away, or broke over an intent: once the others are sent. What was sealed stays sealed
            and is sent again, the same to the last byte.
        :raises BadReply: the answer is not the protocol; nothing is set aside for it.
        """
        while not self.should_stop() and (intents := outbox.to_send(self.store, self.moment().at)):
            sealed = outbox.seal(self.store, [intent.intent_id for intent in intents])
            self._deliver([intent for intent in intents if intent.intent_id in sealed])
        if self._broken is not None:
            raise self._broken

    def _deliver(self, intents: Sequence[Intent]) -> None:
        if not intents or self.should_stop():
            return
        try:
            receipts = self.send(_batch(intents, self.moment()))
        except InvalidInput as error:
            self._narrow(intents, error)
        except Unreachable as error:
            if error.code != SERVER_FAILED:
                raise
            self._narrow(intents, error)
        else:
            check_receipts(receipts, intents)
            self._in_a_row = 0
            self._keep(receipts)

    def _narrow(self, intents: Sequence[Intent], error: InvalidInput | Unreachable) -> None:
        """The batch was not taken as a whole: try its halves; one alone that fails is the culprit."""
        middle = len(intents) // 2
        if middle:
            self._deliver(intents[:middle])
            self._deliver(intents[middle:])
        elif isinstance(error, InvalidInput):
            self._quarantine(intents[0], error)
        else:
            self._pass_over(intents[0], error)

    def _quarantine(self, culprit: Intent, error: InvalidInput) -> None:
        outbox.quarantine(self.store, culprit.intent_id, error.code)
        self.quarantined += 1
        self.tell(Refused(culprit.intent_id, error.code))

    def _pass_over(self, culprit: Intent, error: Unreachable) -> None:
        """The server broke over this one: no verdict on it, but the others need not wait. Over two in a row: it is the server."""
        self._broken = error
        self._in_a_row += 1
        if self._in_a_row > 1:
            raise error
        self._postpone(culprit.intent_id, error.code, None)

    def _keep(self, receipts: Sequence[IntentReceipt]) -> None:
        final = [receipt for receipt in receipts if receipt.outcome is not IntentOutcome.RETRY]
        outbox.record(self.store, final)
        for receipt in receipts:
            if receipt.outcome is IntentOutcome.RETRY:
                self._postpone(receipt.intent_id, receipt.code, receipt.retry_after_s)
        refused = [receipt for receipt in final if receipt.outcome in _REFUSALS]
        self.sent += len(receipts)
        self.refused += len(refused)
        self.accepted += len(final) - len(refused)
        for receipt in refused:
            self.tell(Refused(receipt.intent_id, receipt.code))

    def _postpone(self, intent_id: str, code: str, asked_s: float | None) -> None:
        """This lane waits as long as the server asked, or a random time, so that sixty posts do not come back together."""
        wait_s = asked_s or random.uniform(_FIRST_WAIT_S, _LONGEST_WAIT_S)
        wait = timedelta(seconds=min(max(wait_s, _LEAST_ASKED_S), _MOST_ASKED_S))
        outbox.postpone(self.store, [intent_id], code, self.moment().at + wait)


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
