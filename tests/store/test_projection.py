"""Requests as the desk sees them: the mirror overlaid with what waits, checked against the plainest possible answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from guichet_sync.domain.category import Category, DuplicateMode, DuplicateRule
from guichet_sync.domain.errors import NotEnrolled, NotFound
from guichet_sync.domain.intents import (
    AddNote,
    ChangeStatus,
    EditRequest,
    FieldEdit,
    Intent,
    TransferRequest,
)
from guichet_sync.domain.location import Whereabouts, distance_m
from guichet_sync.domain.request import Request, RequestStatus, RequestSummary, SyncState
from guichet_sync.domain.words import Bilingual
from guichet_sync.language import fold
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import FeedEntry, IntentOutcome, IntentReceipt, Operation
from guichet_sync.protocol.records import RequesterOf
from guichet_sync.store import outbox, pending, projection, schema
from guichet_sync.store.database import reading
from guichet_sync.store.overlay import Change, at_server, laid_over
from guichet_sync.store.post import PostStore
from guichet_sync.store.projection import Near, Order, RequestFilter
from tests.helpers.stores import (
    ENROLMENT,
    NOW,
    FollowUp,
    as_mirrored,
    at,
    body_of,
    capture,
    enrolled_store,
    follow_up,
    gone,
    mirrored_request,
    open_store,
    put,
    receive,
    somebody,
)

CENTRE = (46.05, -72.95)
WORDS = ("Déneigement", "trottoir", "l’érable", "BAC", "brun", "odeur", "100%", "a_b", "снег")
SERVICES = ("TP", "ENV")


@dataclass(frozen=True)
class Known:
    """A store and what is in it: requests that wait, oldest first, and the mirrored ones."""

    store: PostStore
    waiting: tuple[Request, ...]
    mirrored: tuple[Request, ...]


def _facts(chance: random.Random) -> dict[str, Any]:
    where = at(CENTRE[0] + chance.uniform(-0.01, 0.01), CENTRE[1] + chance.uniform(-0.01, 0.01), chance.choice(WORDS))
    return {
        "description": " ".join(chance.sample(WORDS, 3)),
        "where": where if chance.random() < 0.9 else Whereabouts(label="près du pont"),
        "service": chance.choice(SERVICES),
        "promised_on": chance.choice([None, date(2026, 11, 20), date(2026, 11, 24), date(2026, 12, 1)]),
        "captured_at": NOW - timedelta(minutes=chance.randrange(30)),
    }


def _mirrored(chance: random.Random, place: int) -> Request:
    number = chance.choice([f"C07-{place + 100:04d}-X", f"C071-{place:04d}-X", f"A12-{place:04d}-X", ""])
    status = chance.choice(list(RequestStatus))
    return mirrored_request(f"r{place:03d}", number=f"26-{place:06d}", provisional_number=number, status=status, **_facts(chance))


def _entries(requests: list[Request], intents: dict[str, str]) -> dict[str, list[FeedEntry]]:
    spaces: dict[str, list[FeedEntry]] = {f"requests/{service}": [] for service in SERVICES}
    for each in requests:
        spaces[f"requests/{each.service}"].append(put("request", each.id, each, intents.get(each.id, "")))
    return spaces


def _sent(store: PostStore, intent: Intent, outcome: IntentOutcome | None) -> None:
    outbox.seal(store, [intent.intent_id])
    if outcome is not None:
        outbox.record(store, [IntentReceipt(intent.intent_id, outcome, number="26-900000", effect={"requests/TP": 10**6})])


def _followed_up(store: PostStore, chance: random.Random, request: Request) -> Request:
    """Every fourth of the mirrored ones has something done with it that waits: it is what that makes of it."""
    if chance.random() < 0.75:
        return request
    acts: list[Callable[[random.Random, Request], FollowUp]] = [_closed_or_reopened, _sent_elsewhere, _edited, _noted]
    intent = follow_up(store, chance.choice(acts)(chance, request))
    return laid_over(request, [Change(intent, ENROLMENT.person.display)])


def _closed_or_reopened(_chance: random.Random, request: Request) -> ChangeStatus:
    status = RequestStatus.DONE if request.status.is_open else RequestStatus.REOPENED
    return ChangeStatus(request.id, at_server(request.status), status)


def _sent_elsewhere(_chance: random.Random, request: Request) -> TransferRequest:
    return TransferRequest(request.id, request.service, "ENV" if request.service == "TP" else "TP")


def _edited(chance: random.Random, request: Request) -> EditRequest:
    where = at(CENTRE[0] + chance.uniform(-0.01, 0.01), CENTRE[1], "ici")
    moved = FieldEdit(codec.to_body(request.where), codec.to_body(where))
    return EditRequest(request.id, {"description": FieldEdit(request.description, "nouveau texte"), "where": moved})


def _noted(_chance: random.Random, request: Request) -> AddNote:
    return AddNote(request.id, "Vu.")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    """A city's requests, half of them like each other, and a person whose outbox is in every state."""
    chance = random.Random(311)
    with closing(enrolled_store(tmp_path_factory.mktemp("known"))) as store:
        intents = [capture(store, **_facts(chance)) for _ in range(16)]
        outcomes = [None, IntentOutcome.APPLIED, IntentOutcome.REFUSED]
        for intent in intents[:9]:
            _sent(store, intent, chance.choice(outcomes))
        shown = {body_of(intent).request_id: intent.intent_id for intent in intents[:4]}
        settled = [as_mirrored(intent, service=body_of(intent).service) for intent in intents[:4]]
        settled = [replace(each, promised_on=date(2026, 11, 20)) for each in settled]
        mirrored = [_mirrored(chance, place) for place in range(120)] + settled
        for space, entries in _entries(mirrored, shown).items():
            receive(store, space, entries)
        mirrored = [_followed_up(store, chance, each) for each in mirrored]
        views = pending.read(store).captures
        waiting = tuple(views[intent.intent_id].request for intent in intents[4:])
        yield Known(store, waiting, tuple(sorted(mirrored, key=lambda each: (-each.captured_at.timestamp(), each.id))))


