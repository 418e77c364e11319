from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from guichet_sync.client.engine import ExchangeResult
from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.spaces import is_public
from guichet_sync.protocol.messages import Cursor
from guichet_sync.store import database as files
from guichet_sync.store import health, mirror, outbox
from guichet_sync.store import schema as tables
from tests.helpers.desk_world import DeskWorld
from tests.helpers.hostile import Lie, bombs, lies

SMALL = "requests/ENV"
ROWS = (tables.article, tables.taxonomy, tables.location, tables.request, tables.requester)
HOSTILE = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def held(world: DeskWorld) -> list[Any]:
    """What the mirrors hold: how many rows of each table, and how long their bodies are in all."""
    rows: list[Any] = []
    for table in ROWS:
        engine = world.desk.store.public if table.metadata is tables.public else world.desk.store.people
        with files.reading(engine) as connection:
            rows += connection.execute(select(func.count(), func.sum(func.length(table.c.body)))).all()
    return rows


@pytest.fixture
def shared(world: DeskWorld) -> Iterator[DeskWorld]:
    """One world for all lies of a test: after each of them it must be as good as new."""
    assert world.exchange().failure is None
    yield world
    assert all(each.sound for each in health.files(world.desk.store))


def as_snapshot(body: bytes) -> bytes:
    """The small space, which came as a page, is to begin with its snapshot."""
    said = json.loads(body)
    for page in said["pages"]:
        page |= {"snapshot": True, "entries": [], "next": page["after"]}
    return json.dumps(said).encode()


def repacked(packed: bytes, lie: Lie) -> tuple[bytes, int]:
    """A file that says something else, and how many lines it then has."""
    lines = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)).read().splitlines()
    changed = lie(json.dumps([json.loads(line) for line in lines]).encode())
    try:
        lines = [json.dumps(each).encode() for each in json.loads(changed)]
    except ValueError:
        lines = [changed]
    return zstandard.compress(b"\n".join([*lines, b""])), len(lines)


@contextmanager
def nothing_but_our_errors(world: DeskWorld) -> Iterator[None]:
    """Whatever the block's exchange heard, cursors go no further than the server, and one honest exchange makes all good."""
    honest: dict[str, Cursor] = {each.space: each for each in mirror.cursors(world.desk.store)}
    good = held(world)
    mirror.forget(world.desk.store, SMALL)
    try:
        yield
        for cursor in mirror.cursors(world.desk.store):
            assert cursor.seq <= honest[cursor.space].seq, cursor
            assert cursor.epoch == honest[cursor.space].epoch, cursor
    finally:
        world.faults.heal()
    for space in list(honest):
        if not is_public(space):  # a server may say what it likes of a request, as long as it says it well
            mirror.forget(world.desk.store, space)
    result = world.exchange()
    assert result.failure is None, result.failure
    assert {each.space: each for each in mirror.cursors(world.desk.store)} == honest
    assert held(world) == good


def exchanged(world: DeskWorld) -> ExchangeResult | None:
    try:
        return world.exchange()
    except GuichetError:
        return None


@HOSTILE
@given(lie=lies())
def test_a_feed_that_lies(shared: DeskWorld, lie: Lie) -> None:
    with nothing_but_our_errors(shared):
        shared.faults.rewrite_next("/v1/feed", lie, times=3)
        exchanged(shared)


@HOSTILE
@given(lie=lies())
def test_a_manifest_that_lies(shared: DeskWorld, lie: Lie) -> None:
    with nothing_but_our_errors(shared):
        shared.faults.rewrite_next("/v1/feed", as_snapshot)
        shared.faults.rewrite_next("/v1/snapshots", lie, times=3)
        exchanged(shared)


@HOSTILE
@given(lie=lies())
def test_a_snapshot_whose_records_lie(shared: DeskWorld, lie: Lie) -> None:
    """The manifest is of the very file that lies: only what is in it can be found wrong."""
    told: list[bytes] = []

    def announced(body: bytes) -> bytes:
        said = json.loads(body)
        (made,) = shared.server.settings.snapshots.glob(f"*{said['digest']}.zst")
        packed, records = repacked(made.read_bytes(), lie)
        told.append(packed)
        part = {"bytes": len(packed), "records": records, "digest": hashlib.sha256(packed).hexdigest()}
        return json.dumps(said | {"parts": [part]}).encode()

    with nothing_but_our_errors(shared):
        shared.faults.rewrite_next("/v1/feed", as_snapshot)
        shared.faults.rewrite_next("/v1/snapshots", announced)
        shared.faults.rewrite_next("/v1/snapshot-files", lambda _packed: told[-1])
        exchanged(shared)
        assert told


