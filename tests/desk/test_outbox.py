"""*À transmettre*: nothing typed is lost on the way to the server and back; what was told to a person stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from guichet_desktop.desk import capture, drafts, lookup, outbox, shift
from guichet_desktop.desk.desk import Desk
from guichet_desktop.desk.outbox import Verb
from guichet_sync.central import schema
from guichet_sync.central.database import writing
from guichet_sync.domain.category import Answer, Nature
from guichet_sync.domain.errors import NotAllowed
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.intents import IntentKind
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Requester, SyncState
from guichet_sync.domain.spaces import Role
from guichet_sync.domain.words import Language
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.store import account
from guichet_sync.store import outbox as store_outbox
from guichet_sync.store.database import writing as store_writing
from tests.helpers.central import CentralServer, copied_city
from tests.helpers.desk_world import DeskWorld
from tests.helpers.desks import Clock, SyncedPost, filled
from tests.helpers.faults import Faults

HOUSE = "A00831"
POTHOLE: dict[str, Answer] = {"dim": "moyen"}
PERSON = Requester("Luce Roy", "450 555-0123", "luce@exemple.ca", "en", on_behalf_of="sa mère")


@pytest.fixture
def world(synced_post: SyncedPost, tmp_path: Path) -> Iterator[DeskWorld]:
    """An agent's desk and its real server."""
    faults, data = Faults(), tmp_path / "central"
    server = CentralServer(copied_city(synced_post.central, data), data, faults.wrap)
    with server.running(), DeskWorld.of(synced_post.copied(tmp_path / "post"), server, faults) as made:
        yield made


def _submit(desk: Desk, **facts: object) -> capture.Captured:
    typed = filled(desk, "NDP", POTHOLE, at=HOUSE, description="Devant l’entrée.", requester=PERSON)
    return capture.submit(desk, replace(typed, **facts))  # type: ignore[arg-type]


def _refuse(desk: Desk, intent_id: str, code: str = "unknown_category") -> None:
    """What the exchange keeps of a server's no."""
    store_outbox.seal(desk.store, [intent_id])
    store_outbox.record(desk.store, [IntentReceipt(intent_id, IntentOutcome.REFUSED, code=code)])


def _set_aside(desk: Desk, intent_id: str) -> None:
    store_outbox.seal(desk.store, [intent_id])
    store_outbox.quarantine(desk.store, intent_id, "request_shape")


def _ends(world: DeskWorld, category: str) -> None:
    """The city does without a category; the post does not know it yet."""
    with writing(world.server.engine) as connection:
        row = schema.record.c
        connection.execute(delete(schema.record).where(row.kind == "category", row.id == category))


def test_what_failed_stands_first_then_the_drafts_then_what_is_on_its_way(desk: Desk) -> None:
    waiting, refused = _submit(desk), _submit(desk)
    given = capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
    kept = drafts.save(desk, filled(desk, "VALVE"))
    _refuse(desk, refused.intent_id)
    found = outbox.lines(desk)
    assert [each.id for each in found] == [refused.intent_id, kept.id, waiting.intent_id, given.intent_id]
    assert [each.failed for each in found] == [True, False, False, False]
    assert [each.number for each in found] == [refused.provisional_number, "", waiting.provisional_number, ""]
    assert [each.category.code if each.category else "" for each in found] == ["NDP", "VALVE", "NDP", ""]
    assert found[3].article == lookup.article(desk, "COL-001")
    assert [each.item.author if each.item else "" for each in found] == ["mgagnon", "", "mgagnon", "mgagnon"]
    assert found[2].promised_on == waiting.preview.promise.on  # type: ignore[union-attr]


