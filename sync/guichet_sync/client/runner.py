"""The loop of the exchange process: woken by a line, by the clock, or ended by its input's end."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from guichet_sync.domain.errors import AnotherServer, GuichetError, NotEnrolled, SignInRefused, TryLater
from guichet_sync.store import account, outbox
from guichet_sync.store.post import PostStore

from .engine import Exchange
from .events import Event, Link, State

IDLE_S = 15.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0


@dataclass(slots=True)
class Wake:
    """How other threads speak to the loop."""

    _event: threading.Event = field(default_factory=threading.Event)
    _ended: bool = False

    def now(self) -> None:
        """Exchange at once."""
        self._event.set()

    def end(self) -> None:
        """Come to an end, soon."""
        self._ended = True
        self._event.set()

    def ended(self) -> bool:
        """Whether the loop is to end."""
        return self._ended

    def wait(self, seconds: float) -> None:
        """Until woken, or for so long."""
        self._event.wait(seconds)
        self._event.clear()


def listen(lines: Iterable[str], wake: Wake) -> threading.Thread:
    """Hear ``wake`` lines until ``stop`` or the end of input, which end the loop. The thread ends with the process."""

    def hear() -> None:
        for line in lines:
            if line.strip() == "stop":
                break
            wake.now()
        wake.end()

    thread = threading.Thread(target=hear, name="exchange input", daemon=True)
    thread.start()
    return thread


def watch(store: PostStore, exchange: Exchange, wake: Wake, tell: Callable[[Event], None]) -> None:
    """Exchange again and again until told to end; states and results go to ``tell``."""
    failures = 0
    while not wake.ended():
        tell(_state(store, Link.WORKING))
        failure = exchange.run_once(wake.ended).failure
        failures = failures + 1 if failure else 0
        tell(_state(store, _link(failure), failure.code if failure else ""))
        if isinstance(failure, AnotherServer):
            return
        wake.wait(_pause(failure, failures))
    tell(_state(store, Link.STOPPED))


def _link(failure: GuichetError | None) -> Link:
    if failure is None:
        return Link.ONLINE
    return Link.SIGNED_OUT if isinstance(failure, SignInRefused) else Link.OFFLINE


def _pause(failure: GuichetError | None, failures: int) -> float:
    """Until the next look: the usual one, what the server asked for, or a random one that may double each time."""
    if failure is None:
        return random.uniform(0.8, 1.2) * IDLE_S
    if isinstance(failure, TryLater) and failure.retry_after_s:
        return failure.retry_after_s
    longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(failures, 10))
    return random.uniform(_FIRST_WAIT_S / 2, longest)


def _state(store: PostStore, link: Link, code: str = "") -> State:
    waiting = outbox.counts(store)
    try:
        last = account.read(store).last_exchange_at
    except NotEnrolled:
        last = None
    return State(link, waiting.pending, waiting.refused, waiting.quarantined, code, last)
