from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from guichet_sync.central.demo import PASSWORD
from guichet_sync.client.events import Changes, Link, Progress, Refused, Settled, State
from guichet_sync.client.lock import exchange_lock
from guichet_sync.domain.request import SyncState
from guichet_sync.store import account, catalogue, mirror
from tests.helpers.desk_world import DeskWorld
from tests.helpers.watching import PATIENCE_S, Watching, command, keys_line


@pytest.fixture
def watching(world: DeskWorld) -> Iterator[Watching]:
    """The exchange process of the world's post, after its first exchange."""
    with Watching.started(folder(world), keys(world)) as child:
        child.wait_for(State, link=Link.ONLINE)
        yield child


def folder(world: DeskWorld) -> Path:
    return world.desk.store.folder.path


def keys(world: DeskWorld) -> str:
    return keys_line(world.profile, world.desk.store.person)


def test_the_first_thing_heard_is_that_it_works_then_that_it_is_online(world: DeskWorld) -> None:
    with Watching.started(folder(world), keys(world)) as child:
        child.wait_for(State, link=Link.ONLINE)
        assert isinstance(child.heard[0], State)
        assert child.heard[0].link is Link.WORKING
        child.say("stop")
        assert child.ended() == 0
        assert child.heard[-1] == State(Link.STOPPED)


def test_a_wake_sends_what_was_captured_at_once(world: DeskWorld, watching: Watching) -> None:
    captured = world.capture()
    watching.say("wake")
    settled = watching.wait_for(Settled)
    assert (settled.intent_id, settled.provisional_number) == (captured.intent_id, captured.provisional_number)
    assert world.state(captured) is SyncState.SETTLED
    assert watching.wait_for(State, link=Link.ONLINE).pending == 0


def test_a_wake_during_an_exchange_is_not_lost(world: DeskWorld, watching: Watching) -> None:
    captured = []

    def act() -> None:
        captured.append(world.capture())
        watching.say("wake")

    world.faults.before_next("/v1/feed", act)
    watching.say("wake")
    assert watching.wait_for(Settled).intent_id == captured[0].intent_id


def test_a_refusal_is_heard_with_its_reason(world: DeskWorld, watching: Watching) -> None:
    captured = world.capture("Le mot de trop")
    world.faults.refuse_whatever_holds("Le mot de trop", 422, code="request_shape")
    watching.say("wake")
    assert watching.wait_for(Refused) == Refused(captured.intent_id, "request_shape")
    assert watching.wait_for(State, link=Link.ONLINE).quarantined == 1


def test_a_server_that_goes_and_comes_back_is_noticed_both_times(world: DeskWorld, watching: Watching) -> None:
    before = account.read(world.desk.store).last_exchange_at
    world.server.stop()
    watching.say("wake")
    away = watching.wait_for(State, link=Link.OFFLINE)
    assert (away.code, away.last_exchange_at) == ("unreachable", before)
    world.server.start()
    watching.say("wake")
    watching.wait_for(State, link=Link.ONLINE)


@pytest.mark.parametrize("end", [lambda child: child.say("stop"), lambda child: child.hang_up()], ids=["stop", "hang up"])
@pytest.mark.parametrize("path", ["/v1/feed", "/v1/intents"])
def test_it_ends_when_it_is_told_in_the_middle_of_a_slow_request(
    world: DeskWorld, watching: Watching, path: str, end: object
) -> None:
    assert callable(end)
    world.capture()
    held = world.faults.hold_next(path)
    watching.say("wake")
    assert held.arrived.wait(PATIENCE_S)
    end(watching)
    assert watching.ended() == 0
    assert world.exchange().failure is None


def test_it_ends_when_it_is_told_while_another_exchange_is_running(world: DeskWorld) -> None:
    with exchange_lock(world.desk.store.folder), Watching.started(folder(world), keys(world)) as child:
        child.wait_for(State, link=Link.WORKING)
        child.say("stop")
        assert child.ended() == 0
        assert child.heard[-1] == State(Link.STOPPED)


def test_an_exchange_by_hand_finds_its_turn_beside_the_process(world: DeskWorld, watching: Watching) -> None:
    captured = world.capture()
    assert world.exchange().accepted == 1
    watching.say("wake")
    watching.wait_for(State, link=Link.ONLINE, pending=0)
    assert world.at_server(captured) == 1