def test_a_line_tells_what_would_be_sent_as_its_form_would_show_it(desk: Desk, clock: Clock) -> None:
    _submit(desk, nature=Nature.COMPLAINT, urgent=True)
    (line,) = outbox.lines(desk)
    content = line.content
    assert content is not None
    assert (content.category, content.answers, content.description, content.requester) == (
        "NDP",
        POTHOLE,
        "Devant l’entrée.",
        PERSON,
    )
    assert content.where == Whereabouts.of(lookup.location(desk, HOUSE))
    assert (content.nature, content.urgent, content.asked_at) == (Nature.COMPLAINT, True, clock.at)


def test_what_the_category_says_by_itself_was_not_chosen_by_the_person(desk: Desk) -> None:
    _submit(desk, answers={"dim": "gros"})
    (line,) = outbox.lines(desk)
    assert line.content is not None
    assert (line.content.nature, line.content.urgent) == (None, False)


def test_a_category_or_a_fiche_this_post_does_not_know_is_told_by_its_code(desk: Desk) -> None:
    drafts.save(desk, replace(filled(desk, "NDP"), category="RIEN"))
    given = capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
    with store_writing(desk.store.public) as connection:
        connection.exec_driver_sql("DELETE FROM article")
    draft, answer = outbox.lines(desk)
    assert (draft.category, answer.article) == (None, None)
    assert (answer.id, answer.item.label if answer.item else "") == (given.intent_id, "COL-001")


def test_a_request_not_sent_yet_is_taken_back_with_all_that_was_typed_and_keeps_its_number(desk: Desk, clock: Clock) -> None:
    told = _submit(desk)
    clock.at += timedelta(days=2)
    back = outbox.take_back(desk, told.intent_id)
    assert back is not None
    assert drafts.waiting(desk) == (back,)
    assert shift.outbox_items(desk) == ()
    assert (back.number, back.updated_at) == (told.provisional_number, clock.at)
    assert (back.answers, back.description, back.requester) == (POTHOLE, "Devant l’entrée.", PERSON)
    again = capture.submit(desk, replace(back, description="Devant le garage."))
    assert again.provisional_number == told.provisional_number
    assert again.intent_id != told.intent_id
    found = lookup.request(desk, told.provisional_number)
    assert found.request.description == "Devant le garage."
    assert found.request.captured_at == told.preview.at
    assert found.request.promised_on == date(2026, 12, 1)
    assert ProvisionalNumber.parse(_submit(desk).provisional_number).sequence == 2


def test_what_is_on_its_way_is_not_taken_back(desk: Desk) -> None:
    told = _submit(desk)
    store_outbox.seal(desk.store, [told.intent_id])
    assert outbox.take_back(desk, told.intent_id) is None
    assert outbox.reopen(desk, told.intent_id) is None
    assert outbox.take_back(desk, "rien") is None
    assert [each.intent_id for each in shift.outbox_items(desk)] == [told.intent_id]
    assert drafts.waiting(desk) == ()


@pytest.mark.parametrize("fail", [_refuse, _set_aside])
def test_a_request_that_failed_is_a_draft_again_and_nothing_of_it_is_lost(desk: Desk, fail: object) -> None:
    told = _submit(desk)
    fail(desk, told.intent_id)  # type: ignore[operator]
    back = outbox.reopen(desk, told.intent_id)
    assert back is not None
    assert (back.number, back.number_spent, back.requester) == (told.provisional_number, False, PERSON)
    assert [each.id for each in outbox.lines(desk)] == [back.id]


@pytest.mark.parametrize("code", ["number_taken", "number_form", "number_check"])
def test_a_number_that_is_another_requests_is_remembered_and_not_used_again(desk: Desk, code: str) -> None:
    told = _submit(desk)
    _refuse(desk, told.intent_id, code)
    back = outbox.reopen(desk, told.intent_id)
    assert back is not None
    assert (back.number, back.number_spent) == (told.provisional_number, True)
    assert ProvisionalNumber.parse(capture.submit(desk, back).provisional_number).sequence == 2