@HOSTILE
@given(lie=lies())
def test_a_token_that_lies(shared: DeskWorld, lie: Lie) -> None:
    with nothing_but_our_errors(shared):
        shared.faults.refuse_next("/v1/feed", 401, code="token_expired")
        shared.faults.rewrite_next("/v1/tokens", lie, times=2)
        exchanged(shared)


@HOSTILE
@given(lie=lies())
def test_receipts_that_lie_lose_no_capture_that_they_do_not_accept(shared: DeskWorld, lie: Lie) -> None:
    world = shared
    captured = [world.capture() for _ in range(2)]
    said: list[bytes] = []

    def told(body: bytes) -> bytes:
        said.append(lie(body))
        return said[-1]

    world.faults.rewrite_next("/v1/intents", told)
    world.faults.refuse_next("/v1/feed", 503)
    exchanged(world)
    waiting = {each.intent_id for each in outbox.items(world.desk.store)}
    assert {each.intent_id for each in captured} <= waiting or b'"applied"' in said[0]
    world.faults.heal()
    assert world.exchange().failure is None
    assert [world.at_server(each) for each in captured] == [1, 1]


@HOSTILE
@given(lie=lies(), status=st.sampled_from([400, 401, 403, 404, 409, 413, 418, 422, 426, 429, 500, 503]))
def test_a_refusal_that_lies(shared: DeskWorld, lie: Lie, status: int) -> None:
    honest = json.dumps({"code": "not_allowed", "values": {"field": "x", "code": 1, "self": None, "status": 10**30}}).encode()
    with nothing_but_our_errors(shared):
        shared.faults.answer_next("/v1/feed", lie(honest), status, {"Retry-After": "\xb2"})
        exchanged(shared)


@pytest.mark.parametrize("path", ["/v1/feed", "/v1/snapshots"])
def test_a_body_that_is_not_what_it_says(shared: DeskWorld, path: str) -> None:
    for name, (headers, body) in bombs().items():
        with nothing_but_our_errors(shared):
            if path != "/v1/feed":
                shared.faults.rewrite_next("/v1/feed", as_snapshot)
            shared.faults.answer_next(path, body, 200, headers)
            result = exchanged(shared)
            assert result is not None, name
            assert isinstance(result.failure, GuichetError), name


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (lambda said: said["readable"].remove(SMALL), "space_not_readable"),
        (lambda said: said["readable"].remove("kb"), "space_not_readable"),
        (lambda said: said.update(readable=[], removal_reason="role_changed", pages=[]), "space_not_readable"),
        (lambda said: said["readable"].remove("requests/TP"), "removal_without_reason"),
        (lambda said: said["readable"].remove("requests/TP") or said.update(removal_reason="Quoi ?"), "removal_without_reason"),
        (lambda said: said["pages"][0].update(removal_reason="\n"), "removal_without_reason"),
        (lambda said: said["pages"][0].update(epoch="another"), "page_out_of_order"),
        (lambda said: said["pages"][0].update(after=1, next=15), "page_out_of_order"),
        (lambda said: said["pages"][0].update(snapshot=True, after=1), "page_out_of_order"),
        (lambda said: said["pages"][0].update(rewind=True), "page_out_of_order"),
        (lambda said: said["pages"][0].update(next=0, entries=[]), "page_has_holes"),
        (lambda said: said["pages"][0].update(next=10**12), "page_has_holes"),
        (lambda said: said["pages"][0]["entries"].pop(3), "page_has_holes"),
        (lambda said: said["pages"][0].update(entries=said["pages"][0]["entries"] * 50), "page_has_holes"),
        (lambda said: said["pages"][0]["entries"][0].update(kind="article"), "record_out_of_place"),
        (lambda said: said["pages"][0]["entries"][0]["body"].pop("status"), "record_shape"),
    ],
)
def test_a_page_out_of_its_place_changes_nothing(shared: DeskWorld, lie: Callable[[Any], object], code: str) -> None:
    def told(body: bytes) -> bytes:
        said = json.loads(body)
        lie(said)
        return json.dumps(said).encode()

    with nothing_but_our_errors(shared):
        shared.faults.rewrite_next("/v1/feed", told)
        result = shared.exchange()
        assert result.failure is not None
        assert result.failure.code == code
        assert SMALL not in result.cursor
