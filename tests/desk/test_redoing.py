"""What was refused of a known request: told with its reason, done again on what is there now, let go of, never lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from guichet_desktop.desk import capture, follow_up, lookup, outbox, redoing, shift, undoing
from guichet_desktop.desk.desk import Desk
from guichet_desktop.desk.outbox import Line, Verb
from guichet_sync.domain.errors import InvalidInput, NotAllowed, NotFound
from guichet_sync.domain.intents import AddNote, ChangeStatus, EditRequest, IntentKind, TransferRequest
from guichet_sync.domain.request import Channel, Request, RequestStatus, SyncState
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.store import mirror
from guichet_sync.store import outbox as store_outbox
from guichet_sync.store.projection import RequestFilter
from tests.helpers.desks import filled
from tests.helpers.stores import page, put


@pytest.fixture
def known(desk: Desk) -> Request:
    """An open request of the roads service that the mirror has."""
    listed = lookup.requests(desk, RequestFilter(service="TP", open_only=True, limit=50)).requests
    found = (lookup.request(desk, each.id).request for each in listed)
    return next(each for each in found if each.category == "NDP" and each.status is RequestStatus.TRANSMITTED)


def _refuse(desk: Desk, intent_id: str, code: str = "not_as_expected", **values: Any) -> None:
    store_outbox.seal(desk.store, [intent_id])
    receipt = IntentReceipt(intent_id, IntentOutcome.CONFLICT, code=code, values=values)
    store_outbox.record(desk.store, [receipt])


def _becomes(desk: Desk, request: Request, **facts: Any) -> None:
    """What came down meanwhile."""
    at = next(each for each in mirror.cursors(desk.store) if each.space == f"requests/{request.service}")
    came = page(at.space, [put("request", request.id, replace(request, **facts))], at.seq)
    mirror.apply(desk.store, replace(came, epoch=at.epoch))


def _line(desk: Desk) -> Line:
    (line,) = outbox.lines(desk)
    return line


def _body(desk: Desk) -> Any:
    deed = _line(desk).deed
    assert deed is not None
    return deed.body


def test_a_transfer_that_met_another_unit_goes_on_from_where_the_request_is_now(desk: Desk, known: Request) -> None:
    done = follow_up.transfer(desk, known, "ENV", reason="Un arbre.")
    _refuse(desk, done.intent_id, expected=known.unit, found="TP-VOIRIE-S")
    line = _line(desk)
    assert line.verbs == (Verb.AGAIN, Verb.COPY_TEXT, Verb.DISCARD)
    assert line.item is not None
    assert line.item.values == {"expected": known.unit, "found": "TP-VOIRIE-S"}
    _becomes(desk, known, unit="TP-VOIRIE-S")
    anew = redoing.again(desk, done.intent_id)
    assert anew is not None
    assert anew.intent_id != done.intent_id
    assert _body(desk) == TransferRequest(known.id, "TP", "ENV", "TP-VOIRIE-S", "", "Un arbre.")
    assert lookup.request(desk, known.id).request.service == "ENV"


def test_a_status_that_met_another_follows_the_one_there_is(desk: Desk, known: Request) -> None:
    done = follow_up.change_status(desk, known, RequestStatus.DONE, "repaired")
    _refuse(desk, done.intent_id)
    _becomes(desk, known, status=RequestStatus.IN_PROGRESS)
    assert redoing.again(desk, done.intent_id) is not None
    assert _body(desk) == ChangeStatus(known.id, RequestStatus.IN_PROGRESS, RequestStatus.DONE, "repaired")


def test_what_is_so_already_is_not_done_again_and_stays_in_sight(desk: Desk, known: Request) -> None:
    done = follow_up.change_status(desk, known, RequestStatus.DONE)
    _refuse(desk, done.intent_id)
    _becomes(desk, known, status=RequestStatus.CANCELLED)
    with pytest.raises(InvalidInput, match="status_not_next"):
        redoing.again(desk, done.intent_id)
    assert _line(desk).id == done.intent_id


def test_an_edit_is_put_over_what_stands_there_today(desk: Desk, known: Request) -> None:
    done = follow_up.edit(desk, known, {"description": "Le mien.", "urgent": not known.urgent})
    _refuse(desk, done.intent_id, "request_full")
    _becomes(desk, known, description="Le leur.", urgent=not known.urgent)
    assert redoing.again(desk, done.intent_id) is not None
    body = _body(desk)
    assert isinstance(body, EditRequest)
    assert {name: (each.base, each.new) for name, each in body.fields.items()} == {"description": ("Le leur.", "Le mien.")}
    assert lookup.request(desk, known.id).request.description == "Le mien."


def test_a_join_refused_because_it_closed_says_so_until_it_is_open_again(desk: Desk, known: Request) -> None:
    done = follow_up.join(desk, known, Channel.PHONE, description="Moi aussi.")
    _refuse(desk, done.intent_id, "request_closed")
    _becomes(desk, known, status=RequestStatus.DONE)
    with pytest.raises(NotAllowed, match="request_closed"):
        redoing.again(desk, done.intent_id)
    _becomes(desk, known, status=RequestStatus.REOPENED)
    assert redoing.again(desk, done.intent_id) is not None
    assert lookup.request(desk, known.id).request.timeline[-1].note == "Moi aussi."


def test_the_text_of_a_refused_note_is_there_to_copy_and_survives_being_let_go_of(desk: Desk, known: Request) -> None:
    done = follow_up.note(desk, known, "Deux lignes\nde texte.")
    _refuse(desk, done.intent_id, "request_full", found=3)
    line = _line(desk)
    assert line.deed is not None
    assert line.deed.text == "Deux lignes\nde texte."
    taken = outbox.drop(desk, done.intent_id)
    assert taken is not None
    assert outbox.lines(desk) == ()
    assert outbox.drop(desk, done.intent_id) is None
    outbox.put_back(desk, taken)
    back = _line(desk)
    assert back.deed == line.deed
    assert back.item is not None
    assert (back.item.state, back.item.last_error, back.item.values, back.item.attempts) == (
        SyncState.REFUSED,
        "request_full",
        {"found": 3},
        1,
    )


def test_a_request_that_left_this_posts_reach_is_not_done_anything_to(desk: Desk, known: Request) -> None:
    done = follow_up.note(desk, replace(known, id="gone"), "Trop tard.")
    _refuse(desk, done.intent_id, "request_not_found")
    with pytest.raises(NotFound):
        redoing.again(desk, done.intent_id)
    assert _line(desk).id == done.intent_id


def test_only_what_is_refused_is_done_again(desk: Desk, known: Request) -> None:
    done = follow_up.note(desk, known, "Attend encore.")
    assert redoing.again(desk, done.intent_id) is None
    assert redoing.again(desk, "unknown") is None
    assert outbox.drop(desk, done.intent_id) is None


def test_what_waits_is_taken_out_and_put_back(desk: Desk, known: Request) -> None:
    done = follow_up.change_status(desk, known, RequestStatus.IN_PROGRESS)
    assert _line(desk).verbs == (Verb.TAKE_BACK,)
    taken = outbox.take_out(desk, done.intent_id)
    assert taken is not None
    assert lookup.request(desk, known.id).request == known
    outbox.put_back(desk, taken)
    assert lookup.request(desk, known.id).request.status is RequestStatus.IN_PROGRESS


def test_what_something_rests_on_is_not_taken_out_from_under_it(desk: Desk, known: Request) -> None:
    first = follow_up.change_status(desk, known, RequestStatus.IN_PROGRESS)
    follow_up.change_status(desk, lookup.request(desk, known.id).request, RequestStatus.DONE)
    with pytest.raises(NotAllowed, match="built_upon"):
        outbox.take_out(desk, first.intent_id)
    assert len(shift.outbox_items(desk)) == 2


def test_an_undo_tells_what_it_undoes_and_what_is_undone_offers_it_no_more(desk: Desk, known: Request) -> None:
    done = follow_up.note(desk, known, "Oups.")
    store_outbox.seal(desk.store, [done.intent_id])
    assert _line(desk).verbs == (Verb.UNDO,)
    undoing.undo(desk, done.intent_id)
    noted, undo = outbox.lines(desk)
    assert (noted.verbs, undo.verbs) == ((), (Verb.TAKE_BACK,))
    assert undo.deed is not None
    assert undo.deed.undone_kind == IntentKind.ADD_NOTE


def test_a_capture_is_undone_as_a_draft_or_by_what_follows_it(desk: Desk) -> None:
    first, second = (capture.submit(desk, filled(desk, "NDP", {"dim": "petit"}, at="A00831")) for _ in range(2))
    store_outbox.seal(desk.store, [second.intent_id])
    draft = outbox.undo_capture(desk, first.intent_id)
    assert draft is not None
    assert draft.number == first.provisional_number
    assert outbox.undo_capture(desk, second.intent_id) is None
    assert lookup.request(desk, second.request_id).request.status is RequestStatus.CANCELLED


def test_an_edit_that_somebody_made_meanwhile_says_so(desk: Desk, known: Request) -> None:
    done = follow_up.edit(desk, known, {"description": "Deux trous."})
    _refuse(desk, done.intent_id)
    _becomes(desk, known, description="Deux trous.")
    with pytest.raises(InvalidInput, match="nothing_changed"):
        redoing.again(desk, done.intent_id)
    assert _line(desk).failed


def test_a_transfer_that_somebody_made_meanwhile_says_so(desk: Desk, known: Request) -> None:
    done = follow_up.transfer(desk, known, "TP", "TP-VOIRIE-S")
    _refuse(desk, done.intent_id)
    _becomes(desk, known, unit="TP-VOIRIE-S")
    with pytest.raises(InvalidInput, match="already_there"):
        redoing.again(desk, done.intent_id)
    assert _line(desk).failed


def test_a_note_that_was_refused_is_left_again_as_it_was(desk: Desk, known: Request) -> None:
    done = follow_up.note(desk, known, "Rappeler avant 17 h.")
    _refuse(desk, done.intent_id, "request_not_found")
    assert redoing.again(desk, done.intent_id) is not None
    assert _body(desk) == AddNote(known.id, "Rappeler avant 17 h.")


def test_what_was_accepted_has_no_text_to_copy_where_none_was_typed(desk: Desk, known: Request) -> None:
    done = follow_up.change_status(desk, known, RequestStatus.IN_PROGRESS)
    store_outbox.seal(desk.store, [done.intent_id])
    store_outbox.record(desk.store, [IntentReceipt(done.intent_id, IntentOutcome.APPLIED, effect={"requests/TP": 10_000})])
    line = _line(desk)
    assert line.item is not None
    assert line.item.state is SyncState.ACCEPTED
    assert line.deed is not None
    assert line.deed.text == ""
    assert Verb.COPY_TEXT not in line.verbs


def test_the_texts_of_a_refused_edit_are_there_to_copy(desk: Desk, known: Request) -> None:
    done = follow_up.edit(desk, known, {"description": "Deux trous.", "urgent": not known.urgent})
    _refuse(desk, done.intent_id)
    deed = _line(desk).deed
    assert deed is not None
    assert deed.text == "Deux trous."