def test_it_ends_with_its_parent_however_that_dies_also_during_a_first_mirror(world: DeskWorld) -> None:
    mirror.forget(world.desk.store, "places")
    held = world.faults.hold_next("/v1/snapshot-files")
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, json.dumps(command(folder(world), "sync", "--watch")), keys(world)],
        stdout=subprocess.PIPE,
    )
    with parent:
        assert held.arrived.wait(PATIENCE_S)
        parent.send_signal(signal.SIGKILL)
        parent.communicate(timeout=PATIENCE_S)  # the child holds this pipe too: it ends with the last of the two


_PARENT = """
import json, subprocess, sys, time
child = subprocess.Popen(json.loads(sys.argv[1]), stdin=subprocess.PIPE)
child.stdin.write(sys.argv[2].encode() + b"\\n")
child.stdin.flush()
child.wait()
"""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "keys_line"),
        ("{}", "keys_line"),
        ("[" * 5_000, "keys_line"),
        (json.dumps({"person": "nobody", "keys": {"post": "00" * 32, "nobody": "00" * 32}}), "not_enrolled"),
    ],
)
def test_keys_that_open_nothing_are_told_as_the_last_event(world: DeskWorld, line: str, code: str) -> None:
    with Watching.started(folder(world), line) as child:
        assert child.ended() == 1
        assert child.heard == [State(Link.STOPPED, code=code)]
        assert child.complaint().count("\n") == 1


def test_a_wrong_key_is_told_as_the_last_event(world: DeskWorld) -> None:
    given = json.loads(keys(world))
    given["keys"] = dict.fromkeys(given["keys"], "00" * 32)
    with Watching.started(folder(world), json.dumps(given)) as child:
        assert child.ended() == 1
        assert child.heard == [State(Link.STOPPED, code="wrong_key")]
        assert "00000000" not in child.complaint()


def test_a_damaged_file_is_told_as_the_last_event_and_left_as_it_is(world: DeskWorld) -> None:
    work = world.desk.store.files[2]
    given = keys(world)
    world.desk.close()
    damaged = bytearray(work.read_bytes())
    damaged[5_000:9_000] = os.urandom(4_000)
    work.write_bytes(damaged)
    with Watching.started(folder(world), given) as child:
        assert child.ended() == 1
        [last] = [each for each in child.heard if isinstance(each, State) and each.link is Link.STOPPED]
        assert last.code in {"store_damaged", "wrong_key"}
    assert work.read_bytes()[5_000:9_000] == bytes(damaged[5_000:9_000])


def test_another_server_ends_it_with_that_reason(world: DeskWorld) -> None:
    ours = account.read(world.desk.store).instance.encode()
    world.faults.rewrite_next("/v1/feed", lambda body: body.replace(ours, b"0" * len(ours)))
    with Watching.started(folder(world), keys(world)) as child:
        assert child.ended() == 1
        assert child.heard[-1] == State(Link.STOPPED, code="another_server")


def test_one_exchange_that_breaks_is_not_the_last(world: DeskWorld, watching: Watching) -> None:
    lock = world.desk.store.folder.exchange_lock
    lock.unlink(missing_ok=True)
    lock.mkdir()
    watching.say("wake")
    assert watching.wait_for(State, link=Link.OFFLINE).code == "disk_full"
    lock.rmdir()
    watching.say("wake")
    watching.wait_for(State, link=Link.ONLINE)


def test_no_key_is_seen_by_other_programs_of_the_machine(world: DeskWorld, watching: Watching) -> None:
    secrets = json.loads(keys(world))["keys"].values()
    seen = b"".join((Path("/proc") / str(watching.process.pid) / name).read_bytes() for name in ("cmdline", "environ"))
    assert not any(secret.encode() in seen for secret in secrets)


def test_what_the_process_tells_and_logs_names_nobody(world: DeskWorld, watching: Watching) -> None:
    world.capture("Canari de monsieur Tremblay")
    world.faults.answer_next("/v1/feed", b'{"code":"Canari"}', 500)
    watching.say("wake")
    watching.wait_for(State, link=Link.OFFLINE)
    watching.say("stop")
    assert watching.ended() == 0
    assert "Canari" not in str(watching.heard) + watching.complaint()
    logs = b"".join(path.read_bytes() for path in world.desk.store.folder.log.glob("*"))
    assert b"Canari" not in logs
    assert PASSWORD.encode() not in logs


def test_a_first_mirror_in_the_process_tells_its_progress(world: DeskWorld) -> None:
    mirror.forget(world.desk.store, "places")
    with Watching.started(folder(world), keys(world)) as child:
        assert child.wait_for(Progress).space == "places"
        assert child.wait_for(Changes, space="places").records == 2798
        child.wait_for(State, link=Link.ONLINE)
    assert catalogue.figures(world.desk.store).addresses == 2785
