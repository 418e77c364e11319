from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from guichet_sync.central import identity, instance, schema
from guichet_sync.central.database import reading, writing
from guichet_sync.client.events import Changes
from guichet_sync.domain.errors import AnotherServer, BadReply, SignInRefused
from guichet_sync.domain.request import SyncState
from guichet_sync.domain.spaces import Role
from guichet_sync.store import account, catalogue, mirror, outbox
from guichet_sync.store import database as files
from guichet_sync.store import schema as tables
from tests.helpers.central import AGENT, TENANT, CentralServer
from tests.helpers.desk_world import DeskWorld


def forget_tokens(world: DeskWorld) -> None:
    """The server knows none of the tokens it gave: they have ended."""
    with writing(world.server.engine) as connection:
        connection.execute(delete(schema.token))


def spaces(world: DeskWorld) -> set[str]:
    return {each.space for each in mirror.cursors(world.desk.store)}


def test_a_token_that_ended_is_renewed_without_a_word(world: DeskWorld) -> None:
    world.exchange()
    before = account.read(world.desk.store).token
    forget_tokens(world)
    captured = world.capture()
    assert world.exchange().failure is None
    assert world.state(captured) is SyncState.SETTLED
    assert account.read(world.desk.store).token != before
    assert world.faults.count("/v1/tokens") == 1


def test_a_token_about_to_end_is_renewed_before_it_is_refused(world: DeskWorld) -> None:
    world.exchange()
    account.change(world.desk.store, token_expires_at=datetime.now(UTC) + timedelta(seconds=30))
    world.faults.asked.clear()
    assert world.exchange().failure is None
    assert world.faults.asked == ["/v1/hello", "/v1/tokens", "/v1/feed"]


def test_a_revoked_enrolment_keeps_its_work_and_says_so(world: DeskWorld) -> None:
    with writing(world.server.engine) as connection:
        identity.revoke(connection, TENANT, account.read(world.desk.store).code)
    captured, before = world.capture(), spaces(world)
    failure = world.exchange().failure
    assert isinstance(failure, SignInRefused)
    assert failure.code == "enrolment_revoked"
    assert world.state(captured) in {SyncState.WAITING, SyncState.SEALED}
    assert spaces(world) == before
    assert world.at_server(captured) == 0


def test_a_disabled_account_keeps_its_work_and_goes_on_where_it_was_when_it_is_enabled_again(world: DeskWorld) -> None:
    with writing(world.server.engine) as connection:
        identity.disable(connection, TENANT, AGENT)
    captured = world.capture()
    failure = world.exchange().failure
    assert isinstance(failure, SignInRefused)
    assert failure.code == "account_disabled"
    with writing(world.server.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == AGENT).values(disabled=False))
    assert world.exchange().accepted == 1
    assert world.state(captured) is SyncState.SETTLED


@pytest.mark.parametrize("token_lives", [True, False])
def test_another_server_at_the_same_address_gets_and_changes_nothing(world: DeskWorld, tmp_path: Path, token_lives: bool) -> None:
    world.exchange()
    captured = world.capture()
    other = CentralServer(world.server.settings.database_url, tmp_path / "other", world.faults.wrap)
    with writing(other.engine) as connection:
        connection.execute(update(schema.instance).values(id="another"))
        connection.execute(delete(schema.token))
        connection.execute(delete(schema.enrolment))
    if not token_lives:
        account.change(world.desk.store, token="", token_expires_at=None)
    before, held = mirror.cursors(world.desk.store), catalogue.figures(world.desk.store)
    world.faults.sent.clear()
    with other.running():
        account.change(world.desk.store, server=other.url)
        assert isinstance(world.exchange().failure, AnotherServer)
    assert (mirror.cursors(world.desk.store), catalogue.figures(world.desk.store)) == (before, held)
    assert [each.state for each in outbox.items(world.desk.store)] in ([SyncState.SEALED], [SyncState.WAITING])
    assert world.at_server(captured) == 0
    secret = account.read(world.desk.store).secret.encode()
    assert not any(secret in body for _, body in world.faults.sent)


def test_a_feed_of_another_server_is_not_read(world: DeskWorld) -> None:
    before = mirror.cursors(world.desk.store)
    ours = account.read(world.desk.store).instance.encode()
    world.faults.rewrite_next("/v1/feed", lambda body: body.replace(ours, b"0" * len(ours)))
    assert isinstance(world.exchange().failure, AnotherServer)
    assert mirror.cursors(world.desk.store) == before


def test_a_server_restored_from_a_backup_is_read_again_from_the_beginning_and_gets_the_unsent_work(world: DeskWorld) -> None:
    world.exchange()
    captured = world.capture()
    held = catalogue.figures(world.desk.store)
    with writing(world.server.engine) as connection:
        instance.count_restore(connection)
    with reading(world.server.engine) as connection:
        epoch = instance.read(connection).epoch
    assert world.exchange().failure is None
    assert {each.epoch for each in mirror.cursors(world.desk.store)} == {epoch}
    assert world.state(captured) is SyncState.SETTLED
    assert world.at_server(captured) == 1
    now = catalogue.figures(world.desk.store)
    assert (now.articles, now.addresses, now.requests) == (held.articles, held.addresses, held.requests + 1)


