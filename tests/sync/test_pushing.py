from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from guichet_desktop.desk import shift
from guichet_sync.central import schema
from guichet_sync.central.database import writing
from guichet_sync.client import clock
from guichet_sync.client.clock import Moment
from guichet_sync.client.events import Refused
from guichet_sync.client.push import VERDICTS
from guichet_sync.domain.category import Nature
from guichet_sync.domain.errors import BadReply, NotAllowed, TryLater, Unreachable
from guichet_sync.domain.intents import CreateRequest, Intent
from guichet_sync.domain.request import Channel, SyncState
from guichet_sync.protocol import codec
from guichet_sync.store import outbox
from guichet_sync.store.work_unit import work_unit
from tests.helpers.desk_world import DeskWorld

POISON = "Le mot de trop"


def states(world: DeskWorld) -> list[tuple[SyncState, str]]:
    return [(each.state, each.last_error) for each in outbox.items(world.desk.store)]


def put_back(world: DeskWorld, *, hours: float) -> None:
    """The post's clock now runs this much ahead."""
    world.moment = lambda: replace(clock.now(), at=datetime.now(UTC) + timedelta(hours=hours))


def test_what_the_server_refuses_becomes_a_visible_task_with_its_reason(world: DeskWorld) -> None:
    captured = world.capture()
    with writing(world.server.engine) as connection:
        connection.execute(delete(schema.record).where(schema.record.c.kind == "category", schema.record.c.id == "NDP"))
    result = world.exchange()
    assert (result.refused, result.accepted) == (1, 0)
    assert world.told(Refused) == [Refused(captured.intent_id, "unknown_category")]
    [item] = shift.outbox_items(world.desk)
    assert (item.state, item.last_error, item.number) == (SyncState.REFUSED, "unknown_category", captured.provisional_number)
    found = world.find(captured.provisional_number)
    assert found is not None
    assert (found.sync_state, found.refusal) == (SyncState.REFUSED, "unknown_category")
    world.exchange()
    assert world.faults.count("/v1/intents") == 1


@pytest.mark.parametrize("place", [0, 23, 49])
def test_the_one_body_that_the_server_cannot_read_is_set_aside_and_the_others_pass(world: DeskWorld, place: int) -> None:
    captured = [world.capture(POISON if rank == place else "Un trou") for rank in range(50)]
    world.faults.refuse_whatever_holds(POISON, 422, code="request_shape")
    result = world.exchange()
    assert (result.failure, result.accepted, result.quarantined) == (None, 49, 1)
    assert states(world) == [(SyncState.QUARANTINED, "request_shape")]
    assert world.told(Refused) == [Refused(captured[place].intent_id, "request_shape")]
    assert world.faults.count("/v1/intents") <= 14
    assert [world.at_server(each) for each in captured] == [int(rank != place) for rank in range(50)]


def test_what_is_too_large_for_the_server_is_found_though_its_reply_comes_before_the_end_of_the_request(world: DeskWorld) -> None:
    captured = [world.capture() for _ in range(3)]
    asked = CreateRequest("too-large", "", "call", Channel.PHONE, Nature.REQUEST, "NDP", "TP", description='"' * 1_000_000)
    body = codec.encode(asked)  # twice as long once it is text in JSON
    with work_unit(world.desk.store) as work:
        work.enqueue(
            Intent("too-large", world.desk.enrolment, "request.create", "alone", body, codec.digest(body), datetime.now(UTC))
        )
    captured += [world.capture() for _ in range(3)]
    result = world.exchange()
    assert (result.failure, result.accepted, result.quarantined) == (None, 6, 1)
    assert states(world) == [(SyncState.QUARANTINED, "request_too_large")]
    assert all(world.at_server(each) for each in captured)


def test_the_page_of_a_proxy_that_takes_less_than_the_server_is_heard_too(world: DeskWorld) -> None:
    world.capture(POISON)
    world.capture()
    world.faults.refuse_whatever_holds(POISON, 413)
    assert world.exchange().accepted == 1
    assert states(world) == [(SyncState.QUARANTINED, "request_too_large")]


@pytest.mark.parametrize(
    ("status", "page"),
    [(200, b"<html>Bienvenue sur le Wi-Fi</html>"), (302, b""), (404, b"<html>"), (403, b"<html>"), (400, b"<html>")],
)
def test_no_intent_is_blamed_for_the_page_of_a_stranger(world: DeskWorld, status: int, page: bytes) -> None:
    for _ in range(3):
        world.capture()
    world.faults.answer_next("/v1/intents", page, status)
    result = world.exchange()
    assert isinstance(result.failure, BadReply)
    assert states(world) == [(SyncState.SEALED, "")] * 3
    assert world.faults.count("/v1/intents") == 1
    assert world.exchange().accepted == 3