def test_a_number_of_an_enrolment_that_is_no_more_gives_way_to_a_new_one(desk: Desk) -> None:
    told = _submit(desk)
    back = outbox.take_back(desk, told.intent_id)
    assert back is not None
    account.change(desk.store, code="Z99")
    assert ProvisionalNumber.parse(capture.submit(desk, back).provisional_number) == ProvisionalNumber("Z99", 1)


def test_a_refused_request_corrected_by_its_author_is_accepted_under_the_number_that_was_told(world: DeskWorld) -> None:
    told = world.capture()
    _ends(world, "NDP")
    assert world.exchange().refused == 1
    (line,) = outbox.lines(world.desk)
    assert line.verbs == (Verb.CORRECT,)
    back = outbox.reopen(world.desk, told.intent_id)
    assert back is not None
    asked: dict[str, Answer] = {"act": "ouvrir", "quand": "2026-11-25T08:00"}
    again = capture.submit(world.desk, replace(back, category="VALVE", answers=back.answers | asked, requester=PERSON))
    assert again.provisional_number == told.provisional_number
    assert world.exchange().accepted == 1
    found = world.find(told.provisional_number)
    assert found is not None
    assert (found.sync_state, found.request.category, found.request.description) == (
        SyncState.SETTLED,
        "VALVE",
        "Un trou au coin de la rue",
    )
    assert found.request.captured_at == told.preview.at
    assert world.at_server(told) == 1


def test_what_was_set_aside_is_sent_again_the_same_and_accepted_once_the_server_reads_it(world: DeskWorld) -> None:
    told = world.capture("illisible")
    world.faults.refuse_whatever_holds("illisible", 422, code="request_shape")
    assert world.exchange().quarantined == 1
    (line,) = outbox.lines(world.desk)
    assert line.verbs == (Verb.RETRY, Verb.CORRECT)
    world.faults.heal()
    assert world.exchange().sent == 0
    assert outbox.retry(world.desk, told.intent_id)
    assert world.exchange().accepted == 1
    assert world.at_server(told) == 1


def test_a_request_the_server_had_already_is_never_made_twice_by_correcting_it(world: DeskWorld) -> None:
    """Its reply was lost, then a proxy refused its size: the number that was told keeps it one."""
    told = world.capture("le même trou")
    world.faults.lose_next_reply("/v1/intents")
    world.exchange()
    world.faults.refuse_whatever_holds("le même trou", 413)
    world.exchange()
    back = outbox.reopen(world.desk, told.intent_id)
    assert back is not None
    world.faults.heal()
    capture.submit(world.desk, back)
    assert world.exchange().refused == 1
    (line,) = outbox.lines(world.desk)
    assert line.item is not None
    assert line.item.last_error == "number_taken"
    assert world.at_server(told) == 1


def test_an_answer_not_sent_yet_is_taken_out_and_may_be_put_back_as_it_was(desk: Desk) -> None:
    given = capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
    assert outbox.take_back(desk, given.intent_id) is None
    before = store_outbox.unsettled(desk.store)
    taken = outbox.take_out(desk, given.intent_id)
    assert taken is not None
    assert outbox.lines(desk) == ()
    assert outbox.take_out(desk, given.intent_id) is None
    outbox.put_back(desk, taken)
    assert store_outbox.unsettled(desk.store) == before


def test_a_refused_answer_is_counted_anew_under_another_id(desk: Desk, clock: Clock) -> None:
    given = capture.give_answer(desk, "COL-001", Channel.COUNTER, Language.EN)
    asked_at = clock.at
    _refuse(desk, given.intent_id, "not_allowed")
    clock.at += timedelta(hours=1)
    with pytest.raises(NotAllowed):
        outbox.retry(replace(desk, person=replace(desk.person, role=Role.AUTHOR)), given.intent_id)
    assert [each.intent_id for each in shift.outbox_items(desk)] == [given.intent_id]
    assert outbox.retry(desk, given.intent_id)
    (line,) = outbox.lines(desk)
    assert line.item is not None
    assert line.id != given.intent_id
    assert (line.item.state, line.item.label, line.item.captured_at) == (SyncState.WAITING, "COL-001", asked_at)
    assert not outbox.retry(desk, given.intent_id)


