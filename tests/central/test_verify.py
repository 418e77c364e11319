from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, Executable, delete, func, insert, literal, select, update

from guichet_sync.central import instance, schema
from guichet_sync.central.database import open_engine, reading, writing
from guichet_sync.central.snapshots import Snapshots
from guichet_sync.central.verify import Finding, verify
from tests.central.conftest import Run
from tests.helpers.central import AGENT, CentralServer, copied_city
from tests.helpers.wire import SOMEBODY, Post

FEED, RECORD, SPACE, INTENT, NUMBER = schema.feed, schema.record, schema.space, schema.intent, schema.number
FICHE = RECORD.c.id == "COL-001"
OF_KB = FEED.c.space == "kb"
TWICE = select(*(literal("requests/CLS") if each.name == "space" else each for each in RECORD.c)).where(
    RECORD.c.kind == "request", RECORD.c.body.contains("Trou dans la voie de droite")
)
FOREIGN = '{"intent_id": "x", "outcome": "applied"}'

DAMAGES: dict[str, tuple[Executable, set[str]]] = {
    "a feed row lost": (delete(FEED).where(FEED.c.seq == 3, OF_KB), {"feed_has_holes", "record_not_in_feed"}),
    "a head set back": (update(SPACE).where(SPACE.c.space == "kb").values(head=1), {"feed_has_holes"}),
    "a head lost": (delete(SPACE).where(SPACE.c.space == "kb"), {"feed_has_holes"}),
    "a feed lost": (delete(FEED).where(OF_KB), {"feed_has_holes", "record_not_in_feed"}),
    "an intent changed": (update(INTENT).values(body="{}"), {"intent_damaged"}),
    "a receipt lost": (update(INTENT).values(receipt=""), {"intent_damaged"}),
    "a receipt of another": (update(INTENT).values(receipt=FOREIGN), {"intent_damaged"}),
    "a record of another shape": (update(RECORD).where(FICHE).values(body="{}"), {"record_damaged"}),
    "a record of no kind": (
        update(RECORD).where(FICHE).values(kind="poem"),
        {"record_damaged", "record_not_in_feed", "record_missing"},
    ),
    "a record in another form": (update(RECORD).where(FICHE).values(body=RECORD.c.body + " "), {"record_damaged"}),
    "a record changed": (update(RECORD).where(FICHE).values(body=func.replace(RECORD.c.body, " ", "_")), {"checksum_wrong"}),
    "a record emptied": (update(RECORD).where(FICHE).values(body=""), {"record_damaged", "checksum_wrong"}),
    "a record counted elsewhere": (update(RECORD).where(FICHE).values(bucket=RECORD.c.bucket + 1), {"checksum_wrong"}),
    "a revision changed": (update(RECORD).where(FICHE).values(revision=9), {"record_not_in_feed"}),
    "a record lost": (delete(RECORD).where(FICHE), {"record_missing"}),
    "a request lost": (delete(RECORD).where(RECORD.c.kind == "request"), {"record_missing", "number_without_request"}),
    "a number of nothing": (
        update(NUMBER).values(request_id="x"),
        {"number_without_request", "request_without_number"},
    ),
    "a request that stands in two places": (
        insert(RECORD).from_select(RECORD.c.keys(), TWICE),
        {"request_without_number", "record_not_in_feed"},
    ),
    "a transfer that the numbers do not know": (
        update(NUMBER).values(request_space="requests/CLS"),
        {"number_without_request", "request_without_number"},
    ),
    "a counter set back": (update(schema.counter).values(last=2), {"counter_behind"}),
    "a person lost": (delete(schema.person).where(schema.person.c.name == AGENT), {"enrolment_of_nobody"}),
}


