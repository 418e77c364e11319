from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from guichet_desktop.desk import drafts, enrolment
from guichet_desktop.profiles import Profile
from guichet_sync.central import identity, schema
from guichet_sync.central.demo import PASSWORD
from guichet_sync.domain.errors import AnotherServer, NotEnrolled, SignInRefused
from guichet_sync.store import account
from tests.helpers.central import AGENT, TENANT, CentralServer
from tests.helpers.desks import Clock, SyncedPost, connected, filled
from tests.helpers.posts import exchanged

NEW_PASSWORD = "un-autre-mot-de-passe"


@pytest.fixture
def server(synced_post: SyncedPost, profile: Profile, tmp_path: Path) -> Iterator[CentralServer]:
    with synced_post.server(tmp_path / "central") as running:
        connected(profile, running)
        yield running


def change_password(server: CentralServer, password: str) -> None:
    kept = PasswordHasher().hash(password)
    with server.engine.begin() as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == AGENT).values(password_hash=kept))


def refused(profile: Profile, password: str, clock: Clock) -> str:
    with pytest.raises(SignInRefused) as error:
        enrolment.sign_in(profile, profile.settings.person, password, clock)
    return error.value.code


def test_signing_in_needs_no_network(profile: Profile, clock: Clock) -> None:
    with closing(enrolment.sign_in(profile, profile.settings.person, PASSWORD)) as desk:
        assert desk.person.name == AGENT
    assert refused(profile, "mauvais", clock) == "sign_in_refused"


def test_nobody_signs_in_who_is_not_on_this_post(profile: Profile) -> None:
    for person in ("", "personne", "../people"):
        with pytest.raises(NotEnrolled):
            enrolment.sign_in(profile, person, PASSWORD)


def test_wrong_passwords_slow_the_next_attempt_down_and_a_restart_forgets_none(profile: Profile, clock: Clock) -> None:
    assert [refused(profile, "mauvais", clock) for _ in range(6)] == ["sign_in_refused"] * 5 + ["too_many_attempts"]
    restarted = Profile(profile.folder, profile.keys)
    assert refused(restarted, PASSWORD, clock) == "too_many_attempts"
    clock.at += timedelta(seconds=2)
    assert refused(restarted, "mauvais", clock) == "sign_in_refused"
    clock.at += timedelta(seconds=3)
    with pytest.raises(SignInRefused) as hasty:
        enrolment.sign_in(restarted, profile.settings.person, PASSWORD, clock)
    assert hasty.value.values["retry_after_s"] == 1
    clock.at += timedelta(seconds=1)
    enrolment.sign_in(restarted, profile.settings.person, PASSWORD, clock).close()
    assert refused(restarted, "mauvais", clock) == "sign_in_refused"


def test_no_wait_is_longer_than_five_minutes_and_a_clock_set_back_holds_nobody_out(profile: Profile, clock: Clock) -> None:
    with closing(enrolment.open_desk(profile)) as desk:
        account.change(desk.store, sign_in_failures=1000)
    assert refused(profile, "mauvais", clock) == "sign_in_refused"
    clock.at += timedelta(minutes=4, seconds=59)
    assert refused(profile, PASSWORD, clock) == "too_many_attempts"
    clock.at -= timedelta(days=1)
    enrolment.sign_in(profile, profile.settings.person, PASSWORD, clock).close()


def test_a_password_changed_at_the_server_is_taken_from_it_and_known_offline_ever_after(
    profile: Profile, server: CentralServer, clock: Clock
) -> None:
    change_password(server, NEW_PASSWORD)
    enrolment.sign_in(profile, profile.settings.person, NEW_PASSWORD).close()
    server.stop()
    enrolment.sign_in(profile, profile.settings.person, NEW_PASSWORD).close()
    assert refused(profile, PASSWORD, clock) == "sign_in_refused"


def test_a_wrong_password_is_refused_by_the_server_too(profile: Profile, server: CentralServer, clock: Clock) -> None:
    assert server.url
    assert refused(profile, "mauvais", clock) == "sign_in_refused"
    enrolment.sign_in(profile, profile.settings.person, PASSWORD, clock).close()


def test_another_server_at_the_address_vouches_for_no_password(profile: Profile, server: CentralServer, clock: Clock) -> None:
    with server.engine.begin() as connection:
        connection.execute(update(schema.instance).values(id="another"))
    change_password(server, NEW_PASSWORD)
    for _ in range(5):
        with pytest.raises(AnotherServer):
            enrolment.sign_in(profile, profile.settings.person, NEW_PASSWORD, clock)
    assert refused(profile, NEW_PASSWORD, clock) == "too_many_attempts"


def test_a_disabled_account_still_opens_its_unsent_work_but_sends_and_enrols_no_more(
    profile: Profile, server: CentralServer, clock: Clock
) -> None:
    with server.engine.begin() as connection:
        identity.disable(connection, TENANT, AGENT)
    with closing(enrolment.sign_in(profile, profile.settings.person, PASSWORD)) as desk:
        kept = drafts.save(desk, filled(desk, "NDP", description="Un trou"))
        account.change(desk.store, token="", token_expires_at=None)
        failure = exchanged(desk).failure
        assert failure is not None
        assert failure.code == "account_disabled"
        assert drafts.waiting(desk) == (kept,)
    change_password(server, NEW_PASSWORD)
    assert refused(profile, NEW_PASSWORD, clock) == "account_disabled"
    with pytest.raises(SignInRefused) as disabled:
        enrolment.enrol(profile, server.url, AGENT, NEW_PASSWORD)
    assert disabled.value.code == "account_disabled"


def test_a_verifier_that_is_no_hash_opens_nothing(profile: Profile, clock: Clock) -> None:
    with closing(enrolment.open_desk(profile)) as desk:
        account.change(desk.store, verifier="")
    assert refused(profile, "", clock) == "sign_in_refused"
