from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from guichet_sync.central import cli
from guichet_sync.central.database import embedded_url, open_engine, writing
from guichet_sync.central.demo import PASSWORD
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.central.conftest import Run
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.wire import Post

Document = Callable[..., Any]


def test_a_database_is_made_once_and_upgraded_at_will(empty_url: str, document: Document) -> None:
    first = document(empty_url, "init", "--tenant", "val-des-ormes", "--city", "Val-des-Ormes")
    assert first["tenant"] == "val-des-ormes"
    assert document(empty_url, "init", "--tenant", "autre-ville") == first


def test_a_restored_backup_begins_another_epoch(empty_url: str, document: Document) -> None:
    before = document(empty_url, "init")
    after = document(empty_url, "init", "--restored")
    assert after["instance"] == before["instance"]
    assert after["epoch"] != before["epoch"]


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [("--tenant", "Val des Ormes", "tenant_form"), ("--timezone", "America/Laval", "unknown_timezone")],
)
def test_an_identity_that_can_not_be_is_refused(tmp_path: Path, run: Run, option: str, value: str, code: str) -> None:
    url = embedded_url(tmp_path)
    status, out, err = run(url, "init", option, value)
    assert (status, out) == (1, "")
    assert str(Words(Language.FR).reason(code)) in err
    assert run(url, "user", "list")[0] == 1


@pytest.mark.parametrize("verb", [("user", "list"), ("post", "list"), ("verify",), ("import", "taxonomy", "x"), ("serve",)])
def test_nothing_is_done_on_a_database_that_was_not_initialised(empty_url: str, run: Run, verb: tuple[str, ...]) -> None:
    status, out, err = run(empty_url, *verb)
    assert (status, out) == (1, "")
    assert "guichet-central init" in err


def test_people_are_added_listed_and_disabled(new_url: str, run: Run, document: Document) -> None:
    added = document(
        new_url, "user", "add", "ltremblay", "--role", "agent", "--display", "L. Tremblay", "--password-stdin", typed="x" * 12
    )
    assert added == {"name": "ltremblay", "display": "L. Tremblay", "role": "agent", "service": ""}
    assert document(new_url, "user", "list") == {"users": [added | {"disabled": False}]}
    assert document(new_url, "user", "disable", "ltremblay") == {"disabled": "ltremblay"}
    assert document(new_url, "user", "list")["users"][0]["disabled"]
    assert "désactivé" in run(new_url, "user", "list")[1]
    assert run(new_url, "user", "disable", "personne")[0] == 1
    assert document(new_url, "user", "enable", "ltremblay") == {"enabled": "ltremblay"}
    assert not document(new_url, "user", "list")["users"][0]["disabled"]


def test_a_person_who_changes_service_reads_what_their_new_role_reads(
    any_central: CentralServer, run: Run, document: Document
) -> None:
    url, post = str(any_central.settings.database_url), Post.enrol(any_central.url, AGENT)
    assert "people/TP" in post.feed().readable
    assert run(url, "user", "role", AGENT, "--role", "service_employee")[0] == 1
    assert run(url, "user", "role", AGENT, "--role", "service_employee", "--service", "XXX")[0] == 1
    assert run(url, "user", "role", "personne", "--role", "agent")[0] == 1
    changed = document(url, "user", "role", AGENT, "--role", "service_employee", "--service", "ENV")
    assert changed == {"name": AGENT, "role": "service_employee", "service": "ENV"}
    readable = post.feed().readable
    assert "people/ENV" in readable
    assert "people/TP" not in readable


def test_a_forgotten_password_is_replaced(any_central: CentralServer, run: Run) -> None:
    url = str(any_central.settings.database_url)
    assert run(url, "user", "password", AGENT, "--password-stdin", typed="court")[0] == 1
    assert run(url, "user", "password", AGENT, "--password-stdin", typed="une nouvelle phrase\n")[0] == 0
    assert Post.enrol(any_central.url, AGENT, "une nouvelle phrase").enrolled.person.name == AGENT
    with pytest.raises(AssertionError, match="sign_in_refused"):
        Post.enrol(any_central.url, AGENT)


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (["ltremblay", "--role", "agent"], "court", "moins de 8 caractères"),
        (["ltremblay", "--role", "agent"], "", "moins de 8 caractères"),
        (["l tremblay", "--role", "agent"], PASSWORD, "n’a pas la forme voulue"),
        ([AGENT, "--role", "agent"], PASSWORD, "déjà pris"),
        (["ltremblay", "--role", "agent", "--service", "ZZZ"], PASSWORD, "n’est pas de la taxonomie"),
        (["ltremblay", "--role", "service_employee"], PASSWORD, "--service"),
    ],
)
def test_a_person_who_can_not_be_added_is_not(city_url: str, run: Run, arguments: list[str], typed: str, said: str) -> None:
    before = run(city_url, "user", "list")[1]
    status, out, err = run(city_url, "user", "add", *arguments, "--password-stdin", typed=f"{typed}\n")
    assert (status, out) == (1, "")
    assert said in err
    assert run(city_url, "user", "list")[1] == before


