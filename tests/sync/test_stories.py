from __future__ import annotations

import pytest

from guichet_sync.client.events import Changes, Event, Progress, Settled
from guichet_sync.domain.errors import BadReply, TryLater, Unreachable
from guichet_sync.domain.request import RequestStatus, SyncState
from guichet_sync.store import account, mirror, outbox
from tests.helpers.desk_world import DeskWorld


def test_what_is_captured_without_a_server_gets_its_official_number_when_the_server_is_back(new_world: DeskWorld) -> None:
    assert new_world.exchange().failure is None
    new_world.server.stop()
    captured = new_world.capture()
    away = new_world.exchange()
    assert isinstance(away.failure, Unreachable)
    assert away.sent == 0
    assert new_world.state(captured) is SyncState.SEALED

    new_world.server.start()
    back = new_world.exchange()
    assert (back.failure, back.sent, back.accepted) == (None, 1, 1)
    found = new_world.find(captured.provisional_number)
    assert found is not None
    assert (found.sync_state, found.request.status) == (SyncState.SETTLED, RequestStatus.TRANSMITTED)
    assert found.request.number.startswith("26-")
    assert new_world.find(found.request.number) == found
    assert new_world.told(Settled) == [Settled(captured.intent_id, captured.provisional_number, found.request.number)]


def test_a_reply_lost_after_the_commit_makes_no_second_request(new_world: DeskWorld) -> None:
    new_world.exchange()
    captured = new_world.capture()
    new_world.faults.lose_next_reply("/v1/intents")
    lost = new_world.exchange()
    assert isinstance(lost.failure, Unreachable)
    assert new_world.at_server(captured) == 1
    again = new_world.exchange()
    assert (again.failure, again.accepted) == (None, 1)
    assert new_world.at_server(captured) == 1
    assert new_world.seen(captured) == 1
    assert new_world.state(captured) is SyncState.SETTLED


def test_a_request_is_seen_exactly_once_at_every_moment_of_its_way(world: DeskWorld) -> None:
    captured = world.capture()
    seen = [world.seen(captured)]

    def look(event: Event) -> None:
        if isinstance(event, Changes | Settled):
            seen.append(world.seen(captured))

    world.heard = look
    world.faults.before_next("/v1/intents", lambda: seen.append(world.seen(captured)))
    world.faults.before_next("/v1/feed", lambda: seen.append(world.seen(captured)))
    assert world.exchange().failure is None
    assert len(world.told(Settled)) == 1
    assert len(seen) >= 5
    assert set(seen) == {1}


def test_a_request_whose_effect_came_before_its_receipt_is_seen_once(world: DeskWorld) -> None:
    captured = world.capture()
    world.faults.lose_next_reply("/v1/intents")
    assert isinstance(world.exchange().failure, Unreachable)
    assert [each.sync_state for each in [world.find(captured.provisional_number)] if each] != []
    assert world.seen(captured) == 1
    world.exchange()
    assert world.seen(captured) == 1
    assert outbox.counts(world.desk.store).pending == 0


def test_a_feed_that_fails_stops_no_push(world: DeskWorld) -> None:
    captured = world.capture()
    world.faults.refuse_next("/v1/feed", 503)
    result = world.exchange()
    assert isinstance(result.failure, TryLater)
    assert result.accepted == 1
    assert world.state(captured) is SyncState.ACCEPTED
    assert world.find(captured.provisional_number) is not None


def test_a_push_that_fails_stops_no_pull(world: DeskWorld) -> None:
    elsewhere = world.capture("Un trou ailleurs")
    world.exchange()
    before = {each.space: each.seq for each in mirror.cursors(world.desk.store)}
    mirror.forget(world.desk.store, "requests/TP")
    captured = world.capture()
    world.faults.refuse_next("/v1/intents", 503, times=9)
    result = world.exchange()
    assert isinstance(result.failure, TryLater)
    assert result.cursor == before
    assert world.state(captured) is SyncState.SEALED
    assert world.state(elsewhere) is SyncState.SETTLED
    assert world.faults.count("/v1/intents") == 2


def test_what_is_captured_during_a_first_mirror_goes_up_before_its_end(new_world: DeskWorld) -> None:
    sent_when: list[int] = []

    def act(event: Event) -> None:
        if isinstance(event, Progress) and not sent_when:
            new_world.capture()
            sent_when.append(new_world.faults.count("/v1/intents"))
        elif isinstance(event, Changes) and event.space == "places":
            sent_when.append(new_world.faults.count("/v1/intents"))

    new_world.heard = act
    result = new_world.exchange()
    assert (result.failure, result.accepted) == (None, 1)
    assert sent_when == [0, 1]
    assert outbox.counts(new_world.desk.store).pending == 0


@pytest.mark.parametrize("path", ["/v1/intents", "/v1/feed"])
def test_the_last_exchange_is_remembered_only_when_all_of_it_went_well(world: DeskWorld, path: str) -> None:
    before = account.read(world.desk.store).last_exchange_at
    world.capture()
    world.faults.answer_next(path, b"<html>hello</html>")
    assert isinstance(world.exchange().failure, BadReply)
    assert account.read(world.desk.store).last_exchange_at == before
    world.exchange()
    assert account.read(world.desk.store).last_exchange_at != before


def test_an_exchange_with_nothing_new_asks_the_feed_once_and_nothing_else(world: DeskWorld) -> None:
    world.exchange()
    world.faults.asked.clear()
    result = world.exchange()
    assert (result.sent, result.received, result.failure) == (0, 0, None)
    assert world.faults.asked == ["/v1/feed"]
