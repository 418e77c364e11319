from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet_sync.client import events, runner
from guichet_sync.client.engine import Exchange
from guichet_sync.client.events import Changes, Event, Link, Progress, Refused, Settled, State
from guichet_sync.client.pauses import pause
from guichet_sync.client.refusals import seconds
from guichet_sync.client.runner import Wake, Watch, listen
from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import BadReply, GuichetError, SignInRefused, StoreBusy, TryLater, Unreachable
from tests.helpers.desk_world import DeskWorld
from tests.helpers.strictness import Records

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
failures = st.sampled_from([None, Unreachable(), BadReply(), SignInRefused(), GuichetError(), StoreBusy()])
any_seconds = st.one_of(st.none(), st.floats(allow_nan=False))


@given(failure=failures, count=st.integers(0, 10**6), poll_s=any_seconds)
def test_no_pause_is_longer_than_minutes_nor_short_where_all_is_well(
    failure: GuichetError | None, count: int, poll_s: float | None
) -> None:
    assert (0 if failure else 4) <= pause(failure, count, poll_s) <= 360


@given(asked=st.floats(min_value=0.001, max_value=1e300))
def test_a_busy_server_is_left_alone_as_long_as_it_asks_but_never_for_ever(asked: float) -> None:
    waited = pause(TryLater(retry_after_s=asked), 1, None)
    assert min(asked, 300) <= waited <= 360


def test_the_pause_of_posts_that_lost_the_server_together_spreads_and_grows() -> None:
    early = [pause(Unreachable(), 1, None) for _ in range(200)]
    late = [pause(Unreachable(), 9, None) for _ in range(200)]
    assert max(early) <= 2 < max(late) <= 60
    assert min(late) < 20
    assert len(set(late)) == len(late)


def test_the_server_says_how_often_to_ask() -> None:
    assert 80 <= pause(None, 0, 100.0) <= 120
    assert 12 <= pause(None, 0, None) <= 18


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("9" * 400, 999_999_999.0),
        ("Tue, 24 Nov 2026 15:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2020 15:00:30 GMT", 0.0),
        ("Tue, 24 Nov 2026 15:00:30", None),
        ("", None),
        ("²", None),
        ("-3", None),
        ("bientôt", None),
    ],
)
def test_retry_after_is_a_number_or_a_date_or_nothing(header: str, meant: float | None) -> None:
    assert seconds(header, NOW) == meant


@given(header=st.text())
def test_no_retry_after_breaks_anything(header: str) -> None:
    assert (seconds(header, NOW) or 0.0) >= 0


@pytest.mark.parametrize(
    "event",
    [
        State(Link.OFFLINE, 3, 1, 0, "unreachable", NOW),
        Progress("kb", 3, 9),
        Changes("kb", ("article",), 9),
        Settled("i", "C07-0142-V", "26-000123"),
        Refused("i", "unknown_category"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_is_one_line_and_comes_back_the_same(event: Event) -> None:
    line = events.encode(event)
    assert "\n" not in line
    assert events.decode(line) == event


@pytest.mark.parametrize("line", ["", "{}", "[]", '{"event": "dance"}', '{"event": ["state"]}', '{"event": "state"}', "\x00"])
def test_a_line_that_is_no_event_is_told_as_such(line: str) -> None:
    with pytest.raises(BadReply):
        events.decode(line)


def watched(world: DeskWorld, times: int, hear: Callable[[Event], None] = lambda _event: None) -> list[State]:
    """What a watch says after each of so many exchanges, whose own events go to ``hear``; it is woken at once after each."""
    wake, told = Wake(), list[State]()

    def tell(event: Event) -> None:
        assert isinstance(event, State)
        if event.link is not Link.WORKING:
            told.append(event)
            wake.now()
            if len(told) == times:
                wake.over()
                wake.end(lambda: None)

    with closing(Transport(world.server.url)) as line:
        Watch(world.desk.store, Exchange(world.desk.store, line, hear), wake, tell).run()
    return told


def test_an_unforeseen_exception_is_logged_and_told_and_the_watch_goes_on(world: DeskWorld, expected_logs: Records) -> None:
    world.capture()

    def stumble(event: Event) -> None:
        if isinstance(event, Changes):
            raise ZeroDivisionError("secret")

    states = watched(world, 2, stumble)
    assert [(each.link, each.code) for each in states] == [(Link.OFFLINE, "unexpected"), (Link.ONLINE, "")]
    assert expected_logs.lines == ["guichet_sync.client.runner: an exchange failed"]


def test_the_last_exchange_moves_with_success_alone(world: DeskWorld) -> None:
    world.faults.refuse_next("/v1/feed", 503)
    first, second = watched(world, 2)
    assert (first.link, first.code, second.link) == (Link.OFFLINE, "try_later", Link.ONLINE)
    assert first.last_exchange_at is not None
    assert second.last_exchange_at is not None
    assert first.last_exchange_at < second.last_exchange_at


def test_a_refused_sign_in_is_told_as_signed_out(world: DeskWorld) -> None:
    world.faults.refuse_next("/v1/feed", 401, code="enrolment_revoked")
    [state] = watched(world, 1)
    assert (state.link, state.code) == (Link.SIGNED_OUT, "enrolment_revoked")


def test_a_watch_that_nobody_hears_ends(world: DeskWorld) -> None:
    world.capture()

    def nobody(_event: Event) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        watched(world, 2, nobody)


def test_lines_wake_and_their_end_ends() -> None:
    wake, late = Wake(), threading.Event()
    thread = listen(["wake\n", "stop\n", "wake\n"], wake, late.set)
    wake.wait(30)
    assert wake.ended()
    wake.over()
    thread.join(30)
    assert not late.is_set()


def test_an_end_that_does_not_come_is_made() -> None:
    late = threading.Event()
    Wake().end(late.set, grace_s=0)
    assert late.is_set()
    assert runner.END_S < 5


@pytest.mark.parametrize(
    ("failure", "cut_short"), [(None, True), (Unreachable(), True), (TryLater(), True), (TryLater(retry_after_s=9), False)]
)
def test_what_the_server_asked_for_is_waited_for_whoever_asks(
    world: DeskWorld, failure: GuichetError | None, cut_short: bool
) -> None:
    wake = Wake()
    with closing(Transport(world.server.url)) as line:
        watch = Watch(world.desk.store, Exchange(world.desk.store, line), wake, lambda _event: None, _failure=failure)
        wake.now()
        begun, pause_s = time.monotonic(), 3_600.0 if cut_short else 0.2
        watch._rest(pause_s)
    assert (time.monotonic() - begun >= pause_s) is not cut_short
