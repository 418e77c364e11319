"""How far an erasure reaches: to every space where the request ever stood, and to no other request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from guichet_sync.central import erasure, feed, instance, numbers, schema
from guichet_sync.central.database import reading, writing
from guichet_sync.central.erasure import Erased
from guichet_sync.central.importers.requests import read_requests
from guichet_sync.central.importers.run import Options, import_file
from guichet_sync.central.snapshots import Snapshots
from guichet_sync.central.verify import verify
from guichet_sync.domain.request import Requester
from guichet_sync.domain.spaces import people_space, requests_space
from guichet_sync.protocol.messages import Cursor, FeedPage, IntentEnvelope, IntentOutcome, IntentReceipt, Operation
from tests.helpers.central import TENANT, CentralServer
from tests.helpers.follow_ups import Followed, said, undo
from tests.helpers.wire import Post

SOLANGE, OCTAVE = Requester("Solange Canari"), Requester("Octave Merle")


@pytest.fixture(autouse=True)
def sound(any_central: CentralServer) -> Iterator[None]:
    """Whatever was erased, the database is whole."""
    yield
    with reading(any_central.engine) as connection:
        assert verify(connection, instance.read(connection)).findings == ()


def _erase(central: CentralServer, number: str, *, texts: bool = True) -> Erased:
    kept = Snapshots(central.engine, central.settings.snapshots)
    return erasure.erase(central.engine, kept, number, "Demande 2026-14", datetime.now(UTC), texts=texts)


def _imported(central: CentralServer, folder: Path, *given: str) -> list[Followed]:
    """Requests of before, by these numbers of theirs."""
    rows = [{"category": "NDP", "opened_at": "2026-03-04T15:00:00-05:00", "number": number} for number in given]
    path = folder / "before.json"
    path.write_text(json.dumps(rows))
    import_file(central.engine, read_requests, path, Options(), lambda _count: None)
    never = IntentEnvelope("", "", "", "", "", "", datetime.now(UTC))  # captured here
    return [Followed(f"import-{number}", never, IntentReceipt("", IntentOutcome.APPLIED)) for number in given]


def test_a_request_whose_number_begins_with_another_ones_keeps_its_people(
    any_central: CentralServer, agent: Post, tmp_path: Path
) -> None:
    erased, longer, below = _imported(any_central, tmp_path, "2024", "20245", "2024/1")
    joins = [each.join(agent, OCTAVE, "Voisin") for each in (longer, below)]
    notes = [each.note(agent, "Rappeler") for each in (longer, below)]
    assert [said(each) for each in agent.send(*joins, *notes)] == ["applied"] * 4
    agent.send(erased.join(agent, SOLANGE))
    assert _erase(any_central, "2024") == Erased(erased.id, 1, 1, (people_space("TP"),))
    there = [entry.id for entry in agent.read(people_space("TP")) if entry.body and entry.id.startswith(f"{erased.id}")]
    assert there == [f"{each.id}/2" for each in (longer, below)]
    assert [said(each) for each in agent.send(*(undo(agent, each) for each in (*joins, *notes)))] == ["applied"] * 4
    assert _erase(any_central, "2024/1").request == below.id
    with reading(any_central.engine) as connection:
        found = erasure.erasures(connection, instance.read(connection))
    assert sorted((each.number, each.request) for each in found) == [("2024", erased.id), ("2024/1", below.id)]


def test_where_a_request_left_it_is_told_too_that_it_is_erased(any_central: CentralServer, agent: Post) -> None:
    moved = Followed.captured_by(agent, requester=SOLANGE, description="Chez Madame Canari")
    left = [requests_space("TP"), people_space("TP")]
    assert said(agent.send(moved.transfer(agent, "TP/TP-VOIRIE", "ENV"))[0]) == "applied"
    assert [agent.read(space)[-1].operation for space in left] == [Operation.EVICT] * 2
    assert _erase(any_central, moved.receipt.number, texts=False).people == 1
    assert [agent.read(space)[-1].operation for space in left] == [Operation.EVICT, Operation.ERASE]
    assert _erase(any_central, moved.receipt.number).people == 0
    assert [agent.read(space)[-1].operation for space in left] == [Operation.ERASE] * 2
    assert [each.operation for each in moved.entries(agent, requests_space("ENV"))][-2:] == [Operation.ERASE, Operation.PUT]
    heads = [len(agent.read(space)) for space in (*left, requests_space("ENV"), people_space("ENV"))]
    _erase(any_central, moved.receipt.number)
    assert [len(agent.read(space)) for space in (*left, requests_space("ENV"), people_space("ENV"))] == heads


def test_who_is_far_behind_is_told_of_what_was_erased_meanwhile(
    any_central: CentralServer, agent: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = people_space("TP")
    told = Followed.captured_by(agent, requester=SOLANGE)
    here = Cursor(space, agent.enrolled.epoch, len(agent.read(space)))
    agent.send(*(agent.capture(requester=OCTAVE) for _ in range(3)))
    monkeypatch.setattr(feed, "SNAPSHOT_BEYOND", 2)
    assert _page_of(agent, here).snapshot
    _erase(any_central, told.receipt.number)
    assert [each.operation for each in _page_of(agent, here).entries] == [Operation.PUT] * 3 + [Operation.ERASE]
    assert _page_of(agent, Cursor(space, here.epoch, 0)).snapshot, "who holds nothing has nothing to erase"


def _page_of(post: Post, at: Cursor) -> FeedPage:
    """What a post that is there is told of its space."""
    (found,) = (page for page in post.feed(at).pages if page.space == at.space)
    return found


def test_a_place_before_the_beginning_is_no_place(agent: Post) -> None:
    assert _page_of(agent, Cursor(people_space("TP"), agent.enrolled.epoch, -5)).rewind


def test_an_undo_and_an_erasure_never_wait_for_each_other(any_central: CentralServer, agent: Post) -> None:
    """What names the request is locked first by both; only then what said something of it."""
    if any_central.engine.dialect.name == "sqlite":  # which has one writer
        return
    about = Followed.captured_by(agent)
    joined = about.join(agent, SOLANGE)
    agent.send(joined)
    with ThreadPoolExecutor(1) as hands:
        with writing(any_central.engine) as connection:
            numbers.lock(connection, TENANT, [about.id])
            holder = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            undone = hands.submit(lambda: agent.send(undo(agent, joined)))
            _wait_until_it_waits(any_central, holder, undone)
            said_by = schema.intent.c.intent_id == joined.intent_id
            connection.execute(select(schema.intent).where(said_by).with_for_update(nowait=True))
            assert connection.execute(update(schema.intent).where(said_by).values(body="")).rowcount == 1
        assert said(undone.result()[0]) == "gone: nothing_to_undo"


def _wait_until_it_waits(central: CentralServer, holder: int, sent: Future[tuple[IntentReceipt, ...]]) -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE :holder = ANY(pg_blocking_pids(pid))")
    while not sent.done():
        with reading(central.engine) as connection:
            if connection.execute(waiting, {"holder": holder}).scalar_one():
                return