@pytest.fixture(scope="module")
def used_city(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional city after a capture."""
    folder = tmp_path_factory.mktemp("used")
    with CentralServer(copied_city(city, folder), folder).running() as central:
        post = Post.enrol(central.url, AGENT)
        post.send(post.capture(requester=SOMEBODY), post.answer())
    return folder / "central.db"


def _codes(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return {finding.code for finding in verify(connection, instance.read(connection)).findings}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(used_city: Path, tmp_path: Path, damage: str) -> None:
    engine = open_engine(copied_city(used_city, tmp_path))
    assert _codes(engine) == set()
    break_it, found = DAMAGES[damage]
    with writing(engine) as connection:
        connection.execute(break_it)
    assert _codes(engine) == found
    engine.dispose()


def test_damage_is_found_on_both_engines(city_engine: Engine) -> None:
    assert _codes(city_engine) == set()
    row = {"tenant": "val-des-ormes", "space": "kb", "kind": "poem", "id": "x", "revision": 1, "body": "{}"}
    with writing(city_engine) as connection:
        connection.execute(insert(RECORD).values(row))
        connection.execute(delete(FEED).where(FEED.c.space == "taxonomy", FEED.c.seq == 1))
    with reading(city_engine) as connection:
        found = verify(connection, instance.read(connection))
    assert Finding("feed_has_holes", "taxonomy") in found.findings
    assert Finding("record_not_in_feed", "kb poem x") in found.findings
    assert found.counts["numbers"] == 42


def test_damage_is_told_with_what_to_do_and_another_status(used_city: Path, tmp_path: Path, run: Run) -> None:
    url = copied_city(used_city, tmp_path)
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(DAMAGES["a head lost"][0])
    engine.dispose()
    status, out, err = run(url, "--json", "verify")
    assert status == 1
    assert json.loads(out)["findings"] == [{"code": "feed_has_holes", "where": "kb"}]
    assert "restaurez une sauvegarde" in err
    assert run(url, "verify")[1].startswith("kb\u00a0: ")


def test_a_damaged_page_of_the_file_is_found(used_city: Path, tmp_path: Path, run: Run) -> None:
    url = copied_city(used_city, tmp_path)
    with (tmp_path / "central.db").open("r+b") as file:
        file.seek(-40_000, 2)
        file.write(b"\xff" * 20_000)
    status, _out, err = run(url, "verify")
    assert status == 1
    assert "sauvegarde" in err


def test_an_index_that_lacks_a_row_is_found(used_city: Path, tmp_path: Path) -> None:
    url = copied_city(used_city, tmp_path)
    with closing(sqlite3.connect(tmp_path / "central.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        index = raw.execute("SELECT * FROM sqlite_master WHERE name = 'number_request'").fetchone()
        raw.execute("DELETE FROM sqlite_master WHERE name = 'number_request'")
    with closing(sqlite3.connect(tmp_path / "central.db", isolation_level=None)) as raw:
        raw.execute("UPDATE number SET request_id = request_id || 'x' WHERE number LIKE '26-%'")
        raw.execute("UPDATE number SET request_id = rtrim(request_id, 'x')")
        raw.execute("DELETE FROM number WHERE rowid = (SELECT max(rowid) FROM number)")
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", index)
    engine = open_engine(url)
    assert _codes(engine) == {"database_damaged"}
    engine.dispose()


def test_a_damaged_snapshot_is_found(city_engine: Engine, city_url: str, tmp_path: Path, run: Run) -> None:
    made = Snapshots(city_engine, tmp_path / "data" / "snapshots")
    path = made.file(made.manifest("kb").digest, ["kb"])
    made.manifest("requests/TP")
    assert run(city_url, "verify")[0] == 0
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    (tmp_path / "data" / "snapshots" / "requests+TP.json").write_text("{}")
    status, out, _err = run(city_url, "--json", "verify")
    assert status == 1
    assert json.loads(out)["findings"] == [
        {"code": "snapshot_damaged", "where": "kb"},
        {"code": "snapshot_damaged", "where": "requests/TP"},
    ]
    path.unlink()
    assert made.damaged() == ("requests/TP",)
