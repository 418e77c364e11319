"""Live hints as a post follows them: over real HTTP, with polls that would come far too late."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain, count, pairwise, repeat
from pathlib import Path
from queue import Queue
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from guichet_sync.central import schema
from guichet_sync.central.database import writing
from guichet_sync.client import clock, hints, pauses, runner, transport
from guichet_sync.client.auth import Tokens
from guichet_sync.client.engine import Exchange
from guichet_sync.client.events import Changes, Event, Link, State
from guichet_sync.client.hints import LONGEST_LINE, Hints, read
from guichet_sync.client.runner import Wake, Watch
from guichet_sync.client.transport import Transport
from guichet_sync.client.trust import BURST, FRUITLESS, Trust
from guichet_sync.domain.errors import BadReply, TryLater
from guichet_sync.domain.request import SyncState
from guichet_sync.domain.spaces import Role
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Hint
from guichet_sync.store import account, mirror
from tests.helpers.central import AGENT
from tests.helpers.desk_world import DeskWorld
from tests.helpers.desks import SyncedPost

Kind = TypeVar("Kind", bound=Event)
PATIENCE_S = 30.0
SOON_S = 0.05


@dataclass(slots=True)
class Watched:
    """A post's loop, running in a thread; ``came`` is what it told and has not been waited for yet."""

    world: DeskWorld
    wake: Wake = field(default_factory=Wake)
    came: Queue[Event] = field(default_factory=Queue)
    live: threading.Event = field(default_factory=threading.Event)
    silent: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[Watched]:
        store = self.world.desk.store
        with closing(Transport(self.world.server.url)) as line, closing(Transport(self.world.server.url)) as listening:
            tokens = Tokens(store, listening, lambda: clock.now().at)
            heard = Hints(lambda: tokens.using(listening.hints), lambda: self._stirred(heard))
            watch = Watch(store, Exchange(store, line, self.came.put), self.wake, self.came.put, heard)
            thread = threading.Thread(target=self._run, args=(watch,), name="guichet watch")
            thread.start()
            try:
                yield self
            finally:
                self.wake.end(lambda: None, PATIENCE_S)
                thread.join(PATIENCE_S)

    def _run(self, watch: Watch) -> None:
        try:
            watch.run()
        finally:
            self.wake.over()

    def _stirred(self, heard: Hints) -> None:
        (self.live if heard.live else self.silent).set()
        self.wake.stir()

    def wait_for(self, kind: type[Kind], suits: Callable[[Kind], bool] = lambda _event: True) -> Kind:
        """The next event of that kind that suits."""
        while True:
            event = self.came.get(timeout=PATIENCE_S)
            if isinstance(event, kind) and suits(event):
                return event

    def is_online(self) -> State:
        """The next exchange went well."""
        return self.wait_for(State, lambda state: state.link is Link.ONLINE)

    def listens(self) -> None:
        """Its stream is there."""
        assert self.live.wait(PATIENCE_S)


