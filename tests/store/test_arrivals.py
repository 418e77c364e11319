"""A snapshot arrives part by part: what is in stays in, what is not right is not in, and only the whole of it has a cursor."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from guichet_sync.domain.errors import BadReply
from guichet_sync.domain.words import Language
from guichet_sync.protocol.messages import Cursor, FeedEntry, Operation
from guichet_sync.store import arrivals, mirror, projection, search
from guichet_sync.store.post import PostStore
from guichet_sync.store.projection import RequestFilter
from tests.helpers.stores import (
    EPOCH,
    TODAY,
    enrolled_store,
    fiche,
    gone,
    manifest,
    mirrored_request,
    page,
    put,
    receive,
    receive_fiches,
)

TP, ENV = "requests/TP", "requests/ENV"


def _requests(*ids: str) -> list[FeedEntry]:
    return [put("request", each, mirrored_request(each)) for each in ids]


def _held(store: PostStore) -> list[str]:
    return sorted(each.id for each in projection.requests(store, RequestFilter(limit=9)).requests)


def test_a_snapshot_replaces_what_its_space_held_and_nothing_else(store: PostStore) -> None:
    receive(store, TP, _requests("a", "b"))
    receive(store, ENV, [put("request", "e", mirrored_request("e", service="ENV"))])
    coming = manifest(TP, 40, [2, 1])
    arrivals.take_part(store, coming, 0, _requests("s1", "s2"))
    assert mirror.cursors(store) == (Cursor(ENV, EPOCH, 1),)
    assert _held(store) == ["e", "s1", "s2"]
    arrivals.take_part(store, coming, 1, _requests("s3"))
    assert set(mirror.cursors(store)) == {Cursor(TP, EPOCH, 40), Cursor(ENV, EPOCH, 1)}
    mirror.apply(store, page(TP, [gone(Operation.TOMB, "request", "s1")], after=40))
    assert _held(store) == ["e", "s2", "s3"]
    assert arrivals.parts_in(store, coming) == 0


def test_what_is_in_is_still_in_after_a_restart_and_another_snapshot_begins_at_its_beginning(profile: Path) -> None:
    coming = manifest(TP, 40, [1, 1, 1])
    with closing(enrolled_store(profile)) as store:
        arrivals.take_part(store, coming, 0, _requests("s1"))
        arrivals.take_part(store, coming, 1, _requests("s2"))
    with closing(enrolled_store(profile)) as store:
        assert arrivals.parts_in(store, coming) == 2
        assert arrivals.parts_in(store, replace(coming, epoch="another")) == 0
        other = manifest(TP, 41, [1, 1], digest="another")
        assert arrivals.parts_in(store, other) == 0
        with pytest.raises(BadReply, match="snapshot_differs"):
            arrivals.take_part(store, other, 1, _requests("o2"))
        arrivals.take_part(store, other, 0, _requests("o1"))
        assert _held(store) == ["o1"]
        assert arrivals.parts_in(store, coming) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        _requests("s2"),
        _requests("s2", "s3", "s4"),
        [*_requests("s2"), replace(_requests("s3")[0], body=None)],
        [*_requests("s2"), gone(Operation.TOMB, "request", "s1")],
        [*_requests("s2"), put("article", "F1", fiche("F1", "Feuilles"))],
        [*_requests("s2"), put("request", "s3", {"id": "s3"})],
    ],
    ids=["one less", "one more", "without a body", "a removal", "out of place", "another shape"],
)
def test_of_a_part_that_is_not_right_nothing_is_in(store: PostStore, wrong: list[FeedEntry]) -> None:
    coming = manifest(TP, 40, [1, 2])
    arrivals.take_part(store, coming, 0, _requests("s1"))
    with pytest.raises(BadReply):
        arrivals.take_part(store, coming, 1, wrong)
    assert (_held(store), mirror.cursors(store), arrivals.parts_in(store, coming)) == (["s1"], (), 1)
    arrivals.take_part(store, coming, 1, _requests("s2", "s3"))
    assert (_held(store), mirror.cursors(store)) == (["s1", "s2", "s3"], (Cursor(TP, EPOCH, 40),))


def test_what_an_unfinished_snapshot_left_goes_when_the_feed_begins_again(store: PostStore) -> None:
    arrivals.take_part(store, manifest(TP, 40, [1, 1]), 0, _requests("old"))
    arrivals.take_part(store, manifest("kb", 40, [1, 1]), 0, [put("article", "F1", fiche("F1", "Feuilles mortes"))])
    receive(store, TP, _requests("a"))
    receive_fiches(store, fiche("F2", "Feuilles de papier"))
    assert _held(store) == ["a"]
    assert [hit.article_id for hit in search.search(store, "feuilles", Language.FR, 9, TODAY).hits] == ["F2"]
    assert arrivals.parts_in(store, manifest(TP, 40, [1, 1])) == 0
