"""The loop of the exchange process: woken by a line, by the clock, or ended by its input's end."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from guichet_sync.domain.errors import AnotherServer, GuichetError, NotEnrolled, SignInRefused, StoreDamaged, TryLater, WrongKey
from guichet_sync.store import account, outbox
from guichet_sync.store.post import PostStore

from .engine import Exchange
from .events import Event, Link, State

IDLE_S = 15.0
END_S = 1.5
"""How long an end may take. What is on the disk is whole at any instant: nothing is lost by an end that does not wait."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0
_SHORTEST_POLL_S, _LONGEST_POLL_S = 5.0, 300.0
_HOPELESS = (AnotherServer, NotEnrolled, StoreDamaged, WrongKey)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Wake:
    """How other threads speak to the loop."""

    _event: threading.Event = field(default_factory=threading.Event)
    _ending: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    def now(self) -> None:
        """Exchange at once, or at once again after the exchange under way."""
        self._event.set()

    def end(self, too_late: Callable[[], None], grace_s: float = END_S) -> None:
        """Come to an end; ``too_late`` is called if that takes longer than ``grace_s`` seconds."""
        self._ending.set()
        self._event.set()
        if not self._over.wait(grace_s):
            too_late()

    def ended(self) -> bool:
        """Whether the loop is to end."""
        return self._ending.is_set()

    def over(self) -> None:
        """The loop has ended and its files are closed."""
        self._over.set()

    def wait(self, seconds: float) -> None:
        """Until woken, or for so long."""
        self._event.wait(seconds)
        self._event.clear()


def listen(lines: Iterable[str], wake: Wake, too_late: Callable[[], None]) -> threading.Thread:
    """Hear ``wake`` lines until ``stop`` or the end of input, which end the loop. The thread ends with the process."""

    def hear() -> None:
        for line in lines:
            if line.strip() == "stop":
                break
            wake.now()
        wake.end(too_late)

    thread = threading.Thread(target=hear, name="exchange input", daemon=True)
    thread.start()
    return thread


@dataclass(slots=True)
class Watch:
    """Exchanges again and again until told to end; states and results go to ``tell``."""

    store: PostStore
    exchange: Exchange
    wake: Wake
    tell: Callable[[Event], None]
    _failures: int = 0

    def run(self) -> None:
        """Go on until told to end.

        :raises AnotherServer, NotEnrolled, WrongKey, StoreDamaged: going on would help nobody until a person did something.
        """
        while not self.wake.ended():
            self.wake.wait(self._once())

    def _once(self) -> float:
        """One exchange, whatever comes of it; how long to wait for the next, in seconds."""
        poll_s: float | None = None
        try:
            self.tell(self._state(Link.WORKING))
            result = self.exchange.run_once(self.wake.ended)
            failure, poll_s = result.failure, result.poll_after_s
        except GuichetError as error:
            failure = error
        except BrokenPipeError:  # nobody hears us any more
            raise
        except Exception as error:  # noqa: BLE001 - the top loop of the exchange: one that failed must not be the last
            _log.exception("an exchange failed")
            failure = GuichetError(kind=type(error).__name__)
        if isinstance(failure, _HOPELESS):
            raise failure
        self._failures = self._failures + 1 if failure else 0
        if not self.wake.ended():
            self.tell(self._state(_link(failure), failure.code if failure else ""))
        return pause(failure, self._failures, poll_s)

    def _state(self, link: Link, code: str = "") -> State:
        waiting = outbox.counts(self.store)
        last = account.read(self.store).last_exchange_at
        return State(link, waiting.pending, waiting.refused, waiting.quarantined, code, last)


def pause(failure: GuichetError | None, failures: int, poll_s: float | None) -> float:
    """Seconds until the next look: the usual time, what the server asked for within bounds, or a random one that may double each
    time, so that posts which lost the server together do not come back together.
    """
    if failure is None:
        asked = IDLE_S if poll_s is None else poll_s
        return random.uniform(0.8, 1.2) * min(max(asked, _SHORTEST_POLL_S), _LONGEST_POLL_S)
    if isinstance(failure, TryLater) and failure.retry_after_s:
        return random.uniform(1.0, 1.2) * min(failure.retry_after_s, _LONGEST_POLL_S)
    return random.uniform(_FIRST_WAIT_S / 2, min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(failures, 10)))


def _link(failure: GuichetError | None) -> Link:
    if failure is None:
        return Link.ONLINE
    return Link.SIGNED_OUT if isinstance(failure, SignInRefused) else Link.OFFLINE
