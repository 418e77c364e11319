"""One exchange: send what waits, read what is new, settle. Neither direction waits for the other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from guichet_sync.domain.errors import DiskFull, GuichetError, StoreError
from guichet_sync.protocol.messages import CourierBatch, CourierReceipt, IntentBatch, IntentReceipt
from guichet_sync.store import account, boxes, settled
from guichet_sync.store.post import PostStore

from . import clock
from .auth import Tokens
from .bringing import bring_over
from .clock import Moment
from .courier import Courier, leave
from .down import Down, Feeds
from .events import Event, Settled
from .lock import exchange_lock, never
from .pull import Pull
from .push import Push
from .transport import Transport

WAIT_FOR_OTHER_S = 60.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExchangeResult:
    """What one exchange did. ``failure`` is the first thing that went wrong, None if nothing did; ``poll_after_s`` is when the
    server wants to be asked again, None if it did not say. ``delivered`` counts other people's boxes.
    """

    sent: int
    accepted: int
    refused: int
    quarantined: int
    received: int
    cursor: dict[str, int]
    elapsed_ms: int
    failure: GuichetError | None = None
    poll_after_s: float | None = None
    delivered: int = 0


@dataclass(slots=True)
class _Direction:
    """One way of an exchange. Its first failure ends it, is kept for the end, and leaves the other way alone."""

    act: Callable[[], None]
    failure: GuichetError | None = None

    def go(self) -> None:
        """Go as far as there is something to do.

        :raises StoreError: the post's own files failed.
        """
        if self.failure is not None:
            return
        try:
            self.act()
        except StoreError:
            raise
        except GuichetError as error:
            self.failure = error


class Exchange:
    """The exchange of one person's store with the server they enrolled with."""

    def __init__(
        self,
        store: PostStore,
        transport: Transport,
        tell: Callable[[Event], None] = lambda _event: None,
        moment: Callable[[], Moment] = clock.now,
    ) -> None:
        self._store = store
        self._transport = transport
        self._tell = tell
        self._moment = moment
        self._tokens = Tokens(store, transport, lambda: moment().at)
        self._brought = False

    def run_once(self, should_stop: Callable[[], bool] = never, wait_s: float = WAIT_FOR_OTHER_S) -> ExchangeResult:
        """Both directions, once, to the end. Failures of the network or the server are told, never raised.

        :raises StoreError: the post's own files failed. :raises StoreBusy: ``exchange_running``, another exchange of this
            profile lasts longer than ``wait_s``.
        """
        with exchange_lock(self._store.folder, wait_s, should_stop):
            return self._run(should_stop)

    def _run(self, should_stop: Callable[[], bool]) -> ExchangeResult:
        begun = time.monotonic()
        push = Push(self._store, self._send, self._moment, self._tell, should_stop)
        up = _Direction(push.run)
        way = self._way_down(lambda: self._sends(push, up), should_stop)
        pull = Pull(way)
        down = _Direction(pull.run)
        if boxes.own(self._store):  # the last time failed: what hangs now may be killed before its end
            self._leave(unsent=True)
        if not self._brought:
            self._brought = bring_over(self._store, self._tell, should_stop)
        up.go()
        delivered = self._carry(should_stop) if up.failure is None else 0
        down.go()
        self._settle()
        failure = up.failure or down.failure
        self._leave(unsent=up.failure is not None)
        if failure is None and not should_stop():
            account.confirm(self._store, self._moment().at)
        return ExchangeResult(
            sent=push.sent,
            accepted=push.accepted,
            refused=push.refused,
            quarantined=push.quarantined,
            received=way.received,
            cursor={each.space: each.seq for each in pull.standing().cursors},
            elapsed_ms=round(1000 * (time.monotonic() - begun)),
            failure=failure,
            poll_after_s=pull.poll_after_s,
            delivered=delivered,
        )

    @staticmethod
    def _sends(push: Push, up: _Direction) -> bool:
        """Send what was captured since; whether there was anything."""
        before = push.sent
        up.go()
        return push.sent > before

    def _carry(self, should_stop: Callable[[], bool]) -> int:
        """Deliver other people's boxes, how many; whatever comes of it, this person's own work goes on."""
        courier = Courier(self._store, self._deliver, should_stop)
        try:
            courier.run()
        except GuichetError as error:
            _log.info("other people's boxes stay: %s", error)
        return courier.delivered

    def _leave(self, *, unsent: bool) -> None:
        """Leave to others what the server has not answered."""
        try:
            leave(self._store, self._moment(), unsent=unsent)
        except DiskFull as error:
            _log.info("no boxes were left: %s", error)

    def _deliver(self, batch: CourierBatch) -> tuple[CourierReceipt, ...]:
        return self._tokens.using(lambda token: self._transport.courier(token, batch)).receipts

    def _send(self, batch: IntentBatch) -> tuple[IntentReceipt, ...]:
        said = self._tokens.using(lambda token: self._transport.push(token, batch))
        if said.epoch:
            settled.hear_of(self._store, said.epoch)  # before anything is settled by what was read of an earlier history
        return said.receipts

    def _way_down(self, meanwhile: Callable[[], bool], should_stop: Callable[[], bool]) -> Down:
        instance = account.read(self._store).instance
        return Down(self._store, self._feeds(), instance, lambda: self._moment().at, self._tell, meanwhile, should_stop)

    def _feeds(self) -> Feeds:
        transport, using = self._transport, self._tokens.using
        return Feeds(
            page=lambda request: using(lambda token: transport.pull(token, request)),
            manifest=lambda space: using(lambda token: transport.manifest(token, space)),
            snapshot=lambda digest, start: using(lambda token: transport.snapshot(token, digest, start)),
            checksums=lambda space: using(lambda token: transport.checksums(token, space)),
            bucket=lambda space, number: using(lambda token: transport.bucket(token, space, number)),
        )

    def _settle(self) -> None:
        for each in settled.settle(self._store):
            self._tell(Settled(each.intent_id, each.provisional_number, each.number))