def _keeps(wanted: RequestFilter, each: Request) -> bool:
    late = each.status.is_open and each.promised_on is not None and wanted.late_on is not None
    near = wanted.near is not None and each.where.point is not None
    said = fold(f"{each.description} {each.where.label} {each.number} {each.provisional_number}")
    named = {word for word, codes in wanted.named.items() if each.category in codes}
    return (
        (not wanted.mine or each.provisional_number.startswith("C07-"))
        and wanted.service in ("", each.service)
        and (wanted.late_on is None or (late and each.promised_on < wanted.late_on))  # type: ignore[operator]
        and (wanted.near is None or (near and distance_m(wanted.near.point, each.where.point) <= wanted.near.radius_m))  # type: ignore[arg-type]
        and (each.status.is_open or not wanted.open_only)
        and all(word in said or word in named for word in fold(wanted.text).split())
    )


def _expected(known: Known, wanted: RequestFilter) -> list[str]:
    return [each.id for each in (*reversed(known.waiting), *_in_order(known.mirrored, wanted.order)) if _keeps(wanted, each)]


def _in_order(mirrored: tuple[Request, ...], order: Order) -> tuple[Request, ...]:
    """``mirrored`` are the newest first; sorting leaves those alone that are promised for the same day."""
    if order is Order.PROMISED:
        return tuple(sorted(mirrored, key=lambda each: each.promised_on or date.max))
    return mirrored if order is Order.NEWEST else mirrored[::-1]


