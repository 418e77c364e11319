"""Pages and snapshots come in whole or not at all, and whatever their order the mirror is what the server has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from guichet_sync.domain.category import Category, PlaceKind, Service
from guichet_sync.domain.errors import BadReply, InvalidInput
from guichet_sync.domain.location import Location, Material
from guichet_sync.domain.request import Request, RequestStatus
from guichet_sync.domain.routing import RoutingRule, Unit
from guichet_sync.domain.words import Bilingual, Language
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Cursor, FeedEntry, FeedPage, Operation
from guichet_sync.protocol.records import KINDS, ClosedDay, CollectionCalendar, RoutingTable
from guichet_sync.store import catalogue, held, later_kinds, mirror, places, projection, repairs, schema, search
from guichet_sync.store.database import reading
from guichet_sync.store.mirror import MirrorChange
from guichet_sync.store.post import PostStore
from guichet_sync.store.projection import RequestFilter
from tests.helpers.stores import (
    EPOCH,
    NOW,
    TODAY,
    enrolled_store,
    fiche,
    gone,
    mirrored_request,
    page,
    put,
    receive,
    receive_fiches,
)

TP = "requests/TP"


def _held(store: PostStore) -> list[str]:
    found = projection.requests(store, RequestFilter(limit=1_000)).requests
    return sorted(each.id for each in found)


def _contained(store: PostStore) -> set[str]:
    with reading(store.people) as connection:
        return set(connection.execute(select(schema.contained.c.intent_id)).scalars())


def _requests(*ids: str) -> list[FeedEntry]:
    return [put("request", each, mirrored_request(each), f"intent of {each}") for each in ids]


def test_a_page_enters_with_its_cursor_and_the_intents_it_contains(store: PostStore) -> None:
    change = mirror.apply(store, page(TP, _requests("a", "b")))
    assert change == (MirrorChange(TP, ("request",), 2),)
    assert mirror.cursors(store) == (Cursor(TP, EPOCH, 2),)
    assert _contained(store) == {"intent of a", "intent of b"}
    (next_change,) = mirror.apply(store, page(TP, [*_requests("c"), gone(Operation.TOMB, "request", "a")], after=2))
    assert next_change.records == 2
    assert _held(store) == ["b", "c"]


def _with(good: FeedPage, **changes: Any) -> FeedPage:
    return replace(good, **changes)


def _broken_pages() -> Iterator[tuple[str, str, FeedPage]]:
    good = page(TP, _requests("c", "d"), after=2)
    first, second = good.entries
    yield "a hole before it", "page_out_of_order", page(TP, _requests("c"), after=3)
    yield "what is known already", "page_out_of_order", page(TP, _requests("c"), after=1)
    yield "from the beginning again", "page_out_of_order", page(TP, _requests("c"))
    yield "another epoch", "page_out_of_order", _with(good, epoch="epoch-2")
    yield "a hole inside", "page_has_holes", _with(good, entries=(first, replace(second, seq=5)), next=5, head=5)
    yield "an entry too few", "page_has_holes", _with(good, entries=(first,))
    yield "a number twice", "page_has_holes", _with(good, entries=(first, replace(second, seq=3)))
    yield "the wrong order", "page_has_holes", _with(good, entries=(second, first))
    yield "an end far away", "page_has_holes", _with(good, next=10**15, head=10**15)
    yield "an end beyond the head", "page_has_holes", _with(good, head=3)
    bad = replace(second, body={"id": "d", "status": "Gagnon"})
    yield "a body of another shape", "record_shape", _with(good, entries=(first, bad))
    yield "a fiche among requests", "record_out_of_place", _with(good, entries=(first, replace(second, kind="article")))
    yield "a person among requests", "record_out_of_place", _with(good, entries=(first, replace(second, kind="requester")))
    out_of_place = replace(gone(Operation.TOMB, "article", "F1"), seq=4)
    yield "a removal out of place", "record_out_of_place", _with(good, entries=(first, out_of_place))


@pytest.mark.parametrize(("code", "broken"), [pytest.param(code, each, id=name) for name, code, each in _broken_pages()])
def test_a_page_that_is_not_right_changes_nothing_and_the_cursor_stays(store: PostStore, code: str, broken: FeedPage) -> None:
    receive_fiches(store, fiche("F1", "Feuilles mortes"))
    receive(store, TP, _requests("a", "b"))
    before = mirror.cursors(store)
    with pytest.raises(BadReply, match=code) as refused:
        mirror.apply(store, broken)
    assert "Gagnon" not in str(refused.value)
    assert mirror.cursors(store) == before
    assert (_held(store), _contained(store)) == (["a", "b"], {"intent of a", "intent of b"})
    assert search.article(store, "F1").code == "F1"
    mirror.apply(store, page(TP, _requests("c", "d"), after=2))
    assert _held(store) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("operation", [Operation.TOMB, Operation.EVICT, Operation.ERASE])
def test_a_record_that_left_is_nowhere(store: PostStore, operation: Operation) -> None:
    home = Location("A1", PlaceKind.ADDRESS, "1425, rue des Érables", 46.0, -72.9)
    receive_fiches(store, fiche("F1", "Feuilles mortes"), fiche("F2", "Feuilles de papier"))
    receive(store, "places", [put("location", "A1", home), put("material", "brun", Material("brun", Bilingual("Bac brun")))])
    receive(store, "taxonomy", [put("service", "TP", Service("TP", Bilingual("Travaux publics")))])
    receive(store, TP, _requests("a"))
    receive(store, "people/TP", [put("requester", "a/1", {"request_id": "a", "requester": {"name": "S. Gagnon"}})])
    receive(store, "kb", [gone(operation, "article", "F1"), gone(operation, "article", "never seen")])
    receive(store, "places", [gone(operation, "location", "A1"), gone(operation, "material", "brun")])
    receive(store, "taxonomy", [gone(operation, "service", "TP")])
    receive(store, "people/TP", [gone(operation, "requester", "a/1")])
    assert projection.request(store, "a").requester is None
    receive(store, TP, [gone(operation, "request", "a")])
    assert [hit.article_id for hit in search.search(store, "feuilles", Language.FR, 9, TODAY).hits] == ["F2"]
    assert (places.addresses(store, "erables", 9), places.materials(store), catalogue.services(store)) == ((), (), ())
    assert _held(store) == []


def test_a_request_that_changes_service_is_not_lost_whatever_comes_first(store: PostStore) -> None:
    moved = put("request", "a", mirrored_request("a", service="ENV"))
    receive(store, TP, _requests("a"))
    receive(store, "requests/ENV", [moved])
    receive(store, TP, [gone(Operation.EVICT, "request", "a")])
    assert projection.request(store, "a").request.service == "ENV"
    receive(store, TP, _requests("b"))
    receive(store, TP, [gone(Operation.EVICT, "request", "b")])
    receive(store, "requests/ENV", [put("request", "b", mirrored_request("b", service="ENV"))])
    assert _held(store) == ["a", "b"]


def test_a_kind_that_is_not_known_yet_waits_raw_and_reading_goes_on(store: PostStore) -> None:
    news = [put("weather", "today", {"snow": 12}), gone(Operation.ERASE, "weather", "yesterday"), *_requests("a")]
    receive(store, TP, news)
    assert mirror.cursors(store) == (Cursor(TP, EPOCH, 3),)
    assert _held(store) == ["a"]
    assert list(later_kinds.apply(store)) == []
    with reading(store.people) as connection:
        assert held.count(connection, TP) == 2
        assert held.unread_kinds(connection, schema.people) == {"weather"}
    receive(store, TP, [gone(Operation.TOMB, "weather", "today")])
    with reading(store.people) as connection:
        assert held.count(connection, TP) == 1


def test_a_kind_that_a_new_version_knows_is_shown_without_being_fetched_again(
    store: PostStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    brown = [put("material", f"m{n}", Material(f"m{n}", Bilingual(f"Matière {n}"))) for n in range(1_200)]
    with monkeypatch.context() as earlier:
        earlier.delitem(KINDS, "material")
        receive(store, "places", brown)
    assert places.materials(store) == ()
    before = repairs.sums(store, "places")
    assert list(later_kinds.apply(store)) == [("places", "material", 1_000), ("places", "material", 200)]
    assert len(places.materials(store)) == 1_200
    assert repairs.sums(store, "places") == before
    assert list(later_kinds.apply(store)) == []


def test_fields_that_are_not_known_yet_are_kept(store: PostStore) -> None:
    body = codec.to_body(Category("NDP", "TP", Bilingual("Nid-de-poule"))) | {"colour": "red"}
    receive(store, "taxonomy", [put("category", "NDP", body)])
    assert catalogue.category(store, "NDP").name.fr == "Nid-de-poule"
    with reading(store.public) as connection:
        assert '"colour":"red"' in connection.execute(select(schema.taxonomy.c.body)).scalar_one()


def test_an_entry_without_its_body_waits_for_the_one_that_has_it(store: PostStore) -> None:
    early = replace(_requests("a")[0], body=None)
    receive(store, TP, [early, *_requests("b")])
    assert _held(store) == ["b"]
    receive(store, TP, _requests("a"))
    assert _held(store) == ["a", "b"]


@pytest.mark.parametrize("space", ["taxonomy", "kb", "places", TP, "people/TP"])
def test_a_space_that_is_no_longer_ours_is_forgotten_whole_and_alone(store: PostStore, space: str) -> None:
    receive(store, "taxonomy", [put("service", "TP", Service("TP", Bilingual("Travaux publics")))])
    receive_fiches(store, fiche("F1", "Feuilles mortes"))
    receive(store, "places", [put("material", "brun", Material("brun", Bilingual("Bac brun")))])
    receive(store, TP, _requests("a"))
    receive(store, "people/TP", [put("requester", "a/1", {"request_id": "a", "requester": {"name": "S. Gagnon"}})])
    mirror.forget(store, space)
    known = projection.request(store, "a").requester if space != TP else None
    left = {
        "taxonomy": not catalogue.services(store),
        "kb": not search.search(store, "feuilles", Language.FR, 9, TODAY).hits,
        "places": not places.materials(store),
        TP: not _held(store),
        "people/TP": known is None and space != TP,
    }
    assert [name for name, absent in left.items() if absent] == [space]
    assert space not in {cursor.space for cursor in mirror.cursors(store)}
    assert len(mirror.cursors(store)) == 4


def test_the_taxonomy_is_what_the_server_says(store: PostStore) -> None:
    rule = RoutingRule("NDP", "TP", Unit("TP-N", Bilingual("Nord")), district="N")
    calendar = CollectionCalendar("S1", Bilingual("Secteur 1"), ())
    christmas = ClosedDay(TODAY.replace(month=12, day=25), Bilingual("Noël"))
    receive(
        store,
        "taxonomy",
        [
            put("category", "NDP", Category("NDP", "TP", Bilingual("Nid-de-poule"))),
            put("category", "OLD", Category("OLD", "TP", Bilingual("Ancienne"), retired=True)),
            put("routing", "NDP", RoutingTable("NDP", (rule,))),
            put("closed_day", "2026-12-25", christmas),
        ],
    )
    receive(store, "places", [put("collections", "S1", calendar)])
    assert [each.code for each in catalogue.categories(store)] == ["NDP"]
    assert catalogue.category(store, "OLD").retired
    with pytest.raises(InvalidInput, match="unknown_category"):
        catalogue.category(store, "?")
    assert catalogue.routing_rules(store, "NDP") == (rule,)
    assert catalogue.routing_rules(store, "?") == ()
    assert catalogue.closed_days(store) == {christmas.on: christmas.name}
    assert catalogue.figures(store) == catalogue.Figures(0, 2, 0, 0)


@dataclass(frozen=True)
class Step:
    """One change of one record, as a server makes it."""

    kind: str
    record_id: str
    operation: Operation
    version: int

    def entry(self) -> FeedEntry:
        """As it comes down."""
        if self.operation is Operation.PUT:
            return put(self.kind, self.record_id, self.record(), f"{self.kind}{self.version}")
        return gone(self.operation, self.kind, self.record_id)

    def record(self) -> object:
        """The record as this change leaves it."""
        if self.kind == "article":
            text = fiche(self.record_id, f"Titre{self.version} commun", body=f"<p>corps{self.version}</p>")
            return replace(text, en=text.fr) if self.version % 2 else text
        if self.kind == "location":
            return Location(self.record_id, PlaceKind.ADDRESS, f"{self.version}, rue commune", 46.0, -72.9)
        return mirrored_request(self.record_id, description=f"mot{self.version}", status=RequestStatus.DONE)


SPACES = {"article": "kb", "location": "places", "request": TP}
steps = st.builds(
    Step,
    st.sampled_from(sorted(SPACES)),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from([Operation.PUT, Operation.PUT, *Operation]),
    st.integers(0, 10**6),
)


def _shown(store: PostStore) -> tuple[object, ...]:
    """All that a desk can see of these three kinds, through every index."""
    with reading(store.public) as connection:
        fiches = [codec.decode(body, dict) for body in connection.execute(select(schema.article.c.body)).scalars()]
    found = {
        language: sorted(hit.title for hit in search.search(store, "commun", language, 99, TODAY).hits) for language in Language
    }
    homes = sorted(place.label for place in places.addresses(store, "rue comm", 99))
    listed = sorted(each.id for each in projection.requests(store, RequestFilter(text="mot", limit=99)).requests)
    return sorted(each["fr"]["title"] for each in fiches), found, homes, listed


def _expected(changes: list[Step]) -> tuple[object, ...]:
    last = {(step.kind, step.record_id): step for step in changes}
    left = [step for step in last.values() if step.operation is Operation.PUT]
    titles = sorted(f"Titre{step.version} commun" for step in left if step.kind == "article")
    english = sorted(f"Titre{step.version} commun" for step in left if step.kind == "article" and step.version % 2)
    homes = sorted(f"{step.version}, rue commune" for step in left if step.kind == "location")
    return titles, {Language.FR: titles, Language.EN: english}, homes, sorted(s.record_id for s in left if s.kind == "request")


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostStore]:
    with closing(enrolled_store(tmp_path_factory.mktemp("long"))) as store:
        yield store


@settings(max_examples=30)
@given(st.lists(st.lists(steps, max_size=6), max_size=8), st.booleans())
def test_any_pages_give_the_mirror_of_the_final_state(long_lived: PostStore, pages: list[list[Step]], compacted: bool) -> None:
    for space in SPACES.values():
        mirror.forget(long_lived, space)
    for changes in pages:
        for kind, space in SPACES.items():
            entries = [step.entry() for step in changes if step.kind == kind]
            if compacted:
                last = {entry.id: place for place, entry in enumerate(entries)}
                entries = [each if last[each.id] == place else replace(each, body=None) for place, each in enumerate(entries)]
            receive(long_lived, space, entries)
    assert _shown(long_lived) == _expected([step for changes in pages for step in changes])


def test_a_mirror_is_the_same_after_a_restart(profile: Path) -> None:
    with closing(enrolled_store(profile)) as store:
        receive(store, TP, _requests("a"))
    with closing(enrolled_store(profile)) as store:
        assert projection.request(store, "a").request == Request("a", "NDP", "TP", RequestStatus.TRANSMITTED, NOW)
