"""Up: waiting intents, oldest first, lane by lane. What the server can't even read is found by halving and set aside; so is what
it breaks over again and again, with growing pauses: nothing is tried for ever.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
VERDICTS = 5
"""How many times a server may break over one intent, while it takes others, before a person is asked."""
_WAIT_S, _BROKEN_WAIT_S, _GROWTH = 60.0, 30.0, 4
_LEAST_WAIT_S, _LONGEST_WAIT_S = 1.0, 3_600.0


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
    _passed_over: dict[str, Unreachable] = field(default_factory=dict)
    _suspect: str = ""

    def run(self) -> None:
        """Send all that is due.

        :raises Unreachable: the server is away, or broke over an intent: once the others are sent. What was sealed stays sealed
            and is sent again, the same to the last byte, until the server broke over it alone for the fifth time.
        :raises BadReply: the answer is not the protocol; nothing is set aside for it.
        """
        while not self.should_stop() and (intents := outbox.to_send(self.store, self.moment().at)):
            sealed = outbox.seal(self.store, [intent.intent_id for intent in intents])
            self._deliver([intent for intent in intents if intent.intent_id in sealed])
        self._convict()
        for error in self._passed_over.values():
            raise error

    def _deliver(self, intents: Sequence[Intent]) -> None:
        if not intents or self.should_stop():
            return
        try:
            receipts = self.send(batch_of(intents, self.moment()))
        except InvalidInput as error:
            self._narrow(intents, error)
        except Unreachable as error:
            if error.code != SERVER_FAILED:
                raise
            self._narrow(intents, error)
        else:
            check_receipts(receipts, intents)
            self._convict()
            self._keep(receipts)

    def _narrow(self, intents: Sequence[Intent], error: InvalidInput | Unreachable) -> None:
        """The batch was not taken as a whole: try its halves; one alone that fails is the culprit."""
        middle = len(intents) // 2
        if middle:
            self._deliver(intents[:middle])
            self._deliver(intents[middle:])
        elif isinstance(error, InvalidInput):
            self._set_aside(intents[0].intent_id, error.code)
        else:
            self._pass_over(intents[0].intent_id, error)

    def _set_aside(self, intent_id: str, code: str) -> None:
        outbox.quarantine(self.store, intent_id, code)
        self.quarantined += 1
        self.tell(Refused(intent_id, code))

    def _pass_over(self, intent_id: str, error: Unreachable) -> None:
        """The server broke over this one: the others need not wait, and if it takes them, this one is at fault. Over two in a
        row, it is the server: no intent is blamed.
        """
        if self._suspect:
            raise error
        self._suspect = intent_id
        self._passed_over[intent_id] = error
        self._postpone(intent_id, error.code, _BROKEN_WAIT_S * _GROWTH ** outbox.blamed(self.store, intent_id))

    def _convict(self) -> None:
        """The server broke over the one it was last asked, and over nothing else since."""
        intent_id, self._suspect = self._suspect, ""
        if intent_id and outbox.blame(self.store, intent_id) >= VERDICTS:
            self._set_aside(intent_id, self._passed_over.pop(intent_id).code)

    def _keep(self, receipts: Sequence[IntentReceipt]) -> None:
        final = [receipt for receipt in receipts if receipt.outcome is not IntentOutcome.RETRY]
        outbox.record(self.store, final)
        for receipt in receipts:
            if receipt.outcome is IntentOutcome.RETRY:
                self._retry(receipt)
        refused = [receipt for receipt in final if receipt.outcome in outbox.REFUSALS]
        self.sent += len(receipts)
        self.refused += len(refused)
        self.accepted += len(final) - len(refused)
        for receipt in refused:
            self.tell(Refused(receipt.intent_id, outbox.reason(receipt)))

    def _retry(self, receipt: IntentReceipt) -> None:
        """The server asked for so much time: at least that, and not all posts at once."""
        asked_s = receipt.retry_after_s or 0.0
        self._postpone(receipt.intent_id, receipt.code, asked_s / 4 if asked_s else _WAIT_S, asked_s)

    def _postpone(self, intent_id: str, code: str, most_s: float, least_s: float = 0.0) -> None:
        """This lane waits a time drawn from the whole span, so that sixty posts do not come back together."""
        wait_s = least_s + random.uniform(0, most_s)
        wait = timedelta(seconds=min(max(wait_s, _LEAST_WAIT_S), _LONGEST_WAIT_S))
        outbox.postpone(self.store, [intent_id], code, self.moment().at + wait)


def batch_of(intents: Sequence[Intent], moment: Moment) -> IntentBatch:
    """Intents as they travel, with the clocks at their sending."""
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
        number=intent.official_number,
    )
