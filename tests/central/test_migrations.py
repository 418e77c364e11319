from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text

from guichet_sync.central import instance, migrate, schema
from guichet_sync.central.app import create_app
from guichet_sync.central.database import open_engine, reading, writing
from guichet_sync.central.publish import Change, Publication
from guichet_sync.central.settings import Settings
from guichet_sync.domain.errors import NotFound, StoreError
from guichet_sync.protocol import codec
from guichet_sync.protocol.checksum import bucket_of, record_digest
from tests.central.conftest import Run


def test_an_upgrade_from_nothing_is_the_schema_that_the_code_speaks(empty_url: str) -> None:
    engine = open_engine(empty_url)
    migrate.upgrade(engine)
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    migrate.check_current(engine)
    engine.dispose()


def test_servers_that_start_together_upgrade_once(empty_url: str) -> None:
    engine = open_engine(empty_url)
    with ThreadPoolExecutor(2) as servers:
        list(servers.map(lambda _: migrate.upgrade(engine), range(2)))
    migrate.check_current(engine)
    engine.dispose()


def test_tenant_and_space_stand_in_every_key() -> None:
    for table in schema.metadata.sorted_tables:
        assert [column.name for column in table.primary_key][:2] == ["tenant", "space"], table.name
        for index in table.indexes:
            assert [column.name for column in index.columns][:2] == ["tenant", "space"], index.name


def test_a_database_of_a_newer_version_is_left_alone(new_url: str, run: Run) -> None:
    _pretend(new_url, "9999")
    for verb in (["init"], ["demo"], ["user", "list"], ["serve"]):
        status, out, err = run(new_url, *verb)
        assert (status, out) == (1, "")
        assert "plus récente" in err


def test_a_database_of_an_older_version_asks_for_its_upgrade(new_url: str, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr("alembic.script.ScriptDirectory.get_current_head", lambda _scripts: "the next one")
    status, _out, err = run(new_url, "user", "list")
    assert status == 1
    assert "guichet-central init" in err


def test_no_application_stands_on_another_schema(new_url: str, empty_engine: Engine, tmp_path: Path) -> None:
    _pretend(new_url, "9999")
    with pytest.raises(StoreError, match="schema_newer"):
        create_app(Settings(new_url, tmp_path))
    with pytest.raises(NotFound, match="not_initialised"):
        migrate.check_current(empty_engine)


def test_a_database_of_before_the_digests_is_counted_and_goes_on(empty_url: str) -> None:
    """More records than a page of the migration, in the order of keys that the database's own language has."""
    engine = open_engine(empty_url)
    migrate.upgrade(engine, "0001")
    bodies = {
        f"{letter}-{n}": {"key": f"{letter}-{n}", "name": {"fr": "é", "en": None}} for letter in "aAbé/_" for n in range(400)
    }
    rows = [_of_before(key, json.dumps(body, indent=1, ensure_ascii=True)) for key, body in bodies.items()]
    with writing(engine) as connection:
        connection.execute(_RECORD_OF_BEFORE, [*rows, _of_before("gone", "")])
        connection.execute(_INSTANCE_OF_BEFORE)
    migrate.upgrade(engine)
    record = schema.record
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
        found = {row.id: row for row in connection.execute(select(record))}
    assert len(found) == len(bodies) + 1
    for key, body in bodies.items():
        canonical = codec.canonical(body)
        counted = (bucket_of("material", key), record_digest("material", key, canonical), canonical.decode())
        assert (found[key].bucket, found[key].digest, found[key].body) == counted
    assert (found["gone"].body, found["gone"].digest, found["gone"].revision) == ("", 0, 7)
    with writing(engine) as connection:
        assert instance.sealing_key(connection)
        publication = Publication(connection, "ville")
        publication.put([Change("places", "material", key, body) for key, body in bodies.items()])
        assert publication.commit_order() == {}  # what is put again as it is does not change
    engine.dispose()


def _of_before(key: str, body: str) -> dict[str, object]:
    return {"tenant": "ville", "space": "places", "kind": "material", "id": key, "revision": 7, "body": body}


_RECORD_OF_BEFORE = text("INSERT INTO record VALUES (:tenant, :space, :kind, :id, :revision, :body)")
_INSTANCE_OF_BEFORE = text("INSERT INTO instance VALUES ('ville', 'instance', 'x', 'Ville', '', 'America/Toronto', 0, FALSE)")


@pytest.fixture
def empty_engine() -> Iterator[Engine]:
    engine = open_engine("sqlite://")
    yield engine
    engine.dispose()


def _pretend(url: str, revision: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()
