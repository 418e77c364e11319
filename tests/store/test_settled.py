"""What the server has is kept for some days: a server that comes back from a backup gets it again, the same and once."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from guichet_sync.domain.intents import Intent, IntentKind
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt, Operation
from guichet_sync.store import account, outbox, projection, schema, settled
from guichet_sync.store.database import reading, writing
from guichet_sync.store.outbox import OutboxCounts
from guichet_sync.store.post import PostStore
from guichet_sync.store.projection import RequestFilter
from guichet_sync.store.settled import KEPT
from guichet_sync.store.work_unit import work_unit
from tests.helpers.stores import NOW, as_mirrored, body_of, capture, creation, gone, open_store, put, receive


def _accept(store: PostStore, intent_id: str, number: str = "", **effect: int) -> None:
    outbox.seal(store, [intent_id])
    said = {f"requests/{service}": seq for service, seq in effect.items()}
    outbox.record(store, [IntentReceipt(intent_id, IntentOutcome.APPLIED, number, effect=said)])


def _settled(store: PostStore, description: str = "", number: str = "26-000001") -> Intent:
    """A captured request that the server took in and the mirror shows."""
    intent = capture(store, description)
    _accept(store, intent.intent_id, number, TP=1)
    record = as_mirrored(intent, number=number)
    receive(store, "requests/TP", [put("request", record.id, record, intent.intent_id)])
    settled.settle(store, NOW)
    return intent


def _kept(store: PostStore) -> list[str]:
    with reading(store.work) as connection:
        return list(connection.scalars(select(schema.settled.c.intent_id)))


def _seen(store: PostStore) -> list[str]:
    return [each.provisional_number for each in projection.requests(store, RequestFilter()).requests]


def test_what_is_settled_is_kept_out_of_sight(store: PostStore) -> None:
    intent = _settled(store)
    assert outbox.items(store) == ()
    assert outbox.unsettled(store) == ()
    assert outbox.counts(store) == OutboxCounts(0, 0, 0)
    assert _kept(store) == [intent.intent_id]
    assert _seen(store) == [body_of(intent).provisional_number]


def test_it_is_forgotten_after_some_days(store: PostStore) -> None:
    intent = _settled(store)
    settled.settle(store, NOW + KEPT)
    assert _kept(store) == [intent.intent_id]
    settled.settle(store, NOW + KEPT + timedelta(seconds=1))
    assert _kept(store) == []


def test_after_a_rewind_all_that_was_taken_in_goes_again_the_same_with_its_number_before_what_waits(store: PostStore) -> None:
    first, second = _settled(store, number="26-000001"), _settled(store, number="26-000002")
    accepted, waiting = capture(store), capture(store)
    _accept(store, accepted.intent_id, "26-000003", TP=9)
    settled.reopen_accepted(store)
    again = outbox.to_send(store, NOW)
    assert [each.intent_id for each in again] == [each.intent_id for each in (first, second, accepted, waiting)]
    assert [each.official_number for each in again] == ["26-000001", "26-000002", "26-000003", ""]
    assert [(each.body, each.body_sha256, each.captured_at) for each in again] == [
        (each.body, each.body_sha256, each.captured_at) for each in (first, second, accepted, waiting)
    ]
    assert [each.state for each in outbox.items(store)] == [SyncState.SEALED] * 3 + [SyncState.WAITING]
    assert _kept(store) == []
    with work_unit(store) as work:
        assert not work.withdraw(first.intent_id)


def test_twice_the_same_rewind_sends_nothing_twice(store: PostStore) -> None:
    _settled(store)
    capture(store)
    settled.reopen_accepted(store)
    once = outbox.to_send(store, NOW)
    settled.reopen_accepted(store)
    assert outbox.to_send(store, NOW) == once


def test_what_goes_again_is_seen_exactly_once_all_the_way(store: PostStore) -> None:
    intent = _settled(store, "une odeur")
    number = body_of(intent).provisional_number

    settled.reopen_accepted(store)
    assert _seen(store) == [number]  # the old mirror still shows it

    receive(store, "requests/TP", [gone(Operation.EVICT, "request", body_of(intent).request_id)])
    assert _seen(store) == [number]  # the server had lost it, the mirror follows
    assert projection.request(store, number).sync_state is SyncState.SEALED
    assert projection.request(store, "26-000001").request.description == "une odeur"

    _accept(store, intent.intent_id, "26-000001", TP=3)
    assert settled.settle(store, NOW) == ()
    assert _seen(store) == [number]

    record = as_mirrored(intent, number="26-000001")
    receive(store, "requests/TP", [put("request", record.id, record, intent.intent_id)])
    assert [each.intent_id for each in settled.settle(store, NOW)] == [intent.intent_id]
    assert _seen(store) == [number]
    assert _kept(store) == [intent.intent_id]


def test_the_order_of_a_lane_does_not_rest_on_the_clock(store: PostStore) -> None:
    first = creation("C07-0001-A", lane="request-1", captured_at=NOW)
    second = creation("C07-0002-B", lane="request-1", captured_at=NOW - timedelta(hours=3))  # the clock was set back meanwhile
    with work_unit(store) as work:
        work.enqueue(first)
        work.enqueue(second)
    for each in (first, second):
        _accept(store, each.intent_id)
    assert len(settled.settle(store, NOW)) == 2
    settled.reopen_accepted(store)
    assert [each.intent_id for each in outbox.to_send(store, NOW)] == [first.intent_id, second.intent_id]


def test_a_lane_settles_in_its_order(store: PostStore) -> None:
    first, second = (creation(f"C07-000{place}-A", lane="request-1") for place in range(2))
    with work_unit(store) as work:
        work.enqueue(first)
        work.enqueue(second)
    _accept(store, first.intent_id, TP=5)
    _accept(store, second.intent_id)
    assert settled.settle(store, NOW) == ()
    settled.reopen_accepted(store)
    assert [each.intent_id for each in outbox.to_send(store, NOW)] == [first.intent_id, second.intent_id]


def test_the_law_forgets_copies_too_but_nothing_that_the_server_never_had(store: PostStore) -> None:
    erased, again, kept = _settled(store, number="26-000001"), _settled(store, number="26-000002"), _settled(store)
    sent, unsent = creation("C07-0008-A", lane=again.lane), creation("C07-0009-A", lane=again.lane)
    with work_unit(store) as work:
        work.enqueue(sent)
        work.enqueue(unsent)
    outbox.seal(store, [sent.intent_id])
    settled.forget_settled(store, [erased.lane])
    assert _kept(store) == [again.intent_id, kept.intent_id]
    settled.reopen_accepted(store)
    settled.forget_settled(store, [again.lane])
    assert [each.intent_id for each in outbox.to_send(store, NOW)] == [kept.intent_id, sent.intent_id, unsent.intent_id]


def test_two_processes_that_make_the_signing_key_agree_on_the_first(store: PostStore) -> None:
    account.change(store, signing_secret="")
    assert [account.sign_with(store, secret) for secret in ("first", "second")] == ["first", "first"]
    assert account.read(store).signing_secret == "first"


@pytest.mark.parametrize("count", [1_200])
def test_many_at_once(store: PostStore, count: int) -> None:
    given = [creation(f"C07-{place:04d}-A") for place in range(count)]
    with work_unit(store) as work:
        for intent in given:
            work.enqueue(intent)
    ids = [intent.intent_id for intent in given]
    with writing(store.work) as connection:
        connection.execute(text("UPDATE outbox SET state = 'sealed'"))
    outbox.record(store, [IntentReceipt(each, IntentOutcome.APPLIED) for each in ids])
    assert len(settled.settle(store, NOW)) == count
    settled.reopen_accepted(store)
    assert [each.intent_id for each in outbox.items(store)] == ids


def test_a_file_of_an_earlier_version_gets_what_it_lacks_and_keeps_what_it_holds(profile: Path, store: PostStore) -> None:
    waiting = capture(store, "une odeur")
    with writing(store.work) as connection:
        for statement in ("DROP TABLE settled", "DROP TABLE verdict", "PRAGMA user_version = 1"):
            connection.execute(text(statement))
    store.close()
    with closing(open_store(profile)) as opened:
        assert outbox.to_send(opened, NOW) == (waiting,)
        _accept(opened, waiting.intent_id)
        settled.settle(opened, NOW)
        assert _kept(opened) == [waiting.intent_id]
        with reading(opened.work) as connection:
            assert schema.version(connection) == schema.WORK_VERSION


@pytest.mark.parametrize(
    ("kind", "outcome", "goes"),
    [
        (IntentKind.CREATE_REQUEST, IntentOutcome.REFUSED, False),
        (IntentKind.ADD_NOTE, IntentOutcome.REFUSED, True),
        (IntentKind.EDIT_REQUEST, IntentOutcome.CONFLICT, True),
        (IntentKind.CHANGE_STATUS, IntentOutcome.CONFLICT, True),
        (IntentKind.TRANSFER_REQUEST, IntentOutcome.GONE, True),
        (IntentKind.JOIN_REQUEST, IntentOutcome.REFUSED, True),
        (IntentKind.ADD_NOTE, None, False),
    ],
)
def test_nothing_rests_on_a_change_that_was_refused_all_on_a_creation(
    store: PostStore, kind: str, outcome: IntentOutcome | None, *, goes: bool
) -> None:
    first, second = _change("first", kind), _change("second", IntentKind.ADD_NOTE)
    with work_unit(store) as work:
        work.enqueue(first)
        work.enqueue(second)
    outbox.seal(store, ["first"])
    if outcome is None:
        outbox.quarantine(store, "first", "request_shape")
    else:
        outbox.record(store, [IntentReceipt("first", outcome, values={"expected": "done", "found": "refused"})])
        assert outbox.items(store)[0].values == {"expected": "done", "found": "refused"}
        assert outbox.items(store)[0].last_error == {"refused": "server_refused"}.get(outcome, outcome)
    assert [each.intent_id for each in outbox.to_send(store, NOW)] == ["second"] * goes


def _change(intent_id: str, kind: str) -> Intent:
    body = b"{}"
    return Intent(intent_id, "enrolment-1", kind, "request-1", body, codec.digest(body), NOW)