def test_a_password_is_asked_for_and_nothing_is_locked_meanwhile(city: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{city}"

    def type_it(_prompt: str) -> str:
        with closing(sqlite3.connect(city, timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.rollback()
        return "court"

    monkeypatch.setattr("getpass.getpass", type_it)
    assert run(url, "user", "add", "nouvelle", "--role", "clerk")[0] == 1

    def hang_up(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", hang_up)
    assert run(url, "user", "add", "nouvelle", "--role", "clerk")[0] == 1


def test_posts_are_listed_and_revoked(any_central: CentralServer, run: Run, document: Document) -> None:
    url = any_central.settings.database_url
    post = Post.enrol(any_central.url, AGENT)
    (listed,) = document(url, "post", "list")["posts"]
    assert (listed["code"], listed["person"], listed["revoked"]) == (post.enrolled.code, AGENT, False)
    assert post.get("/v1/snapshots", params={"space": "kb"}).status_code == 200
    assert document(url, "post", "revoke", post.enrolled.code) == {"revoked": post.enrolled.code}
    assert post.get("/v1/snapshots", params={"space": "kb"}).status_code == 401
    assert "révoqué" in run(url, "post", "list")[1]
    assert run(url, "post", "revoke", "Z99")[0] == 1


def test_the_fictional_city_is_loaded_again_without_change(empty_url: str, document: Document, run: Run) -> None:
    loaded = document(empty_url, "demo")["loaded"]
    assert (loaded["addresses.csv"], loaded["users.json"]) == (2785, 10)
    before = document(empty_url, "verify")
    assert before["findings"] == []
    assert document(empty_url, "demo")["loaded"]["users.json"] == 0
    assert document(empty_url, "verify") == before
    assert "intègre" in run(empty_url, "verify")[1]


def test_the_fictional_city_never_enters_a_real_one(new_url: str, document: Document, run: Run) -> None:
    document(new_url, "user", "add", "ltremblay", "--role", "agent", "--password-stdin", typed="x" * 12)
    status, _out, err = run(new_url, "demo")
    assert status == 1
    assert "déjà ses propres comptes" in err
    assert document(new_url, "verify")["counts"]["records"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["user", "add", "x", "--role", "king"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "http"],
        ["serve", "--workers", "0"],
        ["import", "horoscopes", "x"],
        ["import", "requests", "x", "--limit", "-1"],
    ],
)
def test_wrong_usage_is_told_apart_from_failure(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    "url",
    [
        "Secret-Canari",
        "postgresql://guichet:Secret-Canari@serveur:port/guichet",
        "mysql://guichet:Secret-Canari@serveur/guichet",
        "oracle+cx_oracle://guichet:Secret-Canari@serveur/guichet",
        "postgresql+psycopg2://guichet:Secret-Canari@serveur/guichet",
        "postgresql://guichet:Secret-Canari@127.0.0.1:1/guichet",
        "sqlite:////nulle/part/Secret-Canari.db",
    ],
)
def test_a_database_that_can_not_be_reached_is_a_sentence_without_its_password(run: Run, url: str) -> None:
    status, out, err = run(url, "user", "list")
    assert (status, out) == (1, "")
    assert "base de données" in err
    assert "GUICHET_DATABASE_URL" in err
    assert "Canari" not in err
    assert "Traceback" not in err


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path, run: Run) -> None:
    (tmp_path / "central.db").write_bytes(b"not a database" * 1_000)
    status, _out, err = run(embedded_url(tmp_path), "init")
    assert status == 1
    assert "sauvegarde" in err


def test_a_database_that_refuses_us_is_a_sentence(postgres_url: str, run: Run) -> None:
    engine = open_engine(postgres_url)
    with writing(engine) as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS nobody_here")
        connection.exec_driver_sql("CREATE ROLE nobody_here LOGIN")
    try:
        status, _out, err = run(postgres_url.replace("guichet@", "nobody_here@"), "init")
    finally:
        with writing(engine) as connection:
            connection.exec_driver_sql("DROP ROLE nobody_here")
        engine.dispose()
    assert status == 1
    assert "droits" in err


def test_a_database_that_hides_its_history_has_an_epoch_all_the_same(new_url: str, run: Run, document: Document) -> None:
    if new_url.startswith("sqlite"):
        assert document(new_url, "init")["epoch"] == "s.0"
        return
    assert len(document(new_url, "init")["epoch"].split(".")) == 3
    engine = open_engine(new_url)
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE ROLE tenant_of_a_cloud LOGIN")
        connection.exec_driver_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO tenant_of_a_cloud")
        connection.exec_driver_sql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
    try:
        status, out, err = run(new_url.replace("guichet@", "tenant_of_a_cloud@"), "--json", "init")
    finally:
        with writing(engine) as connection:
            connection.exec_driver_sql("DROP OWNED BY tenant_of_a_cloud")
            connection.exec_driver_sql("DROP ROLE tenant_of_a_cloud")
        engine.dispose()
    assert status == 0, err
    assert json.loads(out)["epoch"] == "p.0"


def test_a_data_folder_that_can_not_be_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("here")
    assert cli.main(["--data", str(tmp_path / "file" / "data"), "init"]) == 1
    assert "dossier de données" in capsys.readouterr().err


def test_sentences_come_in_english_too(tmp_path: Path, run: Run) -> None:
    status, _out, err = run(embedded_url(tmp_path), "--lang", "en", "user", "list")
    assert status == 1
    assert "guichet-central init" in err


def test_a_reader_who_left_is_no_failure_to_shout_about(city: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    reading, writing_end = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "guichet_sync.central.cli", "--database", f"sqlite:///{city}", "--data", str(tmp_path)]
    done = subprocess.run(
        [*command, "--json", "user", "list"], stdout=writing_end, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing_end)
    assert (done.returncode, done.stderr) == (1, "")


def test_one_document_is_printed_and_nothing_else(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in (["user", "list"], ["post", "list"], ["verify"]):
        assert cli.main(["--database", f"sqlite:///{city}", "--data", str(tmp_path), "--json", *verb]) == 0
        said = capsys.readouterr()
        json.loads(said.out)
        assert said.err == ""
