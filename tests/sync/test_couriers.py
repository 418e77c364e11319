"""What one person could not send, another of the same post delivers without reading it."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update

from guichet_desktop.desk import enrolment
from guichet_desktop.desk.capture import Captured
from guichet_sync.central import identity, instance, schema
from guichet_sync.central.database import writing
from guichet_sync.central.demo import PASSWORD
from guichet_sync.client import clock
from guichet_sync.client.push import VERDICTS
from guichet_sync.domain.errors import BadReply, Unreachable
from guichet_sync.domain.intents import AddNote, IntentKind
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.store import account, boxes, outbox
from guichet_sync.store.boxes import Box
from guichet_sync.store.work_unit import work_unit
from tests.helpers.central import SECOND_AGENT, TENANT
from tests.helpers.desk_world import DeskWorld
from tests.helpers.watching import PATIENCE_S, Watching, keys_line

CANARY = "zygomatique"


@pytest.fixture
def colleague(world: DeskWorld) -> Iterator[DeskWorld]:
    """Another person on the same post."""
    with closing(enrolment.enrol(world.profile, world.server.url, SECOND_AGENT, PASSWORD)) as desk:
        yield DeskWorld(world.profile, desk, world.server, world.faults)


def offline(world: DeskWorld) -> None:
    """One exchange of somebody whose network is down."""
    world.server.stop()
    assert isinstance(world.exchange().failure, Unreachable)
    world.server.start()


def left(world: DeskWorld) -> list[Path]:
    folder = world.profile.folder.courier
    return sorted(folder.iterdir()) if folder.exists() else []


def author_of(world: DeskWorld, number: str) -> str:
    found = world.find(number)
    assert found is not None
    return found.request.timeline[0].by


def test_a_colleague_on_the_same_post_delivers_what_they_cannot_read(world: DeskWorld, colleague: DeskWorld) -> None:
    captured = world.capture(CANARY)
    offline(world)
    [box] = left(world)
    assert stat.S_IMODE(box.stat().st_mode) == 0o600
    assert stat.S_IMODE(box.parent.stat().st_mode) == 0o700
    world.desk.close()  # signed out, the screen is locked

    # Nothing of the author's is in what the colleague may read.
    theirs = [*colleague.desk.store.own.path.iterdir(), box]
    assert not [path.name for path in theirs if CANARY.encode() in path.read_bytes() or b"mgagnon" in path.read_bytes()]
    result = colleague.exchange()
    assert (result.failure, result.delivered, result.sent) == (None, 1, 0)
    assert left(world) == []
    assert world.at_server(captured) == 1
    assert author_of(colleague, captured.provisional_number) == "M. Gagnon"

    world.desk = enrolment.open_desk(world.profile, "mgagnon")
    assert world.state(captured) is SyncState.SEALED
    assert world.exchange().accepted == 1
    assert world.at_server(captured) == 1
    assert (world.seen(captured), world.state(captured)) == (1, SyncState.SETTLED)
    assert boxes.own(world.desk.store) == {}


def test_the_author_who_comes_back_first_takes_the_boxes_away(world: DeskWorld, colleague: DeskWorld) -> None:
    world.capture()
    offline(world)
    assert len(left(world)) == 1
    assert world.exchange().accepted == 1
    assert left(world) == []
    assert colleague.exchange().delivered == 0


def test_what_was_not_tried_yet_can_be_taken_back_as_long_as_sending_goes_well(world: DeskWorld) -> None:
    world.capture()
    late: list[Captured] = []

    def capture_more(_body: bytes) -> bytes:
        late.append(world.capture())
        return b"{}"

    world.faults.rewrite_next("/v1/feed", capture_more)
    result = world.exchange()
    assert isinstance(result.failure, BadReply)
    assert (result.accepted, left(world)) == (1, [])
    with work_unit(world.desk.store) as work:
        assert work.withdraw(late[0].intent_id)


def test_what_the_server_puts_off_is_left_to_others_too(world: DeskWorld, colleague: DeskWorld) -> None:
    captured = world.capture()

    def later(body: bytes) -> bytes:
        said = json.loads(body)
        said["receipts"][0] |= {"outcome": "retry", "code": "try_later", "retry_after_s": 3000.0, "effect": {}, "number": ""}
        return json.dumps(said).encode()

    world.faults.rewrite_next("/v1/intents", later)
    world.exchange()
    # It was applied all the same: this answer was a lie. The colleague brings a duplicate.
    assert len(left(world)) == 1
    assert colleague.exchange().delivered == 1
    assert world.at_server(captured) == 1


def test_nobody_delivers_their_own_boxes_beside_their_own_push(world: DeskWorld) -> None:
    world.capture()
    world.faults.refuse_next("/v1/intents", 503)
    world.exchange()
    assert len(left(world)) == 1
    held = outbox.undelivered(world.desk.store)[0].intent_id
    outbox.postpone(world.desk.store, [held], "try_later", datetime.now(UTC) + timedelta(hours=1))
    assert world.exchange().failure is None
    assert (len(left(world)), world.faults.count("/v1/courier")) == (1, 0)


def test_after_a_failure_boxes_are_left_before_the_next_try_which_may_hang_until_it_is_killed(world: DeskWorld) -> None:
    world.capture()
    offline(world)
    world.capture()
    seen = []
    world.faults.before_next("/v1/intents", lambda: seen.append(len(left(world))))
    assert world.exchange().accepted == 2
    assert (seen, left(world)) == ([2], [])


def test_boxes_of_one_author_arrive_in_their_order_and_no_more_than_a_batch_takes(world: DeskWorld, colleague: DeskWorld) -> None:
    captured = [world.capture(f"Trou {rank}") for rank in range(60)]
    body = codec.encode(AddNote(captured[59].request_id, CANARY))
    with work_unit(world.desk.store) as work:
        lane = captured[59].request_id
        first = outbox.to_send(world.desk.store, datetime.now(UTC))[0]
        note = replace(first, intent_id="note", kind=IntentKind.ADD_NOTE, lane=lane, body=body, body_sha256=codec.digest(body))
        work.enqueue(note)
    offline(world)
    assert len(left(world)) == 61
    result = colleague.exchange()
    assert (result.failure, result.delivered) == (None, 61)
    batches = [json.loads(sent)["items"] for path, sent in world.faults.sent if path == "/v1/courier"]
    assert [len(each) for each in batches] == [50, 11]
    assert world.exchange().accepted == 61
    assert outbox.items(world.desk.store) == ()


@pytest.mark.parametrize(("code", "batches"), [("request_lost", 2), ("try_later", 1)])
def test_a_box_that_is_put_off_stops_the_others_only_where_the_server_is_busy(
    world: DeskWorld, colleague: DeskWorld, code: str, batches: int
) -> None:
    for rank in range(60):
        world.capture(f"Trou {rank}")
    offline(world)

    def later(body: bytes) -> bytes:
        said = json.loads(body)
        said["receipts"][-1] |= {"outcome": "retry", "code": code, "retry_after_s": 5.0}
        return json.dumps(said).encode()

    world.faults.rewrite_next("/v1/courier", later)
    assert colleague.exchange().failure is None
    assert world.faults.count("/v1/courier") == batches
    assert len(left(world)) == (1 if batches == 2 else 11)


def test_a_reply_that_is_lost_delivers_twice_and_applies_once(world: DeskWorld, colleague: DeskWorld) -> None:
    captured = world.capture()
    offline(world)
    world.faults.lose_next_reply("/v1/courier")
    assert colleague.exchange().failure is None  # other people's boxes are no failure of theirs
    assert len(left(world)) == 1
    assert colleague.exchange().delivered == 1
    assert world.faults.count("/v1/courier") == 2
    assert (left(world), world.at_server(captured)) == ([], 1)


def test_kill_9_between_delivery_and_removal_delivers_twice_and_applies_once(world: DeskWorld, colleague: DeskWorld) -> None:
    captured = world.capture()
    offline(world)
    account.change(colleague.desk.store, server=world.server.url)
    line = keys_line(world.profile, colleague.desk.store.person)
    with Watching.started(world.profile.folder.path, line) as child:
        died = Event()

        def die(body: bytes) -> bytes:
            child.process.kill()
            child.process.wait()
            died.set()
            return body

        world.faults.rewrite_next("/v1/courier", die)
        assert died.wait(PATIENCE_S)
    assert world.at_server(captured) == 1
    assert len(left(world)) == 1
    assert colleague.exchange().delivered == 1
    assert (left(world), world.at_server(captured)) == ([], 1)
    assert world.exchange().accepted == 1
    assert (world.seen(captured), world.at_server(captured)) == (1, 1)


def test_what_was_settled_goes_again_to_a_server_that_lost_it_under_the_same_numbers(world: DeskWorld, tmp_path: Path) -> None:
    lost = []
    saved = tmp_path / "saved.db"
    database = world.server.settings.data / "central.db"
    world.server.stop()
    world.server.engine.dispose()
    shutil.copyfile(database, saved)
    world.server.start()
    for rank in range(3):
        lost.append(world.capture(f"{CANARY} {rank}"))
        assert world.exchange().accepted == 1
    numbers = [_number(world, each) for each in lost]
    assert outbox.items(world.desk.store) == ()
    world.server.stop()
    world.server.engine.dispose()
    for each in database.parent.glob("central.db*"):
        each.unlink()
    shutil.copyfile(saved, database)
    with writing(world.server.engine) as connection:
        instance.count_restore(connection)
    world.server.start()
    assert [world.at_server(each) for each in lost] == [0, 0, 0]

    for _ in range(3):
        world.exchange()
        assert [world.seen(each) for each in lost] == [1, 1, 1]
    assert [world.at_server(each) for each in lost] == [1, 1, 1]
    sent = [each for path, body in world.faults.sent if path == "/v1/intents" for each in json.loads(body)["intents"]]
    assert {each["intent_id"]: each["number"] for each in sent} == {
        each.intent_id: number for each, number in zip(lost, numbers, strict=True)
    }
    assert [_number(world, each) for each in lost] == numbers
    assert outbox.items(world.desk.store) == ()


def _number(world: DeskWorld, captured: Captured) -> str:
    found = world.find(captured.provisional_number)
    assert found is not None
    assert found.request.number
    return found.request.number


@pytest.mark.parametrize("status", [500, 503, 422, 403])
def test_whatever_happens_to_boxes_the_persons_own_work_goes_on(world: DeskWorld, colleague: DeskWorld, status: int) -> None:
    for _ in range(5):
        world.capture()
    offline(world)
    own = colleague.capture("Le mien")
    world.faults.refuse_next("/v1/courier", status, code="request_shape", times=20)
    result = colleague.exchange()
    assert (result.failure, result.accepted, result.delivered) == (None, 1, 0)
    assert colleague.at_server(own) == 1
    assert len(left(world)) == 5
    assert world.faults.count("/v1/courier") <= 8
    world.faults.heal()
    assert colleague.exchange().delivered == 5


def test_the_one_box_that_a_server_breaks_over_holds_no_other_up(world: DeskWorld, colleague: DeskWorld) -> None:
    for _ in range(8):
        world.capture()
    offline(world)
    poison = codec.decode(left(world)[3].read_bytes(), Box).box
    world.faults.refuse_whatever_holds(poison, 500)
    assert colleague.exchange().delivered == 7
    assert len(left(world)) == 1


def test_receipts_for_other_boxes_are_not_believed(world: DeskWorld, colleague: DeskWorld) -> None:
    world.capture()
    offline(world)
    said = {"receipts": [{"id": "another", "outcome": "applied"}]}
    world.faults.answer_next("/v1/courier", json.dumps(said).encode())
    assert colleague.exchange().delivered == 0
    assert len(left(world)) == 1


def test_a_revoked_enrolment_delivers_nothing(world: DeskWorld, colleague: DeskWorld) -> None:
    captured = world.capture()
    offline(world)
    with writing(world.server.engine) as connection:
        identity.revoke(connection, TENANT, account.read(world.desk.store).code)
    assert colleague.exchange().delivered == 1
    assert (left(world), world.at_server(captured)) == ([], 0)
    assert world.state(captured) is SyncState.SEALED  # it stays with its author


def test_what_can_never_be_sent_is_not_left_to_others(world: DeskWorld, colleague: DeskWorld) -> None:
    poison = world.capture("Le mot de trop")
    world.faults.refuse_whatever_holds("Le mot de trop", 500)
    for verdict in range(VERDICTS):
        world.moment = lambda hours=1.1 * verdict: replace(clock.now(), at=datetime.now(UTC) + timedelta(hours=hours))  # type: ignore[misc]
        world.exchange()
        assert left(world) == []
    assert outbox.items(world.desk.store)[0].state is SyncState.QUARANTINED
    assert world.at_server(poison) == 0
    assert colleague.exchange().delivered == 0


def test_an_enrolment_of_an_earlier_version_gets_its_keys_and_seals(world: DeskWorld, colleague: DeskWorld) -> None:
    account.change(world.desk.store, signing_secret="", sealing_key="", token="")
    with writing(world.server.engine) as connection:
        connection.execute(update(schema.enrolment).values(signing_key=""))
    captured = world.capture()
    offline(world)
    assert left(world) == []
    world.faults.refuse_next("/v1/intents", 503)
    world.exchange()
    known = account.read(world.desk.store)
    assert known.may_seal
    assert known.signing_secret not in repr(known)
    assert len(left(world)) == 1
    assert colleague.exchange().delivered == 1
    assert world.at_server(captured) == 1


def test_posts_follow_a_server_that_came_back_with_another_key(world: DeskWorld, colleague: DeskWorld) -> None:
    captured = world.capture()
    offline(world)
    with writing(world.server.engine) as connection:
        connection.execute(update(schema.instance).values(sealing_secret=""))
        new = instance.sealing_key(connection)
    assert colleague.exchange().delivered == 1  # it can't be opened any more
    assert world.at_server(captured) == 0
    account.change(world.desk.store, token="")
    world.faults.refuse_next("/v1/intents", 503)
    world.exchange()
    assert account.read(world.desk.store).sealing_key == new
    assert len(left(world)) == 1
    assert colleague.exchange().delivered == 1
    assert world.at_server(captured) == 1


def test_a_folder_that_cannot_be_written_stops_nobody(world: DeskWorld) -> None:
    world.profile.folder.courier.write_text("in the way")
    world.capture()
    offline(world)
    assert world.exchange().accepted == 1
