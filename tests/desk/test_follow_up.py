"""What a person does with a request that is known: on disk at once, seen at once, and nothing else touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from guichet_desktop.desk import capture, follow_up, lookup, outbox, shift, undoing
from guichet_desktop.desk.desk import Desk
from guichet_sync.domain.category import Answer
from guichet_sync.domain.errors import GuichetError, InvalidInput, NotAllowed, NotFound
from guichet_sync.domain.intents import EditRequest, IntentKind
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Proposal, Request, Requester, RequestStatus, SyncState
from guichet_sync.domain.spaces import Role
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.store import outbox as store_outbox
from guichet_sync.store import projection
from guichet_sync.store.overlay import Change, laid_over
from guichet_sync.store.projection import RequestFilter
from tests.helpers.desks import filled

HOUSE = "A00831"
POTHOLE: dict[str, Answer] = {"dim": "moyen"}


@pytest.fixture
def known(desk: Desk) -> Request:
    """An open request of the roads service that the mirror has."""
    listed = lookup.requests(desk, RequestFilter(service="TP", open_only=True, limit=50)).requests
    found = (lookup.request(desk, each.id).request for each in listed)
    return next(each for each in found if each.category == "NDP" and each.status is not RequestStatus.REOPENED)


def _now(desk: Desk, request: Request) -> Request:
    return lookup.request(desk, request.id).request


def _last(desk: Desk, request: Request) -> tuple[str, str]:
    entry = _now(desk, request).timeline[-1]
    assert entry.by == desk.person.display
    return entry.code, entry.note


def _refused(desk: Desk, intent_id: str, code: str) -> None:
    store_outbox.seal(desk.store, [intent_id])
    store_outbox.record(desk.store, [IntentReceipt(intent_id, IntentOutcome.CONFLICT, code=code)])


def test_one_more_person_asks(desk: Desk, known: Request) -> None:
    done = follow_up.join(desk, known, Channel.PHONE, requester=Requester(name=" C. Morin "), description="Elle aussi. ")
    assert done.state is SyncState.WAITING
    assert _now(desk, known).requester_count == known.requester_count + 1
    assert _last(desk, known) == ("joined", "Elle aussi.")
    item = shift.outbox_items(desk)[0]
    assert (item.intent_id, item.kind, item.number) == (done.intent_id, IntentKind.JOIN_REQUEST, known.number)


def test_a_line_of_a_list_is_enough_to_join_and_to_note(desk: Desk, known: Request) -> None:
    line = projection.summary(known)
    follow_up.join(desk, line, Channel.COUNTER)
    follow_up.note(desk, line, "Vu ce matin.")
    assert _now(desk, known).requester_count == known.requester_count + 1
    assert _last(desk, known) == ("note", "Vu ce matin.")


def test_a_note_is_for_the_city_or_for_the_person_too(desk: Desk, known: Request) -> None:
    follow_up.note(desk, known, "Pour nous.\n")
    follow_up.note(desk, known, "Pour vous.", public=True)
    told = [(each.code, each.note) for each in _now(desk, known).timeline[-2:]]
    assert told == [("note", "Pour nous."), ("public_note", "Pour vous.")]


def test_an_edit_has_its_base_from_what_was_seen_and_leaves_out_what_stays(desk: Desk, known: Request) -> None:
    new = {"description": " Très profond. ", "urgent": not known.urgent, "answers/dim": "Gros", "where": known.where}
    done = follow_up.edit(desk, known, new)
    after = _now(desk, known)
    assert (after.description, after.urgent, (after.answers or {})["dim"]) == ("Très profond.", not known.urgent, "gros")
    intent = next(intent for intent, _ in store_outbox.unsettled(desk.store) if intent.intent_id == done.intent_id)
    asked = codec.decode(intent.body, EditRequest)
    assert set(asked.fields) == {"description", "urgent", "answers/dim"}
    assert (asked.fields["description"].base, asked.fields["urgent"].base) == (known.description, known.urgent)
    assert intent.lane == known.id


def test_an_edit_on_top_of_ones_own_pending_edit_goes_on_from_it(desk: Desk, known: Request) -> None:
    follow_up.edit(desk, known, {"description": "Un."})
    follow_up.edit(desk, _now(desk, known), {"description": "Deux."})
    after = _now(desk, known)
    assert (after.description, after.proposals) == ("Deux.", ())


def test_a_request_moves_to_another_place_and_is_listed_there(desk: Desk, known: Request) -> None:
    elsewhere = Whereabouts.of(lookup.location(desk, "A00100"))
    follow_up.edit(desk, known, {"where": elsewhere})
    assert elsewhere.point is not None
    near = projection.Near(elsewhere.point, 5)
    assert known.id in [each.id for each in lookup.requests(desk, RequestFilter(near=near)).requests]


def test_a_pending_transfer_shows_where_it_goes_and_lists_follow(desk: Desk, known: Request) -> None:
    before = [lookup.requests(desk, RequestFilter(service=each, limit=1)).total for each in ("TP", "ENV")]
    follow_up.transfer(desk, known, "ENV", reason="C’est un arbre.")
    after = _now(desk, known)
    assert (after.service, after.unit) == ("ENV", "")
    assert _last(desk, known) == ("transferred", "C’est un arbre.")
    assert [lookup.requests(desk, RequestFilter(service=each, limit=1)).total for each in ("TP", "ENV")] == [
        before[0] - 1,
        before[1] + 1,
    ]
    assert lookup.request_lines(desk, [known.id])[known.id].sync_state is SyncState.WAITING


def test_a_request_is_taken_charge_of_closed_and_reopened(desk: Desk, known: Request) -> None:
    assert known.status is not RequestStatus.IN_PROGRESS
    open_before = lookup.requests(desk, RequestFilter(open_only=True, limit=1)).total
    follow_up.change_status(desk, known, RequestStatus.DONE, "repaired")
    assert _now(desk, known).closed_at is not None
    assert _last(desk, known) == ("done", "repaired")
    assert lookup.requests(desk, RequestFilter(open_only=True, limit=1)).total == open_before - 1
    assert known.id not in lookup.request_ids(desk, RequestFilter(open_only=True))
    follow_up.change_status(desk, _now(desk, known), RequestStatus.REOPENED)
    after = _now(desk, known)
    assert (after.status, after.closed_at) == (RequestStatus.REOPENED, None)


def test_what_is_captured_and_not_sent_yet_is_followed_up_too(desk: Desk) -> None:
    saved = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=HOUSE))
    request = lookup.request(desk, saved.provisional_number).request
    follow_up.note(desk, request, "Une précision.")
    follow_up.change_status(desk, request, RequestStatus.CANCELLED)
    after = _now(desk, request)
    assert [each.code for each in after.timeline] == ["captured", "note", "cancelled"]
    assert after.status is RequestStatus.CANCELLED
    assert request.id not in [each.id for each in lookup.requests(desk, RequestFilter(open_only=True)).requests]


def test_what_was_refused_is_not_seen_on_the_request(desk: Desk, known: Request) -> None:
    done = follow_up.transfer(desk, known, "ENV")
    _refused(desk, done.intent_id, "not_as_expected")
    assert _now(desk, known) == known
    assert lookup.request(desk, known.id).sync_state is SyncState.SETTLED


PROPOSAL = Proposal("p1", "description", "Deux.", "", "Un.", "L. Roy")


@pytest.mark.parametrize(("accept", "description"), [(True, "Deux."), (False, "Un.")])
def test_a_proposal_is_decided(desk: Desk, known: Request, accept: bool, description: str) -> None:
    seen = replace(known, description="Un.", proposals=(PROPOSAL,))
    done = follow_up.decide_proposal(desk, seen, "p1", accept=accept)
    intent = store_outbox.unsettled(desk.store)[-1][0]
    assert intent.intent_id == done.intent_id
    after = laid_over(seen, [Change(intent)])
    assert (after.description, after.proposals) == (description, ())


CLOSED: dict[str, Any] = {"status": RequestStatus.DONE}
Wrong = tuple[Callable[[Desk, Request], object], type[GuichetError], str, str]
WRONG: dict[str, Wrong] = {
    "an empty note": (lambda desk, known: follow_up.note(desk, known, " \n "), InvalidInput, "note_needed", "note"),
    "a long note": (lambda desk, known: follow_up.note(desk, known, "a" * 10_001), InvalidInput, "too_long", "note"),
    "a field nobody edits": (
        lambda desk, known: follow_up.edit(desk, known, {"number": "1"}),
        InvalidInput,
        "field_not_editable",
        "number",
    ),
    "nothing changed": (
        lambda desk, known: follow_up.edit(desk, known, {"urgent": known.urgent}),
        InvalidInput,
        "nothing_changed",
        "",
    ),
    "a value of another shape": (
        lambda desk, known: follow_up.edit(desk, known, {"urgent": "oui"}),
        InvalidInput,
        "invalid_input",
        "urgent",
    ),
    "an answer not listed": (
        lambda desk, known: follow_up.edit(desk, known, {"answers/dim": "énorme"}),
        InvalidInput,
        "answer_not_listed",
        "answers.dim",
    ),
    "no place": (
        lambda desk, known: follow_up.edit(desk, known, {"where": Whereabouts()}),
        InvalidInput,
        "location_needed",
        "location",
    ),
    "the same service": (
        lambda desk, known: follow_up.transfer(desk, known, "TP", known.unit),
        InvalidInput,
        "already_there",
        "service",
    ),
    "no such service": (lambda desk, known: follow_up.transfer(desk, known, "XX"), InvalidInput, "unknown_service", "service"),
    "no such unit": (lambda desk, known: follow_up.transfer(desk, known, "TP", "XX"), InvalidInput, "unknown_unit", "unit"),
    "a transfer once closed": (
        lambda desk, known: follow_up.transfer(desk, replace(known, **CLOSED), "ENV"),
        NotAllowed,
        "request_closed",
        "",
    ),
    "joined once closed": (
        lambda desk, known: follow_up.join(desk, replace(known, **CLOSED), Channel.PHONE),
        NotAllowed,
        "request_closed",
        "",
    ),
    "reopened while open": (
        lambda desk, known: follow_up.change_status(desk, known, RequestStatus.REOPENED),
        InvalidInput,
        "status_not_next",
        "status",
    ),
    "a proposal nobody made": (
        lambda desk, known: follow_up.decide_proposal(desk, known, "x", accept=True),
        NotFound,
        "proposal_not_found",
        "",
    ),
    "a name longer than names": (
        lambda desk, known: follow_up.join(desk, known, Channel.PHONE, requester=Requester(name="x" * 1_001)),
        InvalidInput,
        "too_long",
        "requester.name",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_done_is_said_and_leaves_nothing(desk: Desk, known: Request, what: str) -> None:
    act, kind, code, field = WRONG[what]
    with pytest.raises(GuichetError) as wrong:
        act(desk, known)
    assert type(wrong.value) is kind
    assert (wrong.value.code, getattr(wrong.value, "field", "")) == (code, field)
    assert shift.outbox_items(desk) == ()


def test_a_role_that_serves_nobody_does_none_of_it(desk: Desk, known: Request) -> None:
    author = replace(desk, person=replace(desk.person, role=Role.AUTHOR))
    with pytest.raises(NotAllowed):
        follow_up.note(author, known, "Non.")
    assert shift.outbox_items(desk) == ()


def test_what_did_not_leave_is_withdrawn(desk: Desk, known: Request) -> None:
    done = follow_up.note(desk, known, "Oups.")
    undone = undoing.undo(desk, done.intent_id)
    assert (undone.withdrawn, undone.intent.intent_id) == (True, done.intent_id)
    assert shift.outbox_items(desk) == ()
    assert _now(desk, known) == known


def test_what_left_is_undone_by_an_intent_of_its_lane_and_is_no_longer_seen(desk: Desk, known: Request) -> None:
    done = follow_up.transfer(desk, known, "ENV")
    store_outbox.seal(desk.store, [done.intent_id])
    undone = undoing.undo(desk, done.intent_id)
    intent = store_outbox.unsettled(desk.store)[-1][0]
    assert (intent.intent_id, intent.kind, intent.lane) == (undone.undo_id, IntentKind.UNDO, known.id)
    assert _now(desk, known) == known
    with pytest.raises(NotAllowed, match="already_undone"):
        undoing.undo(desk, done.intent_id)
    assert undoing.undo(desk, undone.undo_id).withdrawn
    assert _now(desk, known).service == "ENV"
    again = undoing.undo(desk, done.intent_id)
    store_outbox.seal(desk.store, [again.undo_id])
    with pytest.raises(NotAllowed, match="nothing_to_undo"):
        undoing.undo(desk, again.undo_id)


def test_a_captured_request_that_left_is_cancelled_by_its_undo(desk: Desk) -> None:
    saved = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=HOUSE))
    store_outbox.seal(desk.store, [saved.intent_id])
    assert not undoing.undo(desk, saved.intent_id).withdrawn
    after = lookup.request(desk, saved.provisional_number).request
    assert (after.status, after.timeline[-1].code) == (RequestStatus.CANCELLED, "cancelled")


def test_nothing_is_undone_under_what_rests_on_it(desk: Desk, known: Request) -> None:
    first = follow_up.change_status(desk, known, RequestStatus.IN_PROGRESS)
    second = follow_up.change_status(desk, _now(desk, known), RequestStatus.DONE)
    with pytest.raises(NotAllowed, match="built_upon"):
        undoing.undo(desk, first.intent_id)
    undoing.undo(desk, second.intent_id)
    assert undoing.undo(desk, first.intent_id).withdrawn
    assert _now(desk, known) == known


def test_edits_of_other_fields_rest_on_nothing(desk: Desk, known: Request) -> None:
    first = follow_up.edit(desk, known, {"description": "Un."})
    follow_up.edit(desk, _now(desk, known), {"urgent": not known.urgent})
    second = follow_up.edit(desk, _now(desk, known), {"description": "Deux."})
    with pytest.raises(NotAllowed, match="built_upon"):
        undoing.undo(desk, first.intent_id)
    undoing.undo(desk, second.intent_id)
    undoing.undo(desk, first.intent_id)
    after = _now(desk, known)
    assert (after.description, after.urgent) == (known.description, not known.urgent)


def test_a_request_with_a_note_on_its_way_is_not_taken_back_from_under_it(desk: Desk) -> None:
    saved = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=HOUSE))
    noted = follow_up.note(desk, lookup.request(desk, saved.request_id).request, "Une précision.")
    with pytest.raises(NotAllowed, match="built_upon"):
        outbox.take_back(desk, saved.intent_id)
    undoing.undo(desk, noted.intent_id)
    assert outbox.take_back(desk, saved.intent_id) is not None


def test_what_the_server_refused_has_nothing_to_undo(desk: Desk, known: Request) -> None:
    done = follow_up.join(desk, known, Channel.PHONE)
    _refused(desk, done.intent_id, "request_closed")
    with pytest.raises(NotAllowed, match="nothing_to_undo"):
        undoing.undo(desk, done.intent_id)


def test_what_this_post_no_longer_knows_is_too_late(desk: Desk) -> None:
    with pytest.raises(NotFound, match="too_late_to_undo"):
        undoing.undo(desk, "01a20ec2-0000-7000-8000-000000000000")


def test_notes_are_undone_one_after_the_other_also_after_they_left(desk: Desk, known: Request) -> None:
    first, second = follow_up.note(desk, known, "Un."), follow_up.note(desk, known, "Deux.")
    store_outbox.seal(desk.store, [first.intent_id, second.intent_id])
    assert undoing.undo(desk, second.intent_id).undo_id
    assert undoing.undo(desk, first.intent_id).undo_id


def test_what_was_wrong_with_a_request_before_keeps_no_edit_of_another_field_back(desk: Desk, known: Request) -> None:
    incomplete = replace(known, answers=None)
    assert follow_up.edit(desk, incomplete, {"description": "Un trou plus grand."}).intent_id