def test_a_server_that_breaks_over_one_body_gets_the_others_and_that_one_again_later(world: DeskWorld) -> None:
    captured = [world.capture(POISON if rank == 3 else "Un trou") for rank in range(8)]
    world.faults.refuse_whatever_holds(POISON, 500)
    result = world.exchange()
    assert (result.accepted, result.quarantined) == (7, 0)
    assert isinstance(result.failure, Unreachable)
    assert result.failure.code == "server_failed"
    assert states(world) == [(SyncState.SEALED, "server_failed")]

    world.faults.heal()
    assert world.exchange().sent == 0
    put_back(world, hours=1)
    assert world.exchange().accepted == 1
    assert all(world.at_server(each) for each in captured)


def test_what_the_server_breaks_over_again_and_again_is_set_aside_at_the_fifth_verdict(world: DeskWorld) -> None:
    blamed, other = world.capture(POISON), world.capture()
    world.faults.refuse_whatever_holds(POISON, 500)
    results = []
    for verdict in range(VERDICTS):
        put_back(world, hours=1.1 * verdict)
        results.append(world.exchange())
        assert world.exchange().sent == 0  # it waits for its pause
    assert [isinstance(each.failure, Unreachable) for each in results] == [True] * (VERDICTS - 1) + [False]
    assert [each.quarantined for each in results] == [0] * (VERDICTS - 1) + [1]
    assert world.told(Refused) == [Refused(blamed.intent_id, "server_failed")]
    assert states(world) == [(SyncState.QUARANTINED, "server_failed")]
    asked = world.faults.count("/v1/intents")
    put_back(world, hours=100)
    assert world.exchange().failure is None
    assert world.faults.count("/v1/intents") == asked

    world.faults.heal()
    assert outbox.hurry(world.desk.store, blamed.intent_id)
    assert world.exchange().accepted == 1
    assert [world.at_server(each) for each in (blamed, other)] == [1, 1]
    assert outbox.blamed(world.desk.store, blamed.intent_id) == 0


def test_no_intent_is_blamed_for_a_server_that_breaks_over_everything(world: DeskWorld) -> None:
    captured = [world.capture("Un trou") for _ in range(50)]
    world.faults.refuse_whatever_holds("Un trou", 500)
    for exchange in range(VERDICTS + 1):
        put_back(world, hours=1.1 * exchange)
        assert isinstance(world.exchange().failure, Unreachable)
    assert {outbox.blamed(world.desk.store, each.intent_id) for each in captured} == {0}
    assert {state for state, _ in states(world)} == {SyncState.SEALED}


def test_what_was_merged_is_in_and_a_conflict_keeps_what_was_found(world: DeskWorld) -> None:
    merged, conflict, gone = world.capture(), world.capture(), world.capture()
    said = {
        merged.intent_id: {"outcome": "merged", "values": {"proposals": 1}},
        conflict.intent_id: {
            "outcome": "conflict",
            "code": "status_differs",
            "values": {"expected": "accepted", "found": "done"},
        },
        gone.intent_id: {"outcome": "gone", "values": {}},
    }

    def differently(body: bytes) -> bytes:
        reply = json.loads(body)
        reply["receipts"] = [{"intent_id": each["intent_id"], **said[each["intent_id"]]} for each in reply["receipts"]]
        return json.dumps(reply).encode()

    world.faults.rewrite_next("/v1/intents", differently)
    world.faults.refuse_next("/v1/feed", 503)
    result = world.exchange()
    assert (result.accepted, result.refused) == (1, 2)
    assert [(each.intent_id, each.state, each.last_error, each.values) for each in outbox.items(world.desk.store)] == [
        (conflict.intent_id, SyncState.REFUSED, "status_differs", {"expected": "accepted", "found": "done"}),
        (gone.intent_id, SyncState.REFUSED, "gone", {}),
    ]
    assert world.told(Refused) == [Refused(conflict.intent_id, "status_differs"), Refused(gone.intent_id, "gone")]


def test_a_server_that_breaks_over_everything_is_not_asked_for_each_intent(world: DeskWorld) -> None:
    for _ in range(50):
        world.capture("Un trou")
    world.faults.refuse_whatever_holds("Un trou", 500)
    result = world.exchange()
    assert isinstance(result.failure, Unreachable)
    assert {state for state, _ in states(world)} == {SyncState.SEALED}
    assert world.faults.count("/v1/intents") <= 8