points = st.builds(lambda n, e: (CENTRE[0] + n, CENTRE[1] + e), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
filters = st.builds(
    RequestFilter,
    mine=st.booleans(),
    service=st.sampled_from(["", "", *SERVICES, "XX"]),
    late_on=st.none() | st.sampled_from([date(2026, 11, 20), date(2026, 11, 24), date(2026, 12, 24)]),
    near=st.none() | st.builds(Near, points, st.floats(0, 3_000)),
    open_only=st.booleans(),
    text=st.lists(
        st.sampled_from([*WORDS, "nouveau", "ici", "deneig", "ODE", "rue", "%", "_", "'", "26-0000", "c07-", "nid"]), max_size=2
    ).map(" ".join),
    named=st.sampled_from([{}, {"nid": frozenset({"NDP"})}, {"nid": frozenset({"ECL"}), "rue": frozenset({"NDP"})}]),
    order=st.sampled_from(Order),
    limit=st.integers(1, 200),
    offset=st.integers(0, 150),
)


@given(filters)
def test_a_page_is_what_the_plainest_look_gives(known: Known, wanted: RequestFilter) -> None:
    expected = _expected(known, wanted)
    found = projection.requests(known.store, wanted)
    assert [each.id for each in found.requests] == expected[wanted.offset : wanted.offset + wanted.limit]
    assert found.total == len(expected)


@settings(max_examples=40)
@given(filters, st.integers(3, 40))
def test_pages_neither_repeat_nor_skip(known: Known, wanted: RequestFilter, step: int) -> None:
    read: list[str] = []
    while True:
        found = projection.requests(known.store, replace(wanted, limit=step, offset=len(read)))
        read += [each.id for each in found.requests]
        if not found.requests:
            break
    assert read == _expected(known, wanted)


@given(filters)
def test_a_long_list_holds_the_same_requests_in_the_same_order(known: Known, wanted: RequestFilter) -> None:
    assert list(projection.request_ids(known.store, wanted)) == _expected(known, wanted)


@given(st.lists(st.integers(0, 140), max_size=30))
def test_lines_are_read_where_one_looks(known: Known, places: list[int]) -> None:
    listed = projection.requests(known.store, RequestFilter(limit=200)).requests
    wanted = {each.id: each for each in (listed[place % len(listed)] for place in places)}
    lines = projection.request_lines(known.store, [*wanted, "gone"])
    assert {id_: line.summary for id_, line in lines.items()} == wanted


def test_a_line_tells_what_was_refused_from_what_waits(store: PostStore) -> None:
    refused, waiting = capture(store), capture(store)
    _sent(store, refused, IntentOutcome.REFUSED)
    receive(store, "requests/TP", [put("request", "r1", mirrored_request("r1"))])
    ids = (*(body_of(intent).request_id for intent in (refused, waiting)), "r1")
    lines = projection.request_lines(store, ids)
    assert [lines[each].sync_state for each in ids] == [SyncState.REFUSED, SyncState.WAITING, SyncState.SETTLED]


@pytest.mark.parametrize(
    "wanted",
    [
        RequestFilter(),
        RequestFilter(open_only=True),
        RequestFilter(late_on=NOW.date(), order=Order.PROMISED),
        RequestFilter(service="TP"),
    ],
)
def test_a_long_list_is_read_from_an_index_alone(store: PostStore, wanted: RequestFilter) -> None:
    ids = select(schema.request.c.id).where(*projection._conditions(wanted, "")).order_by(*projection._ORDERS[wanted.order])
    sql = str(ids.compile(dialect=store.people.dialect, compile_kwargs={"literal_binds": True}))
    with reading(store.people) as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
    assert plan[0][3] == "SCAN request USING COVERING INDEX request_list"


def _filters_and_names_nothing(known: Known, typed: str) -> None:
    assert projection.requests(known.store, RequestFilter(text=typed)).total <= len(known.waiting) + len(known.mirrored)
    with pytest.raises(NotFound, match="request_not_found"):
        projection.request(known.store, f"?{typed}")


@given(st.text(max_size=200) | st.sampled_from(["\ud800", "\0", "' OR 1=1 --", "%", "*"]))
def test_any_text_filters_and_names_nothing(known: Known, typed: str) -> None:
    _filters_and_names_nothing(known, typed)


@pytest.mark.parametrize("repeated", ["x", "a ", "%"])
def test_a_very_long_text_filters_and_names_nothing(known: Known, repeated: str) -> None:
    _filters_and_names_nothing(known, repeated * 60_000)


@pytest.mark.parametrize("blank", ["", "  ", "\ud800"])
def test_an_empty_number_is_nobodys(known: Known, blank: str) -> None:
    with pytest.raises(NotFound):
        projection.request(known.store, blank)


def test_every_request_is_found_by_each_of_its_names(known: Known) -> None:
    for each in (*known.waiting, *known.mirrored):
        for name in filter(None, {each.id, each.provisional_number, each.number} - {"26-900000"}):
            assert projection.request(known.store, f" {name} ").request == each


def test_a_line_of_the_list_says_what_the_request_says(known: Known) -> None:
    first = projection.requests(known.store, RequestFilter(limit=1)).requests[0]
    newest = known.waiting[-1]
    assert first == RequestSummary(
        id=newest.id,
        number="",
        provisional_number=newest.provisional_number,
        category="NDP",
        service=newest.service,
        status=RequestStatus.WAITING,
        opened_at=newest.captured_at,
        where=newest.where,
        promised_on=newest.promised_on,
    )


def test_an_intent_whose_reply_was_lost_is_shown_once(store: PostStore) -> None:
    intent = capture(store, "une odeur", requester=somebody())
    _sent(store, intent, None)
    record = as_mirrored(intent, number="26-000001")
    receive(store, "requests/TP", [put("request", record.id, record, intent.intent_id)])
    found = projection.requests(store, RequestFilter())
    assert [(each.id, each.number) for each in found.requests] == [(record.id, "26-000001")]
    assert found.total == 1


def test_what_left_this_posts_reach_is_not_shown_as_waiting(store: PostStore) -> None:
    intent = capture(store)
    _sent(store, intent, IntentOutcome.APPLIED)
    record = as_mirrored(intent)
    receive(store, "requests/TP", [put("request", record.id, record, intent.intent_id)])
    receive(store, "requests/TP", [gone(Operation.EVICT, "request", record.id)])
    assert projection.requests(store, RequestFilter()).total == 0


def test_a_refused_capture_stays_in_sight_with_its_reason(store: PostStore) -> None:
    intent = capture(store, "une odeur", requester=somebody())
    outbox.seal(store, [intent.intent_id])
    outbox.record(store, [IntentReceipt(intent.intent_id, IntentOutcome.REFUSED, code="unknown_category")])
    view = projection.request(store, body_of(intent).provisional_number)
    assert (view.sync_state, view.refusal) == (SyncState.REFUSED, "unknown_category")
    assert view.requester == somebody()
    assert (view.request.status, view.request.requester_count) == (RequestStatus.WAITING, 1)


def test_the_first_requester_is_told_where_the_role_may_know(store: PostStore) -> None:
    receive(store, "requests/TP", [put("request", "r1", mirrored_request("r1"))])
    assert projection.request(store, "r1").requester is None
    second = put("requester", "r1/2", RequesterOf("r1", somebody("Second")))
    receive(store, "people/TP", [second, put("requester", "r1/1", RequesterOf("r1", somebody()))])
    assert projection.request(store, "r1").requester == somebody()


def test_nobody_has_requests_of_their_own_before_they_enrol(profile: Path) -> None:
    with closing(open_store(profile)) as store, pytest.raises(NotEnrolled):
        projection.requests(store, RequestFilter(mine=True))


POTHOLE = Category("NDP", "TP", Bilingual("Nid-de-poule"), duplicate=DuplicateRule(50, 30, DuplicateMode.ASK))


def test_similar_requests_may_be_waiting_or_mirrored_and_are_open_near_and_recent(store: PostStore) -> None:
    here = at(*CENTRE)
    waiting = body_of(capture(store, where=here)).request_id
    capture(store, where=here, category="ECL")
    others: dict[str, dict[str, Any]] = {
        "here": {"where": here},
        "far": {"where": at(46.06, CENTRE[1])},
        "closed": {"where": here, "status": RequestStatus.DONE},
        "old": {"where": here, "captured_at": NOW - timedelta(days=40)},
        "light": {"where": here, "category": "ECL"},
    }
    receive(store, "requests/TP", [put("request", name, mirrored_request(name, **facts)) for name, facts in others.items()])
    since = NOW - timedelta(days=30)
    assert [each.id for each in projection.open_near(store, POTHOLE, here, since)] == [waiting, "here"]


def test_similar_requests_may_be_those_of_the_very_same_place(store: PostStore) -> None:
    missed = replace(POTHOLE, duplicate=DuplicateRule(0, 7, DuplicateMode.ASK))
    homes = {name: mirrored_request(name, where=Whereabouts(id=place)) for name, place in (("1", "A1"), ("2", "A2"))}
    receive(store, "requests/TP", [put("request", name, request) for name, request in homes.items()])
    assert [each.id for each in projection.open_near(store, missed, Whereabouts(id="A1"), NOW)] == ["1"]
    assert projection.open_near(store, missed, Whereabouts(label="près du pont"), NOW) == ()
