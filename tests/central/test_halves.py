"""What moves between spaces is never in neither, however small the pages and wherever a post stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from guichet_sync.central import feed, instance
from guichet_sync.central.database import open_engine, reading, writing
from guichet_sync.central.publish import Change, Publication
from guichet_sync.domain.category import Service
from guichet_sync.domain.spaces import TAXONOMY, Role, requests_space
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Cursor, FeedReply, FeedRequest, Operation, Person

READER = Person("reader", "R", Role.AGENT)
SERVICES = "ABC"


def _publish(engine: Engine, *changes: Change) -> None:
    with writing(engine) as connection:
        publication = Publication(connection, instance.read(connection).tenant)
        publication.put(changes)
        publication.commit_order()


def _opened(engine: Engine, service: str, *requests: str) -> None:
    _publish(engine, *(Change(requests_space(service), "request", each, {"at": service}) for each in requests))


def _moved(engine: Engine, request: str, old: str, new: str) -> None:
    _publish(
        engine,
        Change(requests_space(new), "request", request, {"at": new}),
        Change(requests_space(old), "request", request, None, Operation.EVICT),
    )


@dataclass
class Mirror:
    """A post of the tests: what it holds, by space and id, and how far it read."""

    engine: Engine
    at: dict[str, int] = field(default_factory=dict)
    held: set[tuple[str, str]] = field(default_factory=set)

    def follow(self, limit: int) -> Iterator[frozenset[str]]:
        """Read until there is no news; the requests that are somewhere, after each reply."""
        while (reply := self._ask(limit)).pages:
            for page in reply.pages:
                assert page.after == self.at.get(page.space, 0)
                for entry in page.entries:
                    if entry.operation is not Operation.PUT:
                        self.held.discard((page.space, entry.id))
                    elif entry.body is not None:
                        self.held.add((page.space, entry.id))
                self.at[page.space] = page.next
            yield frozenset(record for _space, record in self.held)

    def _ask(self, limit: int) -> FeedReply:
        with reading(self.engine) as connection:
            here = instance.read(connection)
            asked = FeedRequest(tuple(Cursor(space, here.epoch, seq) for space, seq in self.at.items()), limit)
            return codec.decode(codec.encode(feed.read(connection, here, READER, asked)), FeedReply)


@pytest.fixture
def engine(new_url: str) -> Iterator[Engine]:
    """A city of three services without requests."""
    made = open_engine(new_url)
    _publish(made, *(Change(TAXONOMY, "service", code, Service(code, Bilingual(code))) for code in SERVICES))
    yield made
    made.dispose()


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
@pytest.mark.parametrize(("old", "new"), [("A", "B"), ("B", "A")])
def test_a_transferred_request_is_never_in_neither_space(engine: Engine, limit: int, old: str, new: str) -> None:
    _opened(engine, old, "R")
    mirror = Mirror(engine)
    list(mirror.follow(50))
    _opened(engine, new, *"12345")
    _moved(engine, "R", old, new)
    _opened(engine, old, *"67")
    _opened(engine, "C", *"89")
    steps = list(mirror.follow(limit))
    assert all("R" in step for step in steps)
    assert len(steps) >= 10 / limit
    assert {(space, record) for space, record in mirror.held if record == "R"} == {(requests_space(new), "R")}
    assert steps[-1] == frozenset("R123456789") | set(SERVICES)


def test_a_request_that_went_on_twice_is_never_nowhere(engine: Engine) -> None:
    _opened(engine, "A", "R")
    mirror = Mirror(engine)
    list(mirror.follow(50))
    _moved(engine, "R", "A", "B")
    _opened(engine, "C", *"12345")
    _moved(engine, "R", "B", "C")
    assert all("R" in step for step in mirror.follow(2))


_MOVES = st.lists(st.tuples(st.sampled_from("RSTU"), st.sampled_from(SERVICES)), max_size=14)


def test_a_post_comes_to_the_end_whatever_moved_where(engine: Engine) -> None:
    places = dict.fromkeys("RSTU", "A")
    _opened(engine, "A", *places)
    mirror = Mirror(engine)

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(moves=_MOVES, limit=st.integers(1, 4))
    def moved(moves: list[tuple[str, str]], limit: int) -> None:
        for request, service in moves:
            if places[request] != service:
                _moved(engine, request, places[request], service)
                places[request] = service
        for _step in mirror.follow(limit):
            pass
        ours = {record: space for space, record in mirror.held if space != TAXONOMY}
        assert ours == {request: requests_space(service) for request, service in places.items()}
        assert len(mirror.held) == len(places) + len(SERVICES)

    moved()
