from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator

import pytest
import zstandard
from sqlalchemy import delete

from guichet_sync.central import schema
from guichet_sync.central.database import writing
from guichet_sync.client.events import Event, Progress
from guichet_sync.domain.errors import BadReply, GuichetError, ServerRefused, SignInRefused, TryLater, Unreachable
from guichet_sync.store import catalogue, mirror
from tests.helpers.desk_world import DeskWorld

FILES = "/v1/snapshot-files"


def addresses(world: DeskWorld) -> int:
    return catalogue.figures(world.desk.store).addresses


def cursor(world: DeskWorld) -> int:
    """How far the post has read the city's places."""
    return next((each.seq for each in mirror.cursors(world.desk.store) if each.space == "places"), 0)


@pytest.fixture
def placeless(world: DeskWorld) -> Iterator[DeskWorld]:
    """A post that lost its places, of which there are so many that they come as a snapshot."""
    world.exchange()
    mirror.forget(world.desk.store, "places")
    world.faults.asked.clear()
    yield world
    world.faults.heal()
    result = world.exchange()
    assert (result.failure, addresses(world), cursor(world) > 0) == (None, 2785, True)


@pytest.mark.parametrize("after", [1, 20_000, 40_000])
def test_a_broken_snapshot_goes_on_from_where_it_broke(placeless: DeskWorld, after: int) -> None:
    placeless.faults.cut_next_reply(FILES, after)
    result = placeless.exchange()
    assert (result.failure, addresses(placeless)) == (None, 2785)
    assert placeless.faults.count(FILES) == 2
    assert placeless.faults.ranges == [f"bytes={after}-"]


def test_a_snapshot_that_breaks_at_every_step_still_comes_whole(placeless: DeskWorld) -> None:
    for _ in range(5):
        placeless.faults.cut_next_reply(FILES, 5_000)
    assert placeless.exchange().failure is None
    assert placeless.faults.count(FILES) == 6


def test_a_connection_that_brings_nothing_twice_is_given_up(placeless: DeskWorld) -> None:
    placeless.faults.cut_next_reply(FILES, 1_000)
    placeless.faults.cut_next_reply(FILES, 0)
    placeless.faults.cut_next_reply(FILES, 0)
    assert isinstance(placeless.exchange().failure, Unreachable)
    assert cursor(placeless) == 0


def test_a_busy_server_is_not_asked_for_the_rest_at_once(placeless: DeskWorld) -> None:
    placeless.faults.cut_next_reply(FILES, 1_000)
    placeless.faults.refuse_next(FILES, 503, {"Retry-After": "9"})
    failure = placeless.exchange().failure
    assert isinstance(failure, TryLater)
    assert (failure.retry_after_s, placeless.faults.count(FILES)) == (9, 2)


def test_a_token_that_ends_during_a_snapshot_is_renewed_for_the_rest(placeless: DeskWorld) -> None:
    def end_tokens() -> None:
        with writing(placeless.server.engine) as connection:
            connection.execute(delete(schema.token))

    placeless.faults.cut_next_reply(FILES, 10_000)
    placeless.faults.before_next(FILES, end_tokens)
    assert placeless.exchange().failure is None
    assert placeless.faults.count("/v1/tokens") == 1
    assert placeless.faults.count(FILES) == 3


def test_a_person_who_loses_their_rights_during_a_snapshot_gets_no_more_of_it(placeless: DeskWorld) -> None:
    placeless.faults.cut_next_reply(FILES, 10_000)
    placeless.faults.refuse_next(FILES, 401, code="account_disabled")
    assert isinstance(placeless.exchange().failure, SignInRefused)
    assert cursor(placeless) == 0


def test_a_snapshot_replaced_while_it_comes_is_followed_by_the_next_one_in_the_same_exchange(placeless: DeskWorld) -> None:
    def replace() -> None:
        shutil.rmtree(placeless.server.settings.snapshots)
        placeless.server.settings.snapshots.mkdir()

    placeless.faults.cut_next_reply(FILES, 10_000)
    placeless.faults.before_next(FILES, replace)
    assert placeless.exchange().failure is None
    assert placeless.faults.count("/v1/snapshots") == 2
    assert addresses(placeless) == 2785


def test_a_snapshot_that_is_never_there_is_not_asked_for_for_ever(placeless: DeskWorld) -> None:
    placeless.faults.refuse_next(FILES, 404, code="snapshot_not_found", times=10)
    failure = placeless.exchange().failure
    assert isinstance(failure, ServerRefused)
    assert failure.code == "snapshot_not_found"
    assert placeless.faults.count(FILES) == 3


def _repacked(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    def repack(packed: bytes) -> bytes:
        lines = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)).read().splitlines(keepends=True)
        return zstandard.compress(b"".join(change(lines)))

    return repack


def _bomb(_packed: bytes) -> bytes:
    return zstandard.compress(bytes(200_000_000))


