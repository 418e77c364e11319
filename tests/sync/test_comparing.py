"""A mirror that is not what the server holds finds out and is made equal, at the cost of what differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from guichet_sync.central import instance
from guichet_sync.central.database import writing as at_server
from guichet_sync.central.publish import Change, Publication
from guichet_sync.client import clock
from guichet_sync.client.events import Changes
from guichet_sync.domain.errors import AnotherServer, BadReply, TryLater
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol.records import ClosedDay
from guichet_sync.store import catalogue, mirror, repairs, schema
from guichet_sync.store.database import reading, writing
from tests.helpers.central import TENANT
from tests.helpers.desk_world import DeskWorld
from tests.helpers.strictness import Records

SUMS, BUCKET = "/v1/checksums", "/v1/bucket"


def sums(world: DeskWorld) -> dict[str, object]:
    """What the post holds of each space, as it is compared."""
    return {space: repairs.sums(world.desk.store, space) for space in sorted(mirror.spaces(world.desk.store))}


def a_day_later(world: DeskWorld) -> None:
    """The post's clock goes on by a day, or one more."""
    now = world.moment

    def later() -> clock.Moment:
        return replace(now(), at=now().at + timedelta(days=1))

    world.moment = later


def drift(world: DeskWorld, space: str, records: int = 1) -> None:
    """Some records of the post are not what they were, and some are gone."""
    held = schema.mirror_of(space).tables["held"]
    with writing(world.desk.store.holding(space)) as connection:
        ids = connection.execute(select(held.c.id).where(held.c.space == space).order_by(held.c.id)).scalars().all()
        gone, changed = ids[:records], ids[-records:]
        connection.execute(delete(held).where(held.c.space == space, held.c.id.in_(gone)))
        connection.execute(update(held).where(held.c.space == space, held.c.id.in_(changed)).values(digest=1))
        if space == "places":
            for table in (schema.location, schema.taxonomy):
                connection.execute(delete(table).where(table.c.id.in_([*gone, *changed])))


@pytest.fixture
def equal(world: DeskWorld) -> Iterator[DeskWorld]:
    """A post that was compared with its server. At the end it holds what it held."""
    assert world.exchange().failure is None
    before = sums(world)
    world.faults.asked.clear()
    yield world
    world.faults.heal()
    assert world.exchange().failure is None
    assert sums(world) == before
    assert catalogue.figures(world.desk.store).addresses == 2785


def test_a_first_mirror_is_compared_at_once_and_then_once_a_day(new_world: DeskWorld) -> None:
    assert new_world.exchange().failure is None
    assert new_world.faults.count(SUMS) == len(mirror.cursors(new_world.desk.store))
    assert new_world.faults.count(BUCKET) == 0
    new_world.faults.asked.clear()
    assert new_world.exchange().failure is None
    assert new_world.faults.asked == ["/v1/feed"]
    a_day_later(new_world)
    assert new_world.exchange().failure is None
    assert new_world.faults.count(SUMS) == len(mirror.cursors(new_world.desk.store))


def test_every_post_has_its_own_moment_of_the_day(equal: DeskWorld) -> None:
    store, now = equal.desk.store, equal.moment().at
    posts = [replace(store, person=f"{n:016x}") for n in range(60)]

    def asking(hours: float) -> int:
        return sum(any(each.space == "kb" for each in repairs.due(post, now + timedelta(hours=hours))) for post in posts)

    assert asking(17.9) == 0
    assert asking(24) == 60
    per_hour = [asking(hour + 1) - asking(hour) for hour in range(18, 24)]
    assert max(per_hour) < 25


@pytest.mark.parametrize("space", ["places", "requests/TP", "kb"])
def test_what_differs_is_fetched_again_and_nothing_else(equal: DeskWorld, space: str, expected_logs: Records) -> None:
    drift(equal, space)
    a_day_later(equal)
    result = equal.exchange()
    assert result.failure is None
    assert 1 <= equal.faults.count(BUCKET) <= 2
    assert equal.faults.count("/v1/snapshots") == 0
    assert {event.space for event in equal.told(Changes)[-2:] if isinstance(event, Changes)} == {space}
    assert [line for line in expected_logs.lines if f"{space} differs in" in line]


