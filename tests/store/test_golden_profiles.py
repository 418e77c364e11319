"""Files that earlier versions wrote open in this one: what a person did is there at once, what mirrors held without a network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import text

from guichet_sync.domain.request import RequestStatus, SyncState
from guichet_sync.domain.words import Language
from guichet_sync.protocol.messages import Cursor
from guichet_sync.store import (
    account,
    arrivals,
    catalogue,
    former,
    health,
    mirror,
    outbox,
    places,
    projection,
    schema,
    search,
    settled,
)
from guichet_sync.store.database import open_engine, reading, writing
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.store.post import PostStore
from guichet_sync.store.projection import RequestFilter
from guichet_sync.store.work_unit import drafts, work_unit
from tests.helpers.stores import EPOCH, NOW, PERSON_KEY, POST_KEY, TODAY, fiche, manifest, open_store, put, receive_fiches
from tests.helpers.strictness import Records

PROFILES = Path(__file__).parents[1] / "golden" / "profiles"
READ = {
    Cursor("kb", EPOCH, 6),
    Cursor("taxonomy", EPOCH, 5),
    Cursor("places", EPOCH, 42),
    Cursor("requests/TP", EPOCH, 4),
    Cursor("requests/ENV", EPOCH, 3),
    Cursor("people/TP", EPOCH, 3),
    Cursor("people/ENV", EPOCH, 3),
}


@pytest.fixture(params=sorted(each.name for each in PROFILES.iterdir() if each.is_dir()))
def old(request: pytest.FixtureRequest, profile: Path) -> Path:
    """A copy of the files of each version."""
    shutil.copytree(PROFILES / request.param, profile)
    return profile


@pytest.fixture
def opened(old: Path) -> Iterator[PostStore]:
    """The same, opened by this version."""
    with closing(open_store(old)) as store:
        yield store


def _beside(profile: Path) -> list[str]:
    return sorted(each.name for each in profile.rglob("*.db-old"))


def _found(store: PostStore) -> list[str]:
    hits = search.search(store, "feuilles mortes", Language.FR, 9, TODAY).hits
    homes = [each.label for each in places.addresses(store, "12 érables", 9)]
    return [*(hit.title for hit in hits), *homes]


def test_what_a_person_did_is_there_before_anything_else(opened: PostStore) -> None:
    assert [item.state for item in outbox.items(opened)] == [
        SyncState.WAITING,
        SyncState.SEALED,
        SyncState.REFUSED,
        SyncState.QUARANTINED,
        SyncState.ACCEPTED,
    ]
    assert [each.decode() for each in drafts(opened)] == ['{"description": "brouillon commencé"}']
    assert outbox.items(opened)[4].official_number == "26-000099"
    assert account.read(opened).code == "C07"
    with work_unit(opened) as work:
        assert work.take_number().sequence == 47
    assert len(outbox.to_send(opened, NOW)) == 2
    settled.reopen_accepted(opened)
    assert len(outbox.to_send(opened, NOW)) == 3


def test_what_the_mirrors_held_comes_back_without_a_network(opened: PostStore, old: Path) -> None:
    assert _beside(old) == ["people.db-old", "public.db-old"]
    assert (_found(opened), mirror.cursors(opened)) == ([], ())
    steps = list(former.bring_over(opened))
    assert [step.space for step in steps if step.done == step.total][:3] == ["kb", "taxonomy", "places"]
    assert _found(opened) == ["Feuilles mortes", "12, rue des Érables"]
    assert set(mirror.cursors(opened)) == READ
    assert projection.requests(opened, RequestFilter()).total == 6 + 5
    known = projection.request(opened, "26-000TP")
    assert (known.request.status, known.requester and known.requester.name) == (RequestStatus.DONE, "Solange Gagnon-Tremblay")
    assert [each.code for each in catalogue.categories(opened)] == ["NDP"]
    with reading(opened.people) as connection:
        assert settled.contained(connection, ["intent of ENV-2", "never"]) == {"intent of ENV-2"}
    assert _beside(old) == []
    assert all(each.sound and each.version == health.expected_version(each.name) for each in health.files(opened))


def test_the_work_file_is_what_it_was_with_tables_added(old: Path) -> None:
    engine = open_engine(ProfileFolder(old).person("0123456789abcdef").work, PERSON_KEY, durable=True)

    def rows() -> dict[str, list[object]]:
        with reading(engine) as connection:
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
            return {name: list(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in names}  # noqa: S608

    before = rows()
    engine.dispose()
    open_store(old).close()
    after = rows()
    engine.dispose()
    assert {name: after[name] for name in before} == before
    assert {"settled"} <= after.keys() - before.keys()
    assert not any(after[name] for name in after.keys() - before.keys())


def test_a_post_that_dies_while_it_brings_over_goes_on_at_its_next_start(old: Path) -> None:
    for steps in range(1, 9):
        with closing(open_store(old)) as store:
            list(islice(former.bring_over(store), steps))
    with closing(open_store(old)) as store:
        list(former.bring_over(store))
        assert set(mirror.cursors(store)) == READ
        assert projection.requests(store, RequestFilter()).total == 6 + 5
        assert _found(store) == ["Feuilles mortes", "12, rue des Érables"]


def test_what_a_snapshot_had_only_begun_is_replaced(opened: PostStore) -> None:
    begun = [put("article", "F9", fiche("F9", "Feuilles mortes, autrement"))]
    arrivals.take_part(opened, manifest("kb", 40, [1, 1]), 0, begun)
    list(former.bring_over(opened))
    assert _found(opened) == ["Feuilles mortes", "12, rue des Érables"]
    assert arrivals.parts_in(opened, manifest("kb", 40, [1, 1])) == 0


def test_what_came_by_the_network_meanwhile_is_not_replaced_by_what_was(opened: PostStore) -> None:
    receive_fiches(opened, fiche("F9", "Feuilles mortes, autrement"))
    list(former.bring_over(opened))
    assert _found(opened) == ["Feuilles mortes, autrement", "12, rue des Érables"]


@pytest.mark.parametrize(
    "harm",
    [
        "DROP TABLE cursor",
        "DROP TABLE article",
        "UPDATE article SET body = '{}'",
        "UPDATE article SET body = 'no JSON'",
        "UPDATE article SET body = NULL",
        "UPDATE cursor SET seq = 'x'",
    ],
)
def test_an_old_mirror_that_is_odd_is_left_out_and_the_other_one_is_not(old: Path, harm: str, expected_logs: Records) -> None:
    engine = open_engine(old / "public.db", POST_KEY, durable=False)
    with writing(engine) as connection:
        if "NULL" in harm:
            connection.execute(text("DROP TABLE article"))
            connection.execute(text("CREATE TABLE article (id, body)"))
            connection.execute(text("INSERT INTO article VALUES ('F1', NULL)"))
        else:
            connection.execute(text(harm))
    engine.dispose()
    with closing(open_store(old)) as store:
        list(former.bring_over(store))
        assert "requests/TP" in {cursor.space for cursor in mirror.cursors(store)}
        assert "kb" not in {cursor.space for cursor in mirror.cursors(store)}
        assert _beside(old) == []
        receive_fiches(store, fiche("F9", "Feuilles mortes"))
        assert _found(store)[0] == "Feuilles mortes"
    assert any("public.db-old is left out" in line for line in expected_logs.lines)


def test_an_old_mirror_that_is_damaged_is_left_out(old: Path, expected_logs: Records) -> None:
    open_store(old).close()
    path = old / "public.db-old"
    path.write_bytes(path.read_bytes()[:40_000] + bytes(path.stat().st_size - 40_000))
    with closing(open_store(old)) as store:
        list(former.bring_over(store))
        assert _beside(old) == []
        assert len(mirror.cursors(store)) >= 4
    assert expected_logs.lines


def test_a_mirror_of_yet_another_version_takes_the_place_of_what_lies_beside(old: Path) -> None:
    with closing(open_store(old)) as store:
        list(former.bring_over(store))
        with writing(store.public) as connection:
            schema.stamp(connection, schema.MIRROR_VERSION + 1)
    with closing(open_store(old)) as store:
        assert _beside(old) == ["public.db-old"]
        list(former.bring_over(store))
        assert set(mirror.cursors(store)) == READ
        assert _found(store) == ["Feuilles mortes", "12, rue des Érables"]