def test_what_a_server_accepted_and_lost_to_a_restored_backup_is_sent_again(world: DeskWorld, tmp_path: Path) -> None:
    world.exchange()
    database, backup = world.server.settings.data / "central.db", tmp_path / "backup.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as running:
        running.execute("VACUUM INTO ?", (str(backup),))
    captured = world.capture()
    world.faults.refuse_next("/v1/feed", 503)
    assert world.exchange().accepted == 1
    world.server.stop()
    world.server.engine.dispose()
    for path in world.server.settings.data.glob("central.db*"):
        path.unlink()
    shutil.copyfile(backup, database)
    with writing(world.server.engine) as connection:
        instance.count_restore(connection)
    world.server.start()
    assert world.at_server(captured) == 0
    assert world.exchange().failure is None
    assert (world.at_server(captured), world.seen(captured), world.state(captured)) == (1, 1, SyncState.SETTLED)


def test_a_server_that_rewinds_again_and_again_is_not_followed(world: DeskWorld) -> None:
    world.exchange()

    def rewound(body: bytes) -> bytes:
        if "kb" not in spaces(world):
            return body
        said = json.loads(body)
        said["pages"] = [{"space": "kb", "epoch": said["epoch"], "after": 0, "next": 0, "head": 1, "rewind": True}]
        return json.dumps(said).encode()

    world.faults.rewrite_next("/v1/feed", rewound, times=50)
    result = world.exchange()
    assert isinstance(result.failure, BadReply)
    assert world.faults.count("/v1/feed") < 6
    world.faults.heal()
    assert world.exchange().failure is None
    assert catalogue.figures(world.desk.store).articles > 0


def test_a_role_that_reads_less_loses_what_it_may_no_longer_read(world: DeskWorld) -> None:
    captured = world.capture("Canari au bord de la cage")
    world.exchange()
    assert world.state(captured) is SyncState.SETTLED
    with writing(world.server.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == AGENT).values(role=Role.AUTHOR))
    world.exchange()
    assert spaces(world) == {"kb", "taxonomy", "places"}
    assert world.find(captured.provisional_number) is None
    assert catalogue.figures(world.desk.store).requests == 0
    assert Changes("requests/TP", (), 0) in world.told(Changes)
    with files.reading(world.desk.store.people) as connection:
        assert connection.execute(select(tables.request.c.body)).first() is None
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() != 0


def test_a_role_that_reads_more_gets_it_with_the_next_exchange(world: DeskWorld) -> None:
    with writing(world.server.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == AGENT).values(role=Role.AUTHOR))
    world.exchange()
    with writing(world.server.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == AGENT).values(role=Role.AGENT))
    assert world.exchange().failure is None
    assert catalogue.figures(world.desk.store).requests == 42


def test_what_a_role_may_not_capture_comes_back_as_a_task(world: DeskWorld) -> None:
    captured = world.capture()
    with writing(world.server.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == AGENT).values(role=Role.AUTHOR))
    assert world.exchange().refused == 1
    found = world.find(captured.provisional_number)
    assert found is not None
    assert (found.sync_state, found.refusal) == (SyncState.REFUSED, "not_allowed")


def test_the_role_of_today_comes_with_each_token(world: DeskWorld) -> None:
    with writing(world.server.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == AGENT).values(role=Role.SUPERVISOR))
    forget_tokens(world)
    assert world.exchange().failure is None
    assert account.read(world.desk.store).person.role is Role.SUPERVISOR


@pytest.mark.parametrize("told", ["Jeton\\r\\nX-Autre: 1", "jeton \u6f22", "", "x" * 5_000])
def test_a_token_that_is_none_is_not_kept(world: DeskWorld, told: str) -> None:
    forget_tokens(world)
    kept = account.read(world.desk.store).token
    said = f'{{"token":"{told}","expires_in_s":1e300,"person":{{"name":"x","display":"x","role":"agent"}}'
    here = account.read(world.desk.store)
    body = f'{said},"instance":"{here.instance}","epoch":"{here.epoch}"}}'.replace("1e300", "3600")
    world.faults.answer_next("/v1/tokens", body.encode())
    assert isinstance(world.exchange().failure, BadReply)
    assert account.read(world.desk.store).token == kept


@pytest.mark.parametrize("seconds", [-1, 10**18])
def test_no_lifetime_of_a_token_is_beyond_the_calendar(world: DeskWorld, seconds: int) -> None:
    forget_tokens(world)
    world.faults.rewrite_next(
        "/v1/tokens", lambda body: body.replace(b'"expires_in_s":3600', f'"expires_in_s":{seconds}'.encode())
    )
    assert world.exchange().failure is None
    ends = account.read(world.desk.store).token_expires_at
    assert ends is not None
    assert ends <= datetime.now(UTC) + timedelta(days=1)


def test_deleted_mirrors_come_back_and_nothing_else_was_lost(world: DeskWorld) -> None:
    captured, held = world.capture(), catalogue.figures(world.desk.store)
    public, people = world.desk.store.files[:2]

    def delete_both() -> None:
        public.unlink()
        people.unlink()

    world.reopen(delete_both)
    assert catalogue.figures(world.desk.store).requests == 0
    result = world.exchange()
    assert (result.failure, result.accepted) == (None, 1)
    now = catalogue.figures(world.desk.store)
    assert (now.articles, now.addresses, now.requests) == (held.articles, held.addresses, held.requests + 1)
    assert world.state(captured) is SyncState.SETTLED
    assert world.seen(captured) == 1
