"""One exchange: send what waits, read what is new, settle. Neither direction waits for the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from guichet_sync.domain.errors import GuichetError, SignInRefused, StoreError
from guichet_sync.protocol.messages import IntentReceipt
from guichet_sync.store import account, mirror, outbox
from guichet_sync.store.post import PostStore

from . import clock
from .auth import Tokens
from .clock import Moment
from .events import Event, Refused, Settled
from .pull import Feeds, Pull, Stopped
from .push import Pushed, push
from .transport import Transport

Reply = TypeVar("Reply")


@dataclass(frozen=True, slots=True)
class ExchangeResult:
    """What one exchange did; ``failure`` is the first thing that went wrong, None if nothing did."""

    sent: int
    accepted: int
    refused: int
    quarantined: int
    received: int
    cursor: dict[str, int]
    elapsed_ms: int
    failure: GuichetError | None = None


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

    def run_once(self, should_stop: Callable[[], bool] = lambda: False) -> ExchangeResult:
        """Both directions, once, to the end. Failures of the network or the server are told, never raised.

        :raises StoreError: the post's own files failed.
        """
        begun = time.monotonic()
        self._settle()
        pushed, push_failure = self._attempt(lambda: self._push(should_stop), Pushed())
        received, pull_failure = self._attempt(lambda: self._pull(should_stop), 0)
        self._settle()
        failure = push_failure or pull_failure
        if failure is None and not should_stop():
            account.change(self._store, last_exchange_at=self._moment().at)
        for receipt in pushed.refused:
            self._tell(Refused(receipt.intent_id, receipt.code))
        return ExchangeResult(
            sent=pushed.sent,
            accepted=pushed.accepted,
            refused=len(pushed.refused),
            quarantined=pushed.quarantined,
            received=received,
            cursor={each.space: each.seq for each in mirror.cursors(self._store)},
            elapsed_ms=round(1000 * (time.monotonic() - begun)),
            failure=failure,
        )

    def _attempt(self, act: Callable[[], Reply], nothing: Reply) -> tuple[Reply, GuichetError | None]:
        try:
            return act(), None
        except StoreError:
            raise
        except GuichetError as error:
            return nothing, error
        except Stopped:
            return nothing, None

    def _push(self, should_stop: Callable[[], bool]) -> Pushed:
        def send(batch: object) -> tuple[IntentReceipt, ...]:
            return self._with_token(lambda token: self._transport.push(token, batch)).receipts  # type: ignore[arg-type]

        return push(self._store, send, self._moment, should_stop)

    def _pull(self, should_stop: Callable[[], bool]) -> int:
        transport = self._transport
        feeds = Feeds(
            page=lambda request: self._with_token(lambda token: transport.pull(token, request)),
            manifest=lambda space: self._with_token(lambda token: transport.manifest(token, space)),
            snapshot=lambda manifest: transport.snapshot(self._tokens.current(), manifest),
        )
        instance = account.read(self._store).instance
        return Pull(self._store, feeds, instance, self._tell, should_stop).run()

    def _with_token(self, ask: Callable[[str], Reply]) -> Reply:
        """Ask with the token we have; if it ended meanwhile, once more with a new one."""
        try:
            return ask(self._tokens.current())
        except SignInRefused as refused:
            if refused.code != "token_expired":
                raise
            return ask(self._tokens.renew())

    def _settle(self) -> None:
        for each in outbox.settle(self._store):
            self._tell(Settled(each.intent_id, each.provisional_number, each.number))