def test_a_receipt_that_says_later_holds_back_its_own_lane_alone(world: DeskWorld) -> None:
    first, second = world.capture(), world.capture()

    def later(body: bytes) -> bytes:
        said = json.loads(body)
        said["receipts"][0] |= {"outcome": "retry", "code": "try_later", "retry_after_s": 120.0, "effect": {}, "number": ""}
        return json.dumps(said).encode()

    world.faults.rewrite_next("/v1/intents", later)
    world.faults.refuse_next("/v1/feed", 503)
    assert world.exchange().accepted == 1
    assert states(world) == [(SyncState.SEALED, "try_later"), (SyncState.ACCEPTED, "")]
    assert world.exchange().sent == 0
    assert [world.seen(each) for each in (first, second)] == [1, 1]
    put_back(world, hours=0.05)
    assert world.exchange().accepted == 1
    assert world.at_server(first) == 1


@pytest.mark.parametrize("asked", [-5, 0, 1e300, None])
def test_no_receipt_makes_a_post_ask_without_a_pause_nor_fall_silent(world: DeskWorld, asked: float | None) -> None:
    world.capture()

    def later(body: bytes) -> bytes:
        said = json.loads(body)
        said["receipts"][0] |= {"outcome": "retry", "code": "try_later", "retry_after_s": asked}
        return json.dumps(said).encode()

    world.faults.rewrite_next("/v1/intents", later, times=3)
    assert world.exchange().failure is None
    assert world.faults.count("/v1/intents") == 1
    world.faults.heal()
    put_back(world, hours=1.1)
    assert world.exchange().accepted == 1


def test_an_intent_is_the_same_to_the_last_byte_each_time_it_is_sent(world: DeskWorld) -> None:
    world.capture("Été, œuf, « guillemets » et 🚧")
    for _ in range(3):
        world.faults.lose_next_reply("/v1/intents")
        world.exchange()
    world.exchange()
    sent = [json.loads(body)["intents"] for path, body in world.faults.sent if path == "/v1/intents"]
    assert len(sent) == 4
    assert all(each == sent[0] for each in sent)


def test_what_was_withdrawn_before_its_first_byte_is_not_sent(world: DeskWorld) -> None:
    kept, withdrawn = world.capture(), world.capture()
    waiting = outbox.to_send(world.desk.store, datetime.now(UTC))
    with work_unit(world.desk.store) as work:
        assert work.withdraw(withdrawn.intent_id)
    assert outbox.seal(world.desk.store, [each.intent_id for each in waiting]) == {kept.intent_id}
    assert world.exchange().accepted == 1
    assert world.at_server(withdrawn) == 0


def test_receipts_for_other_intents_are_not_taken(world: DeskWorld) -> None:
    captured = world.capture()
    world.faults.rewrite_next("/v1/intents", lambda body: body.replace(captured.intent_id.encode(), b"another"))
    result = world.exchange()
    assert isinstance(result.failure, BadReply)
    assert result.failure.code == "receipts_differ"
    assert states(world) == [(SyncState.SEALED, "")]
    assert world.exchange().accepted == 1
    assert world.at_server(captured) == 1


def test_a_server_that_is_busy_says_for_how_long(world: DeskWorld) -> None:
    world.capture()
    world.faults.refuse_next("/v1/intents", 503, {"Retry-After": "7"})
    failure = world.exchange().failure
    assert isinstance(failure, TryLater)
    assert failure.retry_after_s == 7


def test_a_refusal_keeps_the_code_of_the_server_but_nothing_that_could_be_a_sentence(world: DeskWorld) -> None:
    world.faults.answer_next("/v1/feed", b'{"code":"Appelez le 555-0199","values":{"code":1,"self":2,"x":"y"}}', 403)
    failure = world.exchange().failure
    assert isinstance(failure, NotAllowed)
    assert failure.code == "not_allowed"


def test_the_clock_of_the_post_travels_with_each_batch(world: DeskWorld) -> None:
    at = datetime(2026, 11, 24, 15, tzinfo=UTC)
    world.moment = lambda: Moment(at, 123, "boot")
    world.capture()
    world.exchange()
    [batch] = [json.loads(body) for path, body in world.faults.sent if path == "/v1/intents"]
    assert (batch["sent_monotonic_ms"], batch["boot_id"]) == (123, "boot")
    assert datetime.fromisoformat(batch["sent_at"]) == at
