from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from guichet_desktop import settings
from guichet_desktop.credentials import MemoryChain, key_for
from guichet_desktop.desk import capture, drafts, enrolment, shift
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import POST_KEY, Profile
from guichet_sync.central import identity, schema
from guichet_sync.central.demo import PASSWORD
from guichet_sync.domain.errors import AnotherServer, InvalidInput, NotEnrolled, SignInRefused, Unreachable, WrongKey
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.store import account
from guichet_sync.store.work_unit import work_unit
from tests.helpers.central import AGENT, CLERK, TENANT, CentralServer
from tests.helpers.desks import Clock, SyncedPost, at_desk, filled
from tests.helpers.posts import exchanged, new_profile
from tests.helpers.strictness import Records


def captured(desk: Desk) -> ProvisionalNumber:
    return ProvisionalNumber.parse(capture.submit(desk, filled(desk, "COMM", {"txt": "Merci!"})).provisional_number)


@pytest.fixture
def server(synced_post: SyncedPost, tmp_path: Path) -> Iterator[CentralServer]:
    with synced_post.server(tmp_path / "central") as running:
        yield running


def test_enrolling_again_keeps_the_code_the_drafts_and_the_unsent_work(profile: Profile, server: CentralServer) -> None:
    with closing(at_desk(profile, Clock())) as before:
        number = captured(before)
        kept = drafts.save(before, filled(before, "NDP", description="Un trou"))
        known = account.read(before.store)
    with closing(enrolment.enrol(profile, server.url, AGENT, PASSWORD)) as after:
        again = account.read(after.store)
        assert (again.code, again.enrolment, again.server) == (known.code, known.enrolment, server.url)
        assert [each.number for each in shift.outbox_items(after)] == [str(number)]
        assert drafts.waiting(after) == (kept,)
        assert captured(after) == ProvisionalNumber(number.code, number.sequence + 1)
    assert len(enrolment.people(profile)) == 1


def test_a_revoked_enrolment_gives_way_to_a_new_code_and_unsent_work_still_leaves(
    profile: Profile, server: CentralServer
) -> None:
    with closing(at_desk(profile, Clock())) as before:
        number = captured(before)
    with server.engine.begin() as connection:
        identity.revoke(connection, TENANT, number.code)
    with closing(enrolment.enrol(profile, server.url, AGENT, PASSWORD)) as after:
        assert shift.status(after).post != number.code
        assert captured(after).sequence == 1
        result = exchanged(after)
        assert (result.failure, result.accepted, result.refused) == (None, 2, 0)


def test_two_people_on_one_post_never_share_a_number_even_offline(profile: Profile, server: CentralServer) -> None:
    enrolment.enrol(profile, server.url, CLERK, PASSWORD).close()
    server.stop()
    with closing(at_desk(profile, Clock(), AGENT)) as agent, closing(at_desk(profile, Clock(), CLERK)) as clerk:
        numbers = [captured(desk) for _ in range(3) for desk in (agent, clerk)]
        assert [each.author for each in shift.outbox_items(clerk)] == [CLERK] * 3
    assert len(set(numbers)) == 6
    assert len({each.code for each in numbers}) == 2


def test_two_people_on_one_post_cannot_read_each_others_work(profile: Profile, server: CentralServer) -> None:
    enrolment.enrol(profile, server.url, CLERK, PASSWORD).close()
    agent, clerk = (next(each.id for each in enrolment.people(profile) if each.person.name == name) for name in (AGENT, CLERK))
    swapped = MemoryChain(
        {name: key_for(profile.keys, of) for name, of in ((POST_KEY, POST_KEY), (agent, clerk), (clerk, agent))}
    )
    with pytest.raises(WrongKey):
        enrolment.open_desk(Profile(profile.folder, swapped))


def test_numbers_go_on_after_the_mirrors_were_deleted(profile: Profile) -> None:
    with closing(at_desk(profile, Clock())) as desk:
        number = captured(desk)
        mirrors = [path.with_name(path.name + suffix) for path in desk.store.files[:2] for suffix in ("", "-wal", "-shm")]
        replacement = filled(desk, "COMM", {"txt": "Merci!"})
    for each in mirrors:
        each.unlink(missing_ok=True)
    with closing(at_desk(profile, Clock())) as anew:
        with pytest.raises(InvalidInput):
            capture.submit(anew, replacement)
        assert shift.status(anew).counts.categories == 0
        with work_unit(anew.store) as work:
            assert work.take_number() == ProvisionalNumber(number.code, number.sequence + 1)


def test_another_server_is_refused_and_nothing_changes(profile: Profile, server: CentralServer) -> None:
    with server.engine.begin() as connection:
        connection.execute(update(schema.instance).values(id="another"))
    before = {path: path.read_bytes() for path in profile.folder.path.rglob("*.toml")}
    with pytest.raises(AnotherServer) as refused:
        enrolment.enrol(profile, server.url, CLERK, PASSWORD)
    assert refused.value.code == "profile_of_another_server"
    assert {path: path.read_bytes() for path in profile.folder.path.rglob("*.toml")} == before
    assert len(profile.folder.persons()) == 1


