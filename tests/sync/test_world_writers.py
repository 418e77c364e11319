"""Sixteen writers and some readers at once, on PostgreSQL: who reads up to a number has missed nothing below it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from guichet_sync.central import publish
from guichet_sync.central.database import reading, writing
from guichet_sync.domain.intents import AddNote, IntentKind
from guichet_sync.domain.spaces import requests_space
from guichet_sync.protocol.messages import Cursor, IntentOutcome
from tests.helpers.central import AGENT, CLERK, SECOND_AGENT, SUPERVISOR, CentralServer
from tests.helpers.postgres import PostgresServer
from tests.helpers.wire import Post

SPACE = requests_space("TP")
WRITERS = 16
ROUNDS = 5
_NOTES = 3
Raise = Callable[[Connection, str, str, int], int]
Row = tuple[int, str]
"""A number, and the intent that it was given to."""


@dataclass(slots=True)
class Reader:
    """Reads on from where it is, again and again, as a post does; ``seen`` is all that came, in the order it came."""

    rows_after: Callable[[int], list[Row]]
    at: int
    seen: list[Row] = field(default_factory=list)

    def read_while(self, going_on: threading.Event) -> None:
        """Read until the writers are done, and then to the end."""
        last = False
        while not last:
            last = not going_on.is_set()
            while rows := self.rows_after(self.at):
                self.seen += rows
                self.at = rows[-1][0]


@dataclass(frozen=True, slots=True)
class Town:
    """A server on PostgreSQL and the people who write to it."""

    server: CentralServer
    posts: tuple[Post, ...]

    def write(self, rank: int) -> None:
        """A writer: requests, and notes on each of them, as one of several enrolments."""
        post = self.posts[rank % len(self.posts)]
        for _ in range(ROUNDS):
            asked = post.asked()
            envelopes = [post.envelope(asked, IntentKind.CREATE_REQUEST)]
            envelopes += [post.envelope(AddNote(asked.request_id, f"note {n}"), IntentKind.ADD_NOTE) for n in range(_NOTES)]
            receipts = post.send(*envelopes)
            while any(each.outcome is IntentOutcome.RETRY for each in receipts):
                receipts = post.send(*envelopes)
            assert {each.outcome for each in receipts} <= {IntentOutcome.APPLIED, IntentOutcome.DUPLICATE}, receipts

    def over_http(self, rank: int) -> Reader:
        """Reads what the server's feed gives, in small pages."""
        post = self.posts[rank % len(self.posts)]
        epoch = post.enrolled.epoch
        others = [Cursor(each, epoch, 2**40) for each in post.feed(limit=1).readable if each != SPACE]

        def rows_after(seq: int) -> list[Row]:
            pages = [page for page in post.feed(Cursor(SPACE, epoch, seq), *others, limit=20).pages if page.space == SPACE]
            assert not any(page.rewind or page.snapshot for page in pages)
            return [(each.seq, each.intent) for page in pages for each in page.entries]

        return Reader(rows_after, self.head())

    def from_the_table(self) -> Reader:
        """Reads the feed's own rows, beyond the last number it has seen."""
        return Reader(lambda seq: _rows(self.server.engine, seq), self.head())

    def head(self) -> int:
        """The last number given so far."""
        with reading(self.server.engine) as connection:
            found = connection.execute(text("SELECT max(seq) FROM feed WHERE space = :space"), {"space": SPACE}).scalar()
        return int(found or 0)


def _rows(engine: Engine, after: int, limit: int = 20) -> list[Row]:
    question = text("SELECT seq, intent FROM feed WHERE space = :space AND seq > :seq ORDER BY seq LIMIT :limit")
    with reading(engine) as connection:
        return [(row.seq, row.intent) for row in connection.execute(question, {"space": SPACE, "seq": after, "limit": limit})]


@pytest.fixture
def town(postgres: PostgresServer, postgres_city: str, tmp_path: Path) -> Iterator[Town]:
    with (
        postgres.database(template=postgres_city) as url,
        CentralServer(url, tmp_path / "central").running() as server,
    ):
        yield Town(server, tuple(Post.enrol(server.url, user) for user in (AGENT, SECOND_AGENT, CLERK, SUPERVISOR)))


def written_and_read(town: Town, readers: list[Reader]) -> list[Row]:
    """All writers write while all readers read; what stands in the feed at the end."""
    before, going_on = town.head(), threading.Event()
    going_on.set()
    with ThreadPoolExecutor(WRITERS + len(readers)) as pool:
        reads = [pool.submit(reader.read_while, going_on) for reader in readers]
        writes = [pool.submit(town.write, rank) for rank in range(WRITERS)]
        try:
            for each in writes:
                each.result()
        finally:
            going_on.clear()
        for each in reads:
            each.result()
    return _rows(town.server.engine, before, 10**6)


def unseen(reader: Reader, there: list[Row]) -> set[Row]:
    """What a reader never saw, though it read on until the end."""
    return set(there) - set(reader.seen)


def out_of_order(engine: Engine, after: int) -> int:
    """How many rows have a number below that of a row that was committed before them."""
    question = text(
        "SELECT count(*) FROM (SELECT committed < max(committed) OVER (ORDER BY seq) AS late FROM"
        " (SELECT seq, pg_xact_commit_timestamp(xmin) AS committed FROM feed WHERE space = :space AND seq > :seq) each) every"
        " WHERE late"
    )
    with reading(engine) as connection:
        return int(connection.execute(question, {"space": SPACE, "seq": after}).scalar_one())


@contextmanager
def slow_commits(monkeypatch: pytest.MonkeyPatch, raise_head: Raise) -> Iterator[None]:
    """Between its number and its commit, each transaction takes as long as a busy disk may make it."""

    def slowly(connection: Connection, tenant: str, space: str, by: int) -> int:
        head = raise_head(connection, tenant, space, by)
        connection.execute(text("SELECT pg_sleep(random() * 0.004)"))
        return head

    with monkeypatch.context() as patch:
        patch.setattr(publish, "raise_head", slowly)
        yield


def a_sequence(_connection: Connection, _tenant: str, _space: str, by: int) -> int:
    """What looks like the same, and is not: numbers are given in the order of asking, not of committing."""
    question = text("SELECT max(number) FROM (SELECT nextval('feed_number') AS number FROM generate_series(1, :by)) each")
    return int(_connection.execute(question, {"by": by}).scalar_one())


def test_sixteen_writers_leave_no_entry_unseen_and_no_hole(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    before = town.head()
    readers = [town.over_http(0), town.over_http(1), town.over_http(2), town.from_the_table(), town.from_the_table()]
    with slow_commits(monkeypatch, publish.raise_head):
        there = written_and_read(town, readers)
    assert len(there) == WRITERS * ROUNDS * (1 + _NOTES)
    assert [seq for seq, _ in there] == list(range(before + 1, before + 1 + len(there)))
    for reader in readers:
        assert reader.seen == there
    assert out_of_order(town.server.engine, before) == 0


def test_with_a_sequence_in_the_place_of_the_counter_the_same_story_turns_red(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = town.head()
    with writing(town.server.engine) as connection:
        connection.execute(text(f"CREATE SEQUENCE feed_number START {before + 1:d}"))
    readers = [town.from_the_table() for _ in range(4)]
    with slow_commits(monkeypatch, a_sequence):
        there = written_and_read(town, readers)
    assert len(there) == WRITERS * ROUNDS * (1 + _NOTES)
    assert any(unseen(reader, there) for reader in readers)
    assert out_of_order(town.server.engine, before) > 0
