"""After an update without a network, the mirror's content is there; what the network then brings differs in nothing."""

from __future__ import annotations

import pytest

from guichet_sync.client.events import Changes, Progress
from guichet_sync.domain.errors import Unreachable
from guichet_sync.store import catalogue, mirror, repairs, schema
from guichet_sync.store.database import writing
from guichet_sync.store.post import PostStore
from tests.helpers.desk_world import DeskWorld


def _sums(store: PostStore) -> dict[str, object]:
    return {space: repairs.sums(store, space) for space in mirror.spaces(store)}


def _another_version(world: DeskWorld) -> None:
    for engine in (world.desk.store.public, world.desk.store.people):
        with writing(engine) as connection:
            schema.stamp(connection, schema.MIRROR_VERSION + 1)
    world.reopen()


@pytest.fixture
def updated(world: DeskWorld) -> DeskWorld:
    """A post that was synced, updated, and has no server now."""
    assert world.exchange().failure is None
    world.faults.asked.clear()
    _another_version(world)
    world.server.stop()
    return world


def test_the_first_exchange_of_a_new_version_shows_everything_without_a_server(updated: DeskWorld) -> None:
    store = updated.desk.store
    assert catalogue.figures(store) == catalogue.Figures(0, 0, 0, 0)
    assert isinstance(updated.exchange().failure, Unreachable)
    assert catalogue.figures(store).addresses == 2785
    assert updated.told(Progress)
    assert {event.space for event in updated.told(Changes) if isinstance(event, Changes)} == mirror.spaces(store)


def test_what_was_brought_over_is_what_the_server_holds(updated: DeskWorld) -> None:
    updated.exchange()
    before = _sums(updated.desk.store)
    updated.server.start()
    result = updated.exchange()
    assert (result.failure, result.received) == (None, 0)
    assert updated.faults.count("/v1/bucket") == 0
    assert updated.faults.count("/v1/checksums") == len(mirror.cursors(updated.desk.store))
    assert _sums(updated.desk.store) == before


def test_what_is_stopped_half_way_goes_on_at_the_next_exchange(updated: DeskWorld) -> None:
    said: list[bool] = []
    updated.heard = lambda event: said.append(isinstance(event, Progress))
    updated.exchange(lambda: any(said))
    assert 0 < len(mirror.cursors(updated.desk.store)) < 9
    updated.reopen()
    updated.exchange()
    assert catalogue.figures(updated.desk.store).addresses == 2785
    updated.server.start()
    assert updated.exchange().received == 0
