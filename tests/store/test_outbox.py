"""What waits to be sent: in order, by lanes, never changed once its first byte left, let go when the mirror shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guichet_sync.domain.request import SyncState
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.store import arrivals, outbox, projection, settled
from guichet_sync.store.outbox import OutboxCounts
from guichet_sync.store.post import PostStore
from guichet_sync.store.settled import Settled
from guichet_sync.store.work_unit import work_unit
from tests.helpers.stores import NOW, as_mirrored, body_of, capture, creation, manifest, put, receive

LATER = NOW + timedelta(minutes=5)


def _ids(store: PostStore, now: object = NOW) -> list[str]:
    return [intent.intent_id for intent in outbox.to_send(store, now)]  # type: ignore[arg-type]


def _enqueue(store: PostStore, count: int, size: int = 0, lane: str = "") -> list[str]:
    intents = [creation(f"C07-{place:04d}-A", "x" * size, lane=lane) for place in range(count)]
    with work_unit(store) as work:
        for intent in intents:
            work.enqueue(intent)
    return [intent.intent_id for intent in intents]


def _answer(store: PostStore, intent_id: str, outcome: IntentOutcome = IntentOutcome.APPLIED, **said: object) -> None:
    outbox.seal(store, [intent_id])
    outbox.record(store, [IntentReceipt(intent_id, outcome, **said)])  # type: ignore[arg-type]


def _states(store: PostStore) -> list[SyncState]:
    return [item.state for item in outbox.items(store)]


def test_a_batch_is_fifty_intents_at_most_oldest_first(store: PostStore) -> None:
    given = _enqueue(store, 60)
    assert _ids(store) == given[:50]
    outbox.seal(store, given[:50])
    assert _ids(store) == given[:50]
    outbox.record(store, [IntentReceipt(each, IntentOutcome.APPLIED) for each in given[:50]])
    assert _ids(store) == given[50:]


def test_a_batch_is_one_mebibyte_at_most_but_never_empty(store: PostStore) -> None:
    small, large = _enqueue(store, 5, 300_000), _enqueue(store, 2, 2_000_000)
    assert _ids(store) == small[:3]
    for each in small:
        _answer(store, each)
    assert _ids(store) == large[:1]


def test_a_lane_that_waits_stops_itself_alone_and_keeps_its_order(store: PostStore) -> None:
    first, second = _enqueue(store, 2, lane="request-1")
    (other,) = _enqueue(store, 1, lane="request-2")
    outbox.seal(store, [first])
    outbox.postpone(store, [first], "try_later", LATER)
    assert _ids(store) == [other]
    assert _ids(store, LATER) == [first, second, other]
    assert [(item.last_error, item.attempts) for item in outbox.items(store)] == [("try_later", 1), ("", 0), ("", 0)]
    outbox.seal(store, [first])
    assert outbox.items(store)[0].last_error == ""


@pytest.mark.parametrize("failure", [IntentOutcome.REFUSED, IntentOutcome.CONFLICT, IntentOutcome.GONE, None])
def test_what_failed_stops_its_lane_until_its_author_acts(store: PostStore, failure: IntentOutcome | None) -> None:
    first, _second = _enqueue(store, 2, lane="request-1")
    (other,) = _enqueue(store, 1, lane="request-2")
    if failure is None:
        outbox.seal(store, [first])
        outbox.quarantine(store, first, "reply_shape")
    else:
        _answer(store, first, failure, code="unknown_category")
    assert _ids(store) == [other]
    assert outbox.items(store)[0].last_error in ("unknown_category", "reply_shape")
    expected = OutboxCounts(2, 0, 1) if failure is None else OutboxCounts(2, 1, 0)
    assert outbox.counts(store) == expected


def test_a_sealed_intent_never_changes(store: PostStore) -> None:
    capture(store, "une odeur")
    (before,) = outbox.to_send(store, NOW)
    outbox.seal(store, [before.intent_id])
    outbox.postpone(store, [before.intent_id], "try_later", NOW)
    outbox.seal(store, [before.intent_id])
    with work_unit(store) as work:
        assert not work.withdraw(before.intent_id)
    assert outbox.to_send(store, NOW) == (before,)
    assert outbox.items(store)[0].attempts == 2


def test_what_is_decided_stays_decided(store: PostStore) -> None:
    accepted, refused = _enqueue(store, 2)
    _answer(store, accepted, number="26-000001", effect={"requests/TP": 1})
    _answer(store, refused, IntentOutcome.REFUSED, code="number_taken")
    for each in (accepted, refused):
        outbox.quarantine(store, each, "late")
        outbox.postpone(store, [each], "late", LATER)
        outbox.record(store, [IntentReceipt(each, IntentOutcome.REFUSED, code="late")])
    assert _states(store) == [SyncState.ACCEPTED, SyncState.REFUSED]
    assert [item.last_error for item in outbox.items(store)] == ["", "number_taken"]
    assert outbox.items(store)[0].official_number == "26-000001"


def test_an_answer_to_what_was_never_sent_is_not_believed(store: PostStore) -> None:
    intent = capture(store)
    outbox.record(store, [IntentReceipt(intent.intent_id, IntentOutcome.APPLIED), IntentReceipt("?", IntentOutcome.APPLIED)])
    assert _states(store) == [SyncState.WAITING]


def test_an_intent_is_let_go_only_after_the_mirror_shows_it(store: PostStore) -> None:
    intent = capture(store)
    number = body_of(intent).provisional_number
    _answer(store, intent.intent_id, number="26-000001", effect={"requests/TP": 1})
    assert settled.settle(store) == ()
    assert projection.request(store, number).sync_state is SyncState.ACCEPTED
    assert projection.request(store, "26-000001").request.provisional_number == number
    record = as_mirrored(intent, number="26-000001")
    receive(store, "requests/TP", [put("request", record.id, record, intent.intent_id)])
    assert projection.request(store, number).sync_state is SyncState.SETTLED
    assert settled.settle(store) == (Settled(intent.intent_id, number, "26-000001"),)
    assert settled.settle(store) == ()
    assert outbox.items(store) == ()
    assert projection.request(store, number).request.number == "26-000001"


def test_a_snapshot_shows_an_effect_without_naming_its_intent(store: PostStore) -> None:
    intent = capture(store)
    _answer(store, intent.intent_id, effect={"requests/TP": 7})
    arrivals.take_part(store, manifest("requests/TP", 6, [0]), 0, [])
    assert settled.settle(store) == ()
    later = manifest("requests/TP", 7, [1, 0])
    record = as_mirrored(intent)
    arrivals.take_part(store, later, 0, [put("request", record.id, record)])
    assert settled.settle(store) == ()
    arrivals.take_part(store, later, 1, [])
    assert [each.intent_id for each in settled.settle(store)] == [intent.intent_id]


def test_what_has_no_effect_to_wait_for_is_let_go_at_once(store: PostStore) -> None:
    intent = capture(store)
    _answer(store, intent.intent_id)
    assert [each.intent_id for each in settled.settle(store)] == [intent.intent_id]


def test_settling_touches_nothing_else(store: PostStore) -> None:
    waiting, refused = _enqueue(store, 2)
    _answer(store, refused, IntentOutcome.REFUSED)
    assert settled.settle(store) == ()
    assert [item.intent_id for item in outbox.items(store)] == [waiting, refused]
    assert outbox.counts(store) == OutboxCounts(1, 1, 0)


def test_what_was_set_aside_or_waits_for_its_next_try_is_sent_again_the_same(store: PostStore) -> None:
    aside, later, away = _enqueue(store, 3)
    before = {intent.intent_id: intent for intent in outbox.to_send(store, NOW)}
    outbox.seal(store, [aside, later, away])
    outbox.quarantine(store, aside, "request_shape")
    outbox.postpone(store, [later], "try_later", LATER)
    assert _ids(store) == [away]
    assert [outbox.hurry(store, each) for each in (aside, later, away)] == [True, True, False]
    assert outbox.to_send(store, NOW) == (before[aside], before[later], before[away])
    assert [(item.state, item.attempts, item.last_error) for item in outbox.items(store)] == [
        (SyncState.SEALED, 1, "request_shape"),
        (SyncState.SEALED, 1, "try_later"),
        (SyncState.SEALED, 1, ""),
    ]


def test_what_was_never_sent_or_is_decided_cannot_be_hurried(store: PostStore) -> None:
    waiting, accepted, refused = _enqueue(store, 3)
    _answer(store, accepted, effect={"requests/TP": 1})
    _answer(store, refused, IntentOutcome.REFUSED, code="unknown_category")
    assert not any(outbox.hurry(store, each) for each in (waiting, accepted, refused, "unknown"))
    assert _states(store) == [SyncState.WAITING, SyncState.ACCEPTED, SyncState.REFUSED]
