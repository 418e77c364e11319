"""One change, from a capture to another post's store: two real exchange processes, live hints, a real server, over loopback."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guichet_desktop.desk import capture, enrolment
from guichet_desktop.desk.desk import Desk
from guichet_desktop.loopback import DEMO_PASSWORD
from guichet_sync.client.engine import Exchange
from guichet_sync.client.events import Changes, Event, Link, State
from guichet_sync.client.transport import Transport
from guichet_sync.domain.location import Whereabouts
from guichet_sync.protocol.messages import FeedReply, FeedRequest
from guichet_sync.store import projection
from tests.helpers.central import AGENT, CLERK, SECOND_AGENT
from tests.helpers.desks import filled
from tests.helpers.posts import new_profile
from tests.helpers.watching import Watching, keys_line

from .full_city import served
from .report import Row, Spread

CHANGES = 300
_LEAST = 10
_END_TO_END_MS, _APPLY_MS = 50, 5
_AT = Whereabouts(label="Angle Principale et du Moulin", lat=45.51, lon=-73.62)


@dataclass(slots=True)
class _Seconds:
    """From the key that saves, and from when it is saved, until another post's store has it; pull and apply alone."""

    from_key: list[float] = field(default_factory=list)
    from_saved: list[float] = field(default_factory=list)
    pull_and_apply: list[float] = field(default_factory=list)


def measure(folder: Path, scale: float) -> list[Row]:
    """Rows of the report."""
    seconds, chance = _Seconds(), random.Random(1976)
    with ExitStack() as opened:
        city = opened.enter_context(served(folder / "central"))
        opened.enter_context(city.central.running())
        desks = [opened.enter_context(_synced(folder / user, city.central.url, user)) for user in (AGENT, SECOND_AGENT, CLERK)]
        (clerk, sends), (other, hears), (third, _) = desks
        sending, hearing = (opened.enter_context(_watched(line, desk)) for line, desk in ((sends, clerk), (hears, other)))
        transport = opened.enter_context(closing(_Clocked(city.central.url)))
        for _ in range(max(_LEAST, round(CHANGES * scale))):
            time.sleep(chance.uniform(0.05, 0.8))  # a server that is quiet, or has just been busy
            _one(clerk, sending, other, hearing, seconds)
            seconds.pull_and_apply.append(_pulled(third, transport))
    title = f"to another post's store, {len(seconds.from_key)} changes"
    return [
        *Spread.of(seconds.from_key).rows(f"from the key that saves {title}", _END_TO_END_MS),
        *Spread.of(seconds.from_saved).rows(f"from when it is saved {title}"),
        *Spread.of(seconds.pull_and_apply).rows("pull and apply one change, alone", _APPLY_MS),
    ]


@contextmanager
def _synced(path: Path, url: str, user: str) -> Iterator[tuple[Desk, str]]:
    """A desk whose post mirrors the city, and the line that brings its keys to an exchange process."""
    profile = new_profile(path)
    with closing(enrolment.enrol(profile, url, user, DEMO_PASSWORD)) as desk, closing(Transport(url)) as transport:
        result = Exchange(desk.store, transport).run_once()
        if result.failure is not None:
            raise result.failure
        yield desk, keys_line(profile, desk.store.person)


@contextmanager
def _watched(line: str, desk: Desk) -> Iterator[Watching]:
    with Watching.started(desk.store.folder.path, line) as child:
        child.wait_for(State, link=Link.ONLINE)
        yield child


def _one(clerk: Desk, sending: Watching, other: Desk, hearing: Watching, seconds: _Seconds) -> None:
    draft = filled(clerk, "NDP", {"dim": "petit"}, at=_AT, description="Un trou au coin de la rue")
    begun = time.perf_counter()
    captured = capture.submit(clerk, draft)
    saved = time.perf_counter()
    sending.say("wake")
    while "request" not in hearing.wait_for(Changes).kinds:
        pass
    arrived = time.perf_counter()
    projection.request(other.store, captured.provisional_number)  # raises where it is not there
    sending.wait_for(State, link=Link.ONLINE, pending=0)
    seconds.from_key.append(arrived - begun)
    seconds.from_saved.append(arrived - saved)


class _Clocked(Transport):
    """Knows when an exchange first asked for news; ``asked`` is to be emptied before each."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.asked: list[float] = []

    def pull(self, token: str, request: FeedRequest) -> FeedReply:
        """As every transport."""
        self.asked.append(time.perf_counter())
        return super().pull(token, request)


def _pulled(desk: Desk, transport: _Clocked) -> float:
    """An exchange of a post that is behind by one change: seconds from its asking for news until it tells that they are in."""
    told: list[float] = []

    def hear(event: Event) -> None:
        if isinstance(event, Changes):
            told.append(time.perf_counter())

    transport.asked.clear()
    result = Exchange(desk.store, transport, hear).run_once()
    if result.failure is not None:
        raise result.failure
    return told[-1] - transport.asked[0]