def test_a_person_who_enrols_twice_at_once_has_one_folder_and_one_code(profile: Profile, server: CentralServer) -> None:
    with ThreadPoolExecutor(2) as pool:
        for enrolled in [pool.submit(enrolment.enrol, profile, server.url, CLERK, PASSWORD) for _ in range(2)]:
            enrolled.result().close()
    assert sorted(each.person.name for each in enrolment.people(profile)) == [CLERK, AGENT]


def test_what_keeps_a_person_from_enrolling_leaves_no_folder_behind(tmp_path: Path, server: CentralServer) -> None:
    profile = new_profile(tmp_path / "new")
    with server.engine.begin() as connection:
        identity.disable(connection, TENANT, CLERK)
    server_down = "http://127.0.0.1:9"
    for url, user, password, kind, code in (
        (server.url, AGENT, "mauvais", SignInRefused, "sign_in_refused"),
        (server.url, "personne", PASSWORD, SignInRefused, "sign_in_refused"),
        (server.url, CLERK, PASSWORD, SignInRefused, "account_disabled"),
        (server_down, AGENT, PASSWORD, Unreachable, "unreachable"),
        ("ftp://exemple.ca", AGENT, PASSWORD, InvalidInput, "server_url"),
        ("http://exemple.ca", AGENT, PASSWORD, InvalidInput, "server_not_https"),
    ):
        with pytest.raises(kind) as refused:
            enrolment.enrol(profile, url, user, password)
        assert refused.value.code == code
    assert enrolment.people(profile) == ()
    assert not (profile.folder.path / "people").exists()
    with pytest.raises(NotEnrolled):
        enrolment.open_desk(profile)


def test_the_desk_is_the_last_persons_or_the_one_named(profile: Profile, server: CentralServer) -> None:
    enrolment.enrol(profile, server.url, CLERK, PASSWORD).close()
    for user, name in (("", CLERK), (AGENT, AGENT), (CLERK, CLERK)):
        with closing(enrolment.open_desk(profile, user)) as desk:
            assert desk.person.name == name
    with pytest.raises(NotEnrolled):
        enrolment.open_desk(profile, "personne")


def test_a_last_person_whose_folder_is_gone_is_nobody(profile: Profile) -> None:
    shutil.rmtree(profile.folder.person(profile.settings.person).path)
    with pytest.raises(NotEnrolled):
        enrolment.open_desk(profile)


def test_an_enrolment_cut_short_and_a_damaged_file_keep_nobody_else_from_working(
    profile: Profile, expected_logs: Records
) -> None:
    for name, content in (("cutshort", b""), ("damaged", b"x" * 8192)):
        folder = profile.folder.person(name).path
        folder.mkdir()
        (folder / "work.db").write_bytes(content)
        key_for(profile.keys, name)
    keyless = profile.folder.person("keyless").path
    keyless.mkdir()
    (keyless / "work.db").write_bytes(b"x" * 8192)
    assert [each.person.name for each in enrolment.people(profile)] == [AGENT]
    assert len(expected_logs.lines) == 2
    assert all("were left out" in line for line in expected_logs.lines)


def test_a_lost_key_of_the_post_is_told_rather_than_taken_for_a_new_post(profile: Profile) -> None:
    person = profile.settings.person
    without = Profile(profile.folder, MemoryChain({person: key_for(profile.keys, person)}))
    for look in (enrolment.people, enrolment.open_desk):
        with pytest.raises(WrongKey) as lost:
            look(without)
        assert (lost.value.code, lost.value.values["file"]) == ("key_missing", "public.db")


def test_the_exchange_process_is_given_the_keys_of_the_post_and_of_one_person(profile: Profile) -> None:
    person = profile.settings.person
    given = enrolment.exchange_keys(profile.keys, person)
    assert given == {name: key_for(profile.keys, name).hex for name in (POST_KEY, person)}
    with pytest.raises(WrongKey) as lost:
        enrolment.exchange_keys(profile.keys, "nobody")
    assert lost.value.code == "key_missing"


def test_a_post_keeps_the_name_it_was_given(tmp_path: Path, server: CentralServer) -> None:
    profile = new_profile(tmp_path / "new")
    settings.change(profile.folder.settings, post_name="Comptoir 4")
    with closing(enrolment.enrol(profile, server.url, AGENT, PASSWORD)) as desk:
        assert account.read(desk.store).post_name == "Comptoir 4"
        assert "secret" not in repr(account.read(desk.store))
    with server.engine.connect() as connection:
        assert "Comptoir 4" in [each.post_name for each in identity.list_posts(connection, TENANT)]