def test_a_record_that_the_server_does_not_have_goes_without_a_word_of_the_feed(equal: DeskWorld, expected_logs: Records) -> None:
    store = equal.desk.store
    with writing(store.public) as connection:
        body = connection.execute(select(schema.location.c.body)).scalars().first()
    held = schema.public.tables["held"]
    with writing(store.public) as connection:
        row = {"space": "places", "kind": "location", "id": "X", "revision": 1, "digest": 9, "bucket": 7}
        connection.execute(held.insert().values(row))
        connection.execute(
            schema.location.insert().values(id="X", label="nowhere", civic="", street=0, own="", lat=0, lon=0, body=body)
        )
    assert catalogue.figures(store).addresses == 2786
    a_day_later(equal)
    assert equal.exchange().failure is None
    assert catalogue.figures(store).addresses == 2785
    assert expected_logs.lines


def test_where_much_differs_the_snapshot_is_taken(equal: DeskWorld, expected_logs: Records) -> None:
    drift(equal, "places", 300)
    a_day_later(equal)
    assert equal.exchange().failure is None
    assert (equal.faults.count(BUCKET), equal.faults.count("/v1/snapshots")) == (0, 1)
    assert expected_logs.lines


def test_what_moves_on_while_it_is_compared_is_read_first(world: DeskWorld) -> None:
    assert world.exchange().failure is None
    holiday = ClosedDay(date(2027, 6, 24), Bilingual("Fête nationale"))

    def publish() -> None:
        with at_server(world.server.engine) as connection:
            news = Publication(connection, TENANT)
            news.put([Change("taxonomy", "closed_day", "2027-06-24", holiday)])
            news.commit_order()

    a_day_later(world)
    world.faults.before_next(SUMS, publish)
    assert world.exchange().failure is None
    assert holiday.on in catalogue.closed_days(world.desk.store)
    assert world.faults.count(BUCKET) == 0
    assert repairs.due(world.desk.store, world.moment().at) == ()


def restored(world: DeskWorld) -> str:
    """The server's history is another one from now on; its epoch."""
    with at_server(world.server.engine) as connection:
        instance.count_restore(connection)
        return instance.read(connection).epoch


def test_another_epoch_throws_nothing_away(equal: DeskWorld) -> None:
    epoch = restored(equal)
    seen: list[int] = []
    for _ in range(3):
        equal.faults.before_next(SUMS, lambda: seen.append(catalogue.figures(equal.desk.store).addresses))
    result = equal.exchange()
    assert (result.failure, result.received) == (None, 0)
    assert {each.epoch for each in mirror.cursors(equal.desk.store)} == {epoch}
    assert set(seen) == {2785}
    assert (equal.faults.count(BUCKET), equal.faults.count("/v1/snapshots")) == (0, 0)
    assert repairs.due(equal.desk.store, equal.moment().at) == ()


def test_another_epoch_costs_what_differs(equal: DeskWorld) -> None:
    drift(equal, "places")
    restored(equal)
    result = equal.exchange()
    assert (result.failure, result.received) == (None, 2)
    assert equal.faults.count(BUCKET) == 2


def test_a_realignment_that_breaks_is_taken_up_again(equal: DeskWorld) -> None:
    drift(equal, "places", 5)
    epoch = restored(equal)
    equal.faults.refuse_next(BUCKET, 503)
    assert isinstance(equal.exchange().failure, TryLater)
    assert "places" not in {each.space for each in mirror.cursors(equal.desk.store) if each.epoch == epoch}
    assert equal.exchange().failure is None
    assert {each.epoch for each in mirror.cursors(equal.desk.store)} == {epoch}


def test_a_server_that_keeps_no_sums_is_read_again_where_its_history_changed(equal: DeskWorld) -> None:
    epoch = restored(equal)
    equal.faults.refuse_next(SUMS, 404, code="not_found", times=50)
    assert equal.exchange().failure is None
    assert {each.epoch for each in mirror.cursors(equal.desk.store)} == {epoch}
    equal.faults.asked.clear()
    equal.faults.heal()
    assert equal.exchange().failure is None
    assert equal.faults.asked == ["/v1/feed"]


