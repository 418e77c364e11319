from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from guichet_desktop.ctl import doctor
from guichet_desktop.desk import capture, enrolment
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_sync.domain.request import Channel
from guichet_sync.domain.words import Language
from guichet_sync.protocol.messages import Hello
from guichet_sync.store import outbox
from guichet_sync.wording import Words
from tests.ctl.programs import Ctl, under_a_passphrase
from tests.helpers.desks import Clock, SyncedPost, at_desk, connected, filled


def checked(ctl: Ctl) -> tuple[int, dict[str, Any]]:
    done = ctl("--json", "doctor")
    assert done.err == ""
    return done.status, {each["name"]: each for each in done.document["checks"]}


def test_a_sound_post_whose_server_answers_is_well(
    profile: Profile, synced_post: SyncedPost, new_ctl: Ctl, tmp_path: Path
) -> None:
    with synced_post.server(tmp_path / "central") as server:
        connected(profile, server)
        under_a_passphrase(SyncedPost(profile.folder.path, synced_post.keys, synced_post.central), new_ctl.profile)
        status, found = checked(new_ctl)
        told = new_ctl("doctor")
    assert status == told.status == 0
    assert list(found) == ["disk", "keys", "encryption", "integrity", "schema", "outbox", "server", "clock"]
    assert all(each["ok"] and each["advice"] == "" for each in found.values())
    assert [line[0] for line in told.out.splitlines()] == ["✓"] * len(found)


def test_a_server_that_is_away_is_told_and_the_rest_is_looked_at(ctl: Ctl) -> None:
    status, found = checked(ctl)
    assert status == 1
    assert [name for name, each in found.items() if not each["ok"]] == ["server"]
    assert found["server"]["advice"].startswith("Continuez à travailler")


def test_looking_at_a_profile_that_is_not_there_begins_none(new_ctl: Ctl) -> None:
    for given in (new_ctl.profile, new_ctl.profile / "deep" / "er"):
        status, found = checked(Ctl(given, new_ctl.capsys, new_ctl.monkeypatch))
        assert status == 1
        assert list(found) == ["disk", "profile"]
        assert found["profile"]["detail"].startswith("Ce poste n’est pas encore inscrit")
    assert not new_ctl.profile.exists()


def test_settings_that_were_begun_by_hand_begin_no_profile_either(new_ctl: Ctl) -> None:
    new_ctl.profile.mkdir()
    (new_ctl.profile / "settings.toml").write_text('theme = "dark"\n')
    assert checked(new_ctl)[1]["profile"]["ok"] is False
    assert [path.name for path in new_ctl.profile.iterdir()] == ["settings.toml"]


def test_a_profile_that_can_not_be_opened_is_told_and_left_as_it_is(ctl: Ctl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUICHET_PASSPHRASE", "une autre")
    assert checked(ctl)[1]["profile"]["detail"] == "La phrase de passe est inexacte."
    (ctl.profile / "settings.toml").write_bytes(b"\xff")
    assert checked(ctl)[1]["profile"]["detail"].startswith("Un fichier de ce poste est endommagé (settings.toml).")


def test_what_was_refused_or_set_aside_is_told(desk: Desk) -> None:
    given = capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
    words = Words(Language.FR)
    assert [each.ok for each in doctor.outbox_check(desk, words)] == [True]
    outbox.seal(desk.store, [given.intent_id])
    outbox.quarantine(desk.store, given.intent_id, "intent_shape")
    (check,) = doctor.outbox_check(desk, words)
    assert (check.ok, check.detail) == (False, "0 / 0 / 1")
    assert check.advice.startswith("Des envois ont été refusés\u00a0: voyez «\u00a0À transmettre\u00a0».")


def test_a_page_that_was_tampered_with_is_found(profile: Profile, clock: Clock) -> None:
    with closing(at_desk(profile, clock)) as desk:
        capture.submit(desk, filled(desk, "COMM", {"txt": "Merci!"}))
        path = desk.store.files[0]
    content = bytearray(path.read_bytes())
    content[-2000] ^= 0xFF
    path.write_bytes(content)
    with closing(at_desk(profile, clock)) as desk:
        checks = {each.name: each for each in doctor.store_check(desk, Words(Language.FR))}
    assert not checks["integrity"].ok
    assert checks["integrity"].detail == "public.db"
    assert checks["encryption"].ok


def test_a_file_of_another_version_is_found(profile: Profile, clock: Clock) -> None:
    with closing(at_desk(profile, clock)) as desk:
        with desk.store.people.begin() as connection:
            connection.exec_driver_sql("PRAGMA user_version = 99")
        checks = {each.name: each for each in doctor.store_check(desk, Words(Language.FR))}
    assert (checks["schema"].ok, checks["schema"].detail) == (False, "people.db 99")
    assert checks["schema"].advice == "Mettez Guichet à jour sur ce poste."


def test_a_clock_far_from_the_servers_is_told(desk: Desk) -> None:
    now, words = desk.now(), Words(Language.FR)
    for skew, ok in ((timedelta(minutes=4), True), (timedelta(minutes=-6), False), (timedelta(hours=5), False)):
        hello = Hello("i", "t", "c", "e", 1, 1, now - skew)
        check = doctor.clock_check(desk, words, hello)
        assert check.ok is ok
        assert check.detail == f"{skew.total_seconds():.1f} s"
        assert bool(check.advice) is not ok


def test_another_server_at_the_address_is_told(profile: Profile, synced_post: SyncedPost, tmp_path: Path) -> None:
    from sqlalchemy import update

    from guichet_sync.central import schema

    with synced_post.server(tmp_path / "central") as server:
        connected(profile, server)
        with server.engine.begin() as connection:
            connection.execute(update(schema.instance).values(id="another"))
        with closing(enrolment.open_desk(profile)) as desk:
            first, *_ = doctor.server_check(desk, Words(Language.FR))
    assert not first.ok
    assert first.advice.startswith("Rien n’a été envoyé.")


def test_a_disk_that_fills_up_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = Words(Language.FR)
    free = shutil.disk_usage(tmp_path).free
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 1)
    assert doctor.disk_check(words, tmp_path).ok
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 2 * free)
    check = doctor.disk_check(words, tmp_path / "not" / "there")
    assert (check.ok, check.advice) == (False, "Libérez de l’espace sur ce disque.")


def test_the_doctor_tells_nothing_of_the_person(ctl: Ctl) -> None:
    secret = {"channel": "phone", "category": "COMM", "answers": {"txt": "Merci!"}, "requester": {"name": "Luce Roy"}}
    ctl.json("capture", "-", stdin=json.dumps(secret).encode())
    told = ctl("--json", "doctor").out + ctl("doctor").out
    assert not any(each in told for each in ("mgagnon", "Gagnon", "Luce", "Merci", str(ctl.profile)))