def test_a_refused_request_is_corrected_and_never_sent_again_as_it_is(desk: Desk) -> None:
    told = _submit(desk)
    _refuse(desk, told.intent_id)
    assert not outbox.retry(desk, told.intent_id)
    assert [each.state for each in shift.outbox_items(desk)] == [SyncState.REFUSED]


def test_a_draft_that_was_thrown_away_comes_back_whole(desk: Desk) -> None:
    kept = drafts.save(desk, filled(desk, "NDP", POTHOLE, description="Un trou"))
    assert outbox.discard(desk, kept.id) == kept
    assert outbox.lines(desk) == ()
    assert outbox.discard(desk, kept.id) is None
    assert drafts.save(desk, kept) == kept


def test_a_form_emptied_again_keeps_the_number_that_a_person_was_told(desk: Desk) -> None:
    told = _submit(desk)
    back = outbox.take_back(desk, told.intent_id)
    assert back is not None
    emptied = replace(drafts.new(desk, Channel.PHONE), id=back.id, number=back.number)
    assert drafts.save(desk, emptied).number == told.provisional_number
    assert [each.number for each in outbox.lines(desk)] == [told.provisional_number]


@pytest.mark.parametrize(
    ("state", "kind", "error", "shown", "verbs"),
    [
        (SyncState.WAITING, IntentKind.CREATE_REQUEST, "", True, (Verb.TAKE_BACK,)),
        (SyncState.SEALED, IntentKind.CREATE_REQUEST, "", True, (Verb.UNDO,)),
        (SyncState.SEALED, IntentKind.RECORD_ANSWER, "try_later", False, (Verb.RETRY, Verb.UNDO)),
        (SyncState.SEALED, IntentKind.UNDO, "", False, ()),
        (SyncState.ACCEPTED, IntentKind.CREATE_REQUEST, "", True, (Verb.UNDO,)),
        (SyncState.ACCEPTED, IntentKind.DECIDE_PROPOSAL, "", False, ()),
        (SyncState.REFUSED, IntentKind.TRANSFER_REQUEST, "not_as_expected", False, (Verb.AGAIN, Verb.DISCARD)),
        (SyncState.REFUSED, IntentKind.DECIDE_PROPOSAL, "already_decided", False, (Verb.DISCARD,)),
        (SyncState.REFUSED, IntentKind.CREATE_REQUEST, "unknown_category", True, (Verb.CORRECT,)),
        (SyncState.REFUSED, IntentKind.RECORD_ANSWER, "not_allowed", False, (Verb.RETRY, Verb.DISCARD)),
        (SyncState.REFUSED, "request.close", "unknown_kind", False, (Verb.DISCARD,)),
        (SyncState.QUARANTINED, "request.close", "request_shape", False, (Verb.RETRY, Verb.DISCARD)),
        (SyncState.QUARANTINED, IntentKind.CREATE_REQUEST, "request_shape", True, (Verb.RETRY, Verb.CORRECT)),
    ],
)
def test_only_what_can_truly_be_done_is_offered(
    desk: Desk, state: SyncState, kind: str, error: str, shown: bool, verbs: tuple[Verb, ...]
) -> None:
    _submit(desk)
    (line,) = outbox.lines(desk)
    assert line.item is not None
    item = replace(line.item, state=state, kind=kind, last_error=error)
    assert replace(line, item=item, content=line.content if shown else None).verbs == verbs


def test_a_draft_is_opened_or_thrown_away(desk: Desk) -> None:
    drafts.save(desk, filled(desk, "NDP"))
    (line,) = outbox.lines(desk)
    assert line.verbs == (Verb.OPEN, Verb.DISCARD)
    assert outbox.Line("vide").number == ""