def _lies() -> Iterator[tuple[str, str, Callable[[dict[str, object]], object]]]:
    yield "of another space", SUMS, lambda said: said.update(space="kb")
    yield "an impossible head", SUMS, lambda said: said.update(head=-1)
    yield "an impossible bucket", SUMS, lambda said: said.update(buckets=[{"bucket": 256, "count": 1, "sum": 1}])
    yield "a bucket twice", SUMS, lambda said: said.update(buckets=[{"bucket": 1, "count": 1, "sum": 1}] * 2)
    yield "a negative sum", SUMS, lambda said: said.update(buckets=[{"bucket": 1, "count": 1, "sum": -1}])
    yield "another bucket", BUCKET, lambda said: said.update(bucket=255 - int(str(said["bucket"])))
    yield "an earlier one", BUCKET, lambda said: said.update(head=1)
    yield "of another epoch", BUCKET, lambda said: said.update(epoch="another")
    yield "a removal", BUCKET, lambda said: _first(said).update(operation="tomb")
    yield "without a body", BUCKET, lambda said: _first(said).update(body=None)
    yield "a record of another bucket", BUCKET, lambda said: _first(said).update(id="A1")
    yield "another shape", BUCKET, lambda said: _first(said).update(body={})


def _first(said: dict[str, object]) -> dict[str, object]:
    entries = said["entries"]
    assert isinstance(entries, list)
    first: dict[str, object] = entries[0]
    return first


@pytest.mark.parametrize(("path", "lie"), [pytest.param(path, lie, id=name) for name, path, lie in _lies()])
def test_of_sums_and_buckets_that_lie_nothing_is_kept(
    equal: DeskWorld, path: str, lie: Callable[[dict[str, object]], object], expected_logs: Records
) -> None:
    drift(equal, "places")
    before, cursors = sums(equal), mirror.cursors(equal.desk.store)

    def told(body: bytes) -> bytes:
        said = json.loads(body)
        if said["space"] == "places":
            lie(said)
        return json.dumps(said).encode()

    a_day_later(equal)
    equal.faults.rewrite_next(path, told, times=99)
    assert isinstance(equal.exchange().failure, BadReply)
    assert (sums(equal), mirror.cursors(equal.desk.store)) == (before, cursors)
    assert all("differs in" in line for line in expected_logs.lines)


@pytest.mark.parametrize("path", [SUMS, BUCKET])
def test_sums_and_buckets_of_another_server_are_not_believed(equal: DeskWorld, path: str, expected_logs: Records) -> None:
    drift(equal, "places")
    before = sums(equal)
    a_day_later(equal)
    equal.faults.rewrite_next(path, lambda body: json.dumps(json.loads(body) | {"instance": "another"}).encode())
    assert isinstance(equal.exchange().failure, AnotherServer)
    assert sums(equal) == before
    assert all("differs in" in line for line in expected_logs.lines)


def test_a_server_whose_sums_are_not_those_of_its_records_is_told_once_a_day(equal: DeskWorld, expected_logs: Records) -> None:
    def wrong(body: bytes) -> bytes:
        said = json.loads(body)
        if said["space"] == "kb":
            said["buckets"][0]["sum"] += 1
        return json.dumps(said).encode()

    a_day_later(equal)
    equal.faults.rewrite_next(SUMS, wrong, times=99)
    assert equal.exchange().failure is None
    assert equal.faults.count(BUCKET) == 1
    assert any("kb is not what its sums say" in line for line in expected_logs.lines)
    assert equal.exchange().failure is None
    assert equal.faults.count(BUCKET) == 1


def test_the_store_shows_what_it_counts(equal: DeskWorld) -> None:
    with reading(equal.desk.store.public) as connection:
        shown = set(connection.execute(select(schema.location.c.id)).scalars())
        held = schema.public.tables["held"]
        counted = set(connection.execute(select(held.c.id).where(held.c.kind == "location")).scalars())
    assert shown == counted
