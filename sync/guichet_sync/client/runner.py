"""The loop of the exchange process: woken by a line, by a hint, by the clock, or ended by its input's end."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from guichet_sync.domain.errors import AnotherServer, GuichetError, NotEnrolled, SignInRefused, StoreDamaged, WrongKey
from guichet_sync.store import account, outbox
from guichet_sync.store.post import PostStore

from . import clock
from .clock import Moment
from .engine import Exchange
from .events import Event, Link, State
from .hints import Hints
from .pauses import IDLE_S, LONG_S, SHORTEST_POLL_S, around, asked_s, pause
from .trust import Trust

END_S = 1.5
"""How long an end may take. What is on the disk is whole at any instant: nothing is lost by an end that does not wait."""
_CONFIRM_S = 60.0
"""How often hints that tell of no news are noted down as what they are: the copy is up to date."""
_HOPELESS = (AnotherServer, NotEnrolled, StoreDamaged, WrongKey)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Wake:
    """How other threads speak to the loop."""

    _event: threading.Event = field(default_factory=threading.Event)
    _ending: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _asked: threading.Event = field(default_factory=threading.Event)

    def now(self) -> None:
        """Exchange at once, or at once again after the exchange under way."""
        self._asked.set()
        self._event.set()

    def stir(self) -> None:
        """Something changed that the loop may want to look at."""
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

    def wait(self, seconds: float) -> bool:
        """Until woken or stirred, or for so long. Whether somebody asked for an exchange since that was last told."""
        self._event.wait(seconds)
        self._event.clear()
        asked = self._asked.is_set()
        self._asked.clear()
        return asked


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
    """Exchanges again and again until told to end; states and results go to ``tell``. Where ``hints`` come, they say when, and
    the clock asks seldom.
    """

    store: PostStore
    exchange: Exchange
    wake: Wake
    tell: Callable[[Event], None]
    hints: Hints | None = None
    moment: Callable[[], Moment] = clock.now
    _failures: int = 0
    _failure: GuichetError | None = None
    _at: dict[str, int] = field(default_factory=dict)
    _trust: Trust = field(default_factory=Trust)
    _looked_at: float = 0.0
    _confirmed_at: float = 0.0

    def run(self) -> None:
        """Go on until told to end.

        :raises AnotherServer, NotEnrolled, WrongKey, StoreDamaged: going on would help nobody until a person did something.
        """
        try:
            while not self.wake.ended():
                self._rest(self._once())
        finally:
            if self.hints is not None:
                self.hints.close()

    def _once(self) -> float:
        """One exchange, whatever comes of it; how long to wait for the next, in seconds."""
        poll_s: float | None = None
        try:
            if not self._trust.hinted:  # nobody waits for what others did
                self.tell(self._state(Link.WORKING))
            result = self.exchange.run_once(self.wake.ended)
            failure, poll_s = result.failure, result.poll_after_s
            self._at = result.cursor
            self._trust.weigh(time.monotonic(), result.elapsed_ms / 1000, fruitful=result.received > 0)
        except GuichetError as error:
            failure = error
        except BrokenPipeError:  # nobody hears us any more
            raise
        except Exception as error:  # noqa: BLE001 - the top loop of the exchange: one that failed must not be the last
            _log.exception("an exchange failed")
            failure = GuichetError(kind=type(error).__name__)
        if isinstance(failure, _HOPELESS):
            raise failure
        self._failure, self._failures = failure, self._failures + 1 if failure else 0
        self._looked_at = self._confirmed_at = time.monotonic()
        if not self.wake.ended():
            self.tell(self._state(_link(failure), failure.code if failure else ""))
            if self.hints is not None:
                self.hints.welcome(answered=failure is None)
        return pause(failure, self._failures, poll_s)

    def _rest(self, pause_s: float) -> None:
        """Until it is time, somebody asks, or hints tell of news. What the server asked for, nobody cuts short."""
        heeded, held = self._heeded(), asked_s(self._failure) > 0
        until = time.monotonic() + (around(LONG_S) if heeded else pause_s)
        step_s = IDLE_S
        while not self.wake.ended() and (left := until - time.monotonic()) > 0:
            asked = self.wake.wait(min(left, step_s) if heeded else left)
            before, heeded = heeded, self._heeded()
            step_s = self._step_s() if heeded else IDLE_S
            if (asked and not held) or not step_s:
                return
            if heeded != before:  # hints began, or fell silent: for all posts at the same instant, perhaps
                until = time.monotonic() + (around(LONG_S) if heeded else random.uniform(0, pause_s))
            elif heeded and time.monotonic() - self._confirmed_at >= _CONFIRM_S:
                self._confirm()

    def _heeded(self) -> bool:
        """Whether hints say when to exchange."""
        return self.hints is not None and self.hints.live and self._failure is None and self._trust.given

    def _step_s(self) -> float:
        """How long to go on listening; not at all if hints tell of news, or if work waits that nobody woke us for."""
        now = time.monotonic()
        if self.hints is not None and self.hints.news(self._at):
            return min(self._trust.follow(now), IDLE_S)
        waited = now - self._looked_at >= SHORTEST_POLL_S
        return 0.0 if waited and outbox.counts(self.store).pending else IDLE_S

    def _confirm(self) -> None:
        """Hints come and tell of no news: that is what an exchange would say."""
        self._confirmed_at = time.monotonic()
        account.confirm(self.store, self.moment().at)
        self.tell(self._state(Link.ONLINE))

    def _state(self, link: Link, code: str = "") -> State:
        waiting = outbox.counts(self.store)
        last = account.read(self.store).last_exchange_at
        return State(link, waiting.pending, waiting.refused, waiting.quarantined, code, last)


def _link(failure: GuichetError | None) -> Link:
    if failure is None:
        return Link.ONLINE
    return Link.SIGNED_OUT if isinstance(failure, SignInRefused) else Link.OFFLINE