@pytest.fixture
def other(world: DeskWorld, synced_post: SyncedPost, tmp_path: Path) -> Iterator[DeskWorld]:
    """Another post of the same server."""
    with DeskWorld.of(synced_post.copied(tmp_path / "other"), world.server, world.faults) as made:
        yield made


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polls and retries are as soon as can be."""
    for name in ("SHORTEST_POLL_S", "LONGEST_POLL_S", "LONGEST_S"):
        monkeypatch.setattr(pauses, name, SOON_S)
    monkeypatch.setattr(hints, "_LONGEST_PAUSE_S", SOON_S)


def event(**heads: int) -> bytes:
    return b"data: %s\n\n" % codec.encode(Hint(heads))


def requests_came(change: Changes) -> bool:
    return change.space == "requests/TP" and change.records > 0


def test_what_one_post_captures_is_in_anothers_store_without_a_poll(world: DeskWorld, other: DeskWorld) -> None:
    with Watched(other).running() as watched:
        watched.is_online()
        watched.listens()
        captured = world.capture()
        assert world.exchange().accepted == 1
        watched.wait_for(Changes, requests_came)
        watched.is_online()
    assert other.seen(captured) == 1


def test_ones_own_capture_is_one_exchange_not_two(world: DeskWorld) -> None:
    with Watched(world).running() as watched:
        watched.is_online()
        watched.listens()
        captured = world.capture()
        watched.wake.now()
        watched.is_online()
        assert world.state(captured) is SyncState.SETTLED
        pushed = world.faults.count("/v1/intents")
        watched.wake.now()
        watched.is_online()
    assert (pushed, world.faults.count("/v1/intents")) == (1, 1)


def test_a_loop_ends_at_once_while_its_stream_is_silent(world: DeskWorld) -> None:
    world.faults.speak_next("/v1/hints", event(kb=0))
    with Watched(world).running() as watched:
        watched.listens()


@pytest.mark.usefixtures("brisk")
def test_a_stream_that_falls_silent_is_cut_and_the_post_polls_as_before(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "SILENCE_S", 0.2)
    world.faults.speak_next("/v1/hints", b"retry: 1\n\n", event(kb=0))
    world.faults.refuse_next("/v1/hints", 503, times=1_000)
    with Watched(world).running() as watched:
        watched.listens()
        assert watched.silent.wait(PATIENCE_S)
        before = world.faults.count("/v1/feed")
        while world.faults.count("/v1/feed") < before + 3:
            watched.is_online()


@pytest.mark.parametrize("status", [404, 405, 429, 503, 500, 200, 302])
@pytest.mark.usefixtures("brisk")
def test_a_server_without_hints_is_polled_and_asked_again(world: DeskWorld, status: int) -> None:
    world.faults.refuse_next("/v1/hints", status, {"Retry-After": "1"} if status == 429 else None, times=2)
    with Watched(world).running() as watched:
        watched.listens()
        assert world.faults.count("/v1/hints") >= 3
        watched.is_online()


@pytest.mark.usefixtures("brisk")
def test_a_server_that_comes_back_is_heard_again(world: DeskWorld) -> None:
    with Watched(world).running() as watched:
        watched.listens()
        world.server.stop()
        watched.wait_for(State, lambda state: state.link is Link.OFFLINE)
        watched.live.clear()
        world.server.start()
        watched.listens()
        watched.is_online()


@pytest.mark.usefixtures("brisk")
def test_a_role_that_changed_is_known_when_the_stream_begins_again(world: DeskWorld) -> None:
    held = world.faults.speak_next("/v1/hints", event(**{each.space: each.seq for each in mirror.cursors(world.desk.store)}))
    with Watched(world).running() as watched:
        watched.is_online()
        watched.listens()
        people = schema.person
        with writing(world.server.engine) as connection:
            connection.execute(update(people).where(people.c.name == AGENT).values(role=Role.AUTHOR))
        held.let_go()
        watched.wait_for(Changes, lambda change: change.space == "requests/TP" and change.records == 0)
    assert not any(each.space.startswith("requests/") for each in mirror.cursors(world.desk.store))


def test_hints_without_news_are_as_good_as_an_exchange(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_CONFIRM_S", 0.0)
    monkeypatch.setattr(runner, "IDLE_S", SOON_S)
    with Watched(world).running() as watched:
        watched.is_online()
        watched.listens()
        first = watched.is_online()
        asked = world.faults.count("/v1/feed")
        later = watched.wait_for(State, lambda state: state.last_exchange_at != first.last_exchange_at)
        assert later.link is Link.ONLINE
        assert world.faults.count("/v1/feed") <= asked + 1


def test_what_was_captured_without_a_wake_leaves_all_the_same(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "IDLE_S", SOON_S)
    monkeypatch.setattr(runner, "SHORTEST_POLL_S", 0.0)
    with Watched(world).running() as watched:
        watched.is_online()
        watched.listens()
        captured = world.capture()
        watched.wait_for(Changes, requests_came)
    assert world.at_server(captured) == 1


def test_a_server_that_hints_for_ever_does_not_keep_a_post_busy(world: DeskWorld) -> None:
    lies = [event(kb=2**40 + rank) for rank in range(300)]
    held = world.faults.speak_next("/v1/hints", *lies, every_s=0.005)
    with Watched(world).running() as watched:
        for _ in range(1 + FRUITLESS):
            watched.is_online()
        assert held.arrived.wait(PATIENCE_S)  # all is said
        watched.wake.now()
        watched.is_online()
        assert world.faults.count("/v1/feed") == 1 + FRUITLESS + 1


@pytest.mark.parametrize(
    "said",
    [
        b"data: " + b"x" * (LONGEST_LINE * 2),
        b"data: " + b"x" * LONGEST_LINE + b"\ndata: y\n\n",
        b"data: \xff\xfe\x00\n\n",
        b"data: [1]\n\n",
        b'data: {"heads": {"kb": -1}}\n\n',
        b'data: {"heads": {"kb": 9007199254740993}}\n\n',
        b'data: {"heads": {"": 1}}\n\n',
        b'data: {"heads": {"kb": "1"}}\n\n',
        b"data: " + b"[" * 10_000 + b"\n\n",
        b"\n" * 10_000,
        b":\n" * 10_000,
        b"\x00\x01\x02" * 50_000,
    ],
    ids=range(12),
)
@pytest.mark.usefixtures("brisk")
def test_a_stream_that_is_not_the_protocol_is_left_and_tried_again(world: DeskWorld, said: bytes) -> None:
    world.faults.speak_next("/v1/hints", said)
    with Watched(world).running() as watched:
        watched.listens()  # which is the next one: nothing of the first was believed
        watched.is_online()
    assert world.faults.count("/v1/hints") >= 2


def test_an_endless_stream_is_given_up_within_bounds() -> None:
    taken = count()

    def counted(pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            next(taken)
            yield piece

    for pieces in (repeat(b"x" * 1_000), repeat(event(kb=1)), repeat(b":\n\n"), repeat(b"data: 1\n")):
        with pytest.raises(BadReply):
            for _ in read(counted(pieces), lambda: 0.0):
                pass
    assert next(taken) < 20_000


def test_too_many_spaces_are_not_kept(world: DeskWorld) -> None:
    pieces = [event(**{f"requests/{rank}-{each}": 0 for each in range(100)}) for rank in range(30)]
    world.faults.speak_next("/v1/hints", *pieces)
    with Watched(world).running() as watched:
        watched.listens()
        assert watched.silent.wait(PATIENCE_S)
        watched.is_online()


@given(pieces=st.lists(st.binary(max_size=200)))
def test_no_bytes_are_more_than_a_bad_reply(pieces: list[bytes]) -> None:
    try:
        for heads in read(pieces, lambda: 0.0):
            assert all(isinstance(head, int) for head in heads.values())
    except BadReply:
        pass


@given(cuts=st.lists(st.integers(0, 200)), ending=st.sampled_from([b"\n", b"\r\n"]))
def test_where_a_stream_is_cut_into_pieces_changes_nothing(cuts: list[int], ending: bytes) -> None:
    said = b"retry: 2000\n\n" + event(kb=3, places=4) + b":\n\n" + b"event: x\nid: 7\n" + event(kb=5)
    whole = said.replace(b"\n", ending)
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    pieces = [whole[start:end] for start, end in pairwise(edges)]
    assert dict(chain.from_iterable(heads.items() for heads in read(pieces))) == {"kb": 5, "places": 4}


def test_hints_that_come_in_storms_are_followed_ever_more_seldom() -> None:
    trust, now = Trust(), 1_000.0
    followed = 0
    for _ in range(2_000):
        if trust.follow(now) == 0:
            followed += 1
            trust.weigh(now, 0.1, fruitful=True)
        now += 0.01
    assert 20 <= followed <= 20 / 0.05 + 20  # after the first few, a rest of at least half of what an exchange takes
    spent = Trust()
    assert [spent.follow(now) for _ in range(int(BURST))] == [0.0] * int(BURST)
    assert 0 < spent.follow(now) <= 1


def test_hints_that_bring_nothing_are_believed_again_once_something_came() -> None:
    trust = Trust()
    for _ in range(FRUITLESS):
        assert trust.given
        assert trust.follow(0.0) == 0
        trust.weigh(0.0, 0.01, fruitful=False)
    assert not trust.given
    trust.weigh(0.0, 0.01, fruitful=True)
    assert trust.given


def spread(waits: list[float], window_s: float) -> int:
    """The most of these that fall into one window."""
    return max(sum(start <= each < start + window_s for each in waits) for start in waits)


@pytest.mark.parametrize("asked_s", [None, 30.0])
def test_sixty_posts_that_lost_the_server_do_not_come_back_together(asked_s: float | None) -> None:
    failure = TryLater(retry_after_s=asked_s)
    waits = [pauses.pause(failure, 8, None) for _ in range(60)]
    assert min(waits) >= (asked_s or 0)
    assert spread(waits, 6.0) <= 30


def test_what_is_large_goes_packed_once_the_server_has_said_how(world: DeskWorld) -> None:
    account.change(world.desk.store, token="")
    for rank in range(3):
        world.capture(f"Un trou de plus, le {rank + 1}e " * 40)
    assert world.exchange().accepted == 3
    first = len(world.faults.packed)
    assert first
    world.capture("Un trou de plus " * 100)
    assert world.exchange().accepted == 1  # by another connection, with the same token
    assert len(world.faults.packed) > first
    assert set(world.faults.packed) == {"zstd"}


def test_where_something_on_the_way_takes_nothing_packed_it_goes_plain(world: DeskWorld) -> None:
    account.change(world.desk.store, token="")
    world.capture("Un trou de plus " * 100)
    world.faults.refuse_next("/v1/intents", 415)
    assert world.exchange().accepted == 1
    assert world.faults.count("/v1/intents") == 2
