from __future__ import annotations

import random

import pytest

from guichet_desktop.desk.capture import Captured
from guichet_sync.client.events import Link, State
from guichet_sync.store import catalogue, health, mirror, outbox
from tests.helpers.desk_world import DeskWorld
from tests.helpers.watching import Watching, keys_line

_LATEST = 9
"""Those of the last rounds are looked at after each kill, all of them at the end."""


def kill_again_and_again(world: DeskWorld, times: int, chance: random.Random) -> None:
    """Each time, the post has lost its places and has three requests to send; the exchange dies somewhere on the way."""
    captured: list[Captured] = []
    line = keys_line(world.profile, world.desk.store.person)
    for _ in range(times):
        mirror.forget(world.desk.store, "places")
        captured += [world.capture(f"Trou {len(captured)}") for _ in range(3)]
        with Watching.started(world.desk.store.folder.path, line) as child:
            child.wait_for(State, link=Link.WORKING)
            child.killed(after_s=chance.uniform(0, 0.5))
        assert {world.seen(each) for each in captured[-_LATEST:]} == {1}

    assert world.exchange().failure is None
    assert [world.at_server(each) for each in captured] == [1] * len(captured)
    assert {world.seen(each) for each in captured} == {1}
    assert len({each.provisional_number for each in captured}) == len(captured)
    assert outbox.items(world.desk.store) == ()
    held = catalogue.figures(world.desk.store)
    assert (held.addresses, held.requests) == (2785, 42 + len(captured))
    assert all(each.sound for each in health.files(world.desk.store))


def test_kill_9_during_a_first_mirror_or_a_push_loses_nothing_and_doubles_nothing(world: DeskWorld) -> None:
    kill_again_and_again(world, 6, random.Random(1976))


@pytest.mark.full
def test_two_hundred_kills_lose_nothing_and_double_nothing(world: DeskWorld) -> None:
    kill_again_and_again(world, 200, random.Random())
