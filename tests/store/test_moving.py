"""A request on its way from one service to another is seen once at every moment, and much that goes needs a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from guichet_sync.domain.errors import BadReply, NotFound
from guichet_sync.protocol.messages import Cursor, FeedEntry, Operation
from guichet_sync.protocol.records import RequesterOf
from guichet_sync.store import arrivals, mirror, projection, repairs
from guichet_sync.store.brake import Brake
from guichet_sync.store.post import PostStore
from guichet_sync.store.projection import RequestFilter
from tests.helpers.stores import EPOCH, gone, manifest, mirrored_request, page, put, receive, somebody

TP, ENV = "requests/TP", "requests/ENV"


def _in(service: str, *ids: str) -> list[FeedEntry]:
    return [put("request", each, mirrored_request(each, service=service)) for each in ids]


def _services(store: PostStore) -> list[tuple[str, str]]:
    listed = projection.requests(store, RequestFilter(limit=9)).requests
    return sorted((each.id, each.service) for each in listed)


def test_pages_of_one_file_are_one_transaction(store: PostStore) -> None:
    receive(store, TP, _in("TP", "a"))
    moved = [page(TP, [gone(Operation.EVICT, "request", "a")], after=1), page(ENV, _in("ENV", "a"))]
    mirror.apply(store, moved)
    assert _services(store) == [("a", "ENV")]
    back = [page(ENV, [gone(Operation.EVICT, "request", "a")], after=1), page(TP, _in("TP", "a", "b"), after=3)]
    with pytest.raises(BadReply, match="page_out_of_order"):
        mirror.apply(store, back)
    assert _services(store) == [("a", "ENV")]
    assert set(mirror.cursors(store)) == {Cursor(TP, EPOCH, 2), Cursor(ENV, EPOCH, 1)}


def test_what_one_file_refuses_does_not_undo_the_other(store: PostStore) -> None:
    with pytest.raises(BadReply):
        mirror.apply(store, [page("requests/TP", _in("TP", "a"), after=7), page("kb", [])])
    assert mirror.cursors(store) == (Cursor("kb", EPOCH, 0),)


def test_a_snapshot_from_before_a_transfer_does_not_lose_the_request(store: PostStore) -> None:
    """The snapshot of the service that had it comes after the feed of the one that has it; then the eviction follows."""
    receive(store, ENV, _in("ENV", "a"))
    sums = repairs.sums(store, ENV)
    arrivals.take_part(store, manifest(TP, 40, [2]), 0, _in("TP", "a", "b"))
    assert _services(store) == [("a", "TP"), ("b", "TP")]
    mirror.apply(store, page(TP, [gone(Operation.EVICT, "request", "a")], after=40))
    assert _services(store) == [("a", "ENV"), ("b", "TP")]
    assert repairs.sums(store, ENV) == sums
    receive(store, ENV, [gone(Operation.TOMB, "request", "a")])
    assert _services(store) == [("b", "TP")]


def test_a_service_that_is_no_longer_ours_leaves_what_another_one_has(store: PostStore) -> None:
    receive(store, ENV, _in("ENV", "a"))
    people = [put("requester", "a/1", RequesterOf("a", somebody()))]
    receive(store, "people/ENV", people)
    receive(store, TP, _in("TP", "a", "b"))
    receive(store, "people/TP", people)
    mirror.forget(store, TP)
    mirror.forget(store, "people/TP")
    assert _services(store) == [("a", "ENV")]
    assert projection.request(store, "a").requester == somebody()
    assert mirror.spaces(store) == {ENV, "people/ENV"}


@pytest.mark.parametrize("operation", [Operation.TOMB, Operation.ERASE])
def test_what_is_deleted_does_not_come_back_from_where_it_was(store: PostStore, operation: Operation) -> None:
    receive(store, TP, _in("TP", "a"))
    receive(store, ENV, _in("ENV", "a"))
    receive(store, ENV, [gone(operation, "request", "a")])
    assert _services(store) == []
    receive(store, TP, [gone(Operation.EVICT, "request", "a")])
    with pytest.raises(NotFound):
        projection.request(store, "a")


def _many(count: int) -> list[str]:
    return [f"r{n:04d}" for n in range(count)]


def _leave(ids: Sequence[str]) -> list[FeedEntry]:
    return [gone(Operation.EVICT, "request", each) for each in ids]


@pytest.mark.parametrize(("there", "leaving"), [(30, 20), (30, 30), (1_000, 50), (1_000, 51), (5_000, 200), (5_000, 201)])
def test_much_that_goes_needs_a_reason(store: PostStore, there: int, leaving: int) -> None:
    receive(store, TP, _in("TP", *_many(there)))
    leave = page(TP, _leave([*_many(leaving), *(f"never seen {n}" for n in range(500))]), after=there)
    allowed = leaving <= min(200, max(20, there // 20))
    if not allowed:
        with pytest.raises(BadReply, match="removal_without_reason"):
            mirror.apply(store, leave)
        assert mirror.cursors(store) == (Cursor(TP, EPOCH, there),)
        leave = replace(leave, removal_reason="transfer")
    mirror.apply(store, leave)
    assert projection.requests(store, RequestFilter()).total == there - leaving


def test_removals_are_counted_over_all_pages_of_an_exchange(store: PostStore) -> None:
    receive(store, TP, _in("TP", *_many(100)))
    brake, ids = Brake(), _many(100)
    for start in (0, 10):
        mirror.apply(store, page(TP, _leave(ids[start : start + 10]), after=100 + start), brake)
    stated = replace(page(TP, _leave(ids[20:60]), after=120), removal_reason="import")
    mirror.apply(store, stated, brake)
    with pytest.raises(BadReply, match="removal_without_reason"):
        mirror.apply(store, page(TP, _leave(ids[60:61]), after=160), brake)
    mirror.apply(store, page(TP, _leave(ids[60:61]), after=160), Brake())