@pytest.mark.parametrize(
    "lie",
    [
        _repacked(lambda lines: [line.replace(b"Rue", b"Run") for line in lines]),
        _repacked(lambda lines: lines[:-1]),
        _repacked(lambda lines: lines + lines[-1:]),
        _repacked(lambda lines: [*lines[:50], b"{}\n", *lines[51:]]),
        _repacked(lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")]),
        lambda packed: packed[:9_000] + b"\x00" * 100 + packed[9_100:],
        lambda packed: packed + b"\x00",
        lambda packed: b"" * len(packed),
        _bomb,
    ],
    ids=["other words", "one less", "one more", "not a record", "no last line end", "damaged", "longer", "empty", "bomb"],
)
def test_of_a_snapshot_that_is_not_the_one_announced_nothing_is_kept(placeless: DeskWorld, lie: Callable[[bytes], bytes]) -> None:
    placeless.faults.rewrite_next(FILES, lie, times=4)
    failure = placeless.exchange().failure
    assert isinstance(failure, BadReply)
    assert (addresses(placeless), cursor(placeless)) == (0, 0)


@pytest.mark.parametrize(
    "lie",
    [
        {"space": "kb"},
        {"epoch": "another"},
        {"seq": 0},
        {"seq": 2**60},
        {"parts": []},
        {"parts": [{"bytes": 9, "records": 1, "digest": "0" * 64}]},
        {"digest": "0" * 64},
        {"digest": "../../etc/passwd"},
    ],
    ids=str,
)
def test_a_manifest_that_lies_changes_nothing(placeless: DeskWorld, lie: dict[str, object]) -> None:
    articles = catalogue.figures(placeless.desk.store).articles
    placeless.faults.rewrite_next("/v1/snapshots", lambda body: json.dumps(json.loads(body) | lie).encode(), times=4)
    assert isinstance(placeless.exchange().failure, BadReply | ServerRefused)
    assert (addresses(placeless), cursor(placeless)) == (0, 0)
    assert catalogue.figures(placeless.desk.store).articles == articles


@pytest.mark.parametrize(
    ("place", "lie"),
    [
        (0, {"bytes": -1}),
        (1, {"bytes": 10**18}),
        (0, {"bytes": 20_000}),
        (0, {"records": -1}),
        (0, {"records": 1}),
        (1, {"records": 10**9}),
        (0, {"digest": "0" * 64}),
        (0, {"digest": "../../etc/passwd"}),
    ],
    ids=str,
)
def test_of_a_part_that_is_not_the_one_announced_nothing_is_kept(
    placeless: DeskWorld, place: int, lie: dict[str, object]
) -> None:
    def told(body: bytes) -> bytes:
        said = json.loads(body)
        said["parts"][place] |= lie
        return json.dumps(said).encode()

    placeless.faults.rewrite_next("/v1/snapshots", told, times=4)
    assert isinstance(placeless.exchange().failure, BadReply)
    assert (addresses(placeless), cursor(placeless)) == (0, 0)


def test_a_part_that_proved_right_stays_when_the_next_one_does_not(placeless: DeskWorld) -> None:
    def damaged(packed: bytes) -> bytes:
        return packed[:-50] + bytes(50)

    placeless.faults.rewrite_next(FILES, damaged)
    assert isinstance(placeless.exchange().failure, BadReply)
    assert 0 < addresses(placeless) < 2785
    assert cursor(placeless) == 0
    placeless.faults.ranges.clear()
    assert placeless.exchange().failure is None
    (start,) = placeless.faults.ranges
    assert int(start.removeprefix("bytes=").rstrip("-")) > 10_000


def test_a_first_mirror_that_is_cancelled_leaves_what_came_usable_and_is_taken_up_later(placeless: DeskWorld) -> None:
    asked: list[bool] = []

    def hear(event: Event) -> None:
        asked.extend([True] * isinstance(event, Progress))

    placeless.heard = hear
    result = placeless.exchange(lambda: bool(asked))
    assert result.failure is None
    assert 0 < addresses(placeless) < 2785
    assert cursor(placeless) == 0
    assert placeless.capture().provisional_number
    placeless.faults.ranges.clear()
    assert placeless.exchange().failure is None
    assert len(placeless.faults.ranges) == 1


def test_the_progress_of_a_first_mirror_is_told_and_ends_at_its_total(placeless: DeskWorld) -> None:
    placeless.exchange()
    told = [event for event in placeless.events if isinstance(event, Progress) and event.space == "places"]
    assert [event.done for event in told] == sorted(event.done for event in told)
    assert (told[-1].done, told[-1].total) == (2798, 2798)


def test_no_failure_of_a_snapshot_is_anything_but_one_of_ours(placeless: DeskWorld) -> None:
    placeless.faults.answer_next(FILES, b"<html>", 206, times=2)
    assert isinstance(placeless.exchange().failure, GuichetError)
