"""Live hints as the server tells them, on each of its two engines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import delete, text, update

from guichet_sync.central import identity, schema
from guichet_sync.central.database import open_engine, writing
from guichet_sync.central.hints import Manners
from guichet_sync.client.hints import read
from guichet_sync.domain.spaces import Role
from tests.helpers.central import AGENT, EMPLOYEE, SECOND_AGENT, TENANT, CentralServer, copied_city
from tests.helpers.postgres import PostgresServer
from tests.helpers.strictness import Records
from tests.helpers.wire import Post, code_of

BRISK = Manners(beat_s=0.05, rights_s=0.05)


class Listening:
    """A stream as a post hears it."""

    def __init__(self, reply: requests.Response) -> None:
        self.reply = reply
        self._heard = read(iter(lambda: reply.raw.read1(65_536), b""))

    def next(self) -> dict[str, int]:
        """The next event that says anything; nothing once the stream has ended."""
        return next((heads for heads in self._heard if heads), {})

    def until(self, space: str, seq: int) -> None:
        """Hear until that space is that far."""
        while (heads := self.next()).get(space) != seq:
            assert heads, f"the stream ended before {space} was at {seq}"

    def beats(self, times: int) -> None:
        """Hear so many lines that say nothing."""
        for _ in range(times):
            assert next(self._heard) == {}

    def ended(self) -> bool:
        """Hear it to its end."""
        while self.next():
            pass
        return True


@contextmanager
def listening(post: Post) -> Iterator[Listening]:
    with post.get("/v1/hints", stream=True) as reply:
        assert reply.status_code == 200, reply.text
        assert reply.headers["Content-Type"].startswith("text/event-stream")
        yield Listening(reply)


@pytest.fixture
def brisk(city_url: str, tmp_path: Path) -> Iterator[CentralServer]:
    """A server that is never silent for long."""
    with CentralServer(city_url, tmp_path / "central", manners=BRISK).running() as server:
        yield server


def test_the_first_event_names_all_spaces_then_only_those_that_moved(any_central: CentralServer) -> None:
    writer, reader = Post.enrol(any_central.url, AGENT), Post.enrol(any_central.url, SECOND_AGENT)
    with listening(reader) as stream:
        first = stream.next()
        assert set(first) == set(reader.feed(limit=1).readable)
        [receipt] = writer.send(writer.capture())
        assert receipt.effect
        moved: dict[str, int] = {}
        while moved != receipt.effect:
            heard = stream.next()
            assert set(heard) <= set(receipt.effect)
            moved |= heard
        assert all(moved[space] == first[space] + 1 for space in moved)


def test_what_another_process_commits_is_told_too(any_central: CentralServer) -> None:
    reader = Post.enrol(any_central.url, AGENT)
    with listening(reader) as stream:
        head = stream.next()["kb"]
        table = schema.space
        with writing(any_central.engine) as connection:
            connection.execute(update(table).where(table.c.tenant == TENANT, table.c.space == "kb").values(head=head + 1))
        assert stream.next() == {"kb": head + 1}


def test_nobody_hears_of_a_space_they_may_not_read(any_central: CentralServer) -> None:
    writer, reader = Post.enrol(any_central.url, AGENT), Post.enrol(any_central.url, EMPLOYEE)
    with listening(reader) as stream:
        readable = set(reader.feed(limit=1).readable)
        assert set(stream.next()) == readable
        other, ours = writer.send(writer.capture(), writer.capture(category="COL-OUBLI"))
        assert set(other.effect).isdisjoint(readable)
        assert set(stream.next()) <= set(ours.effect)


def test_a_silent_stream_still_says_that_it_is_there(brisk: CentralServer) -> None:
    with listening(Post.enrol(brisk.url, AGENT)) as stream:
        assert stream.next()
        stream.beats(3)


def test_a_stream_ends_with_its_token(brisk: CentralServer) -> None:
    post = Post.enrol(brisk.url, AGENT)
    with listening(post) as stream:
        assert stream.next()
        with writing(brisk.engine) as connection:
            connection.execute(delete(schema.token))
        assert stream.ended()
    assert code_of(post.get("/v1/hints")) == "token_expired"


def test_a_stream_ends_with_its_enrolment(brisk: CentralServer) -> None:
    post = Post.enrol(brisk.url, AGENT)
    with listening(post) as stream:
        assert stream.next()
        with writing(brisk.engine) as connection:
            identity.revoke(connection, TENANT, post.enrolled.code)
        assert stream.ended()


def test_a_stream_ends_when_the_role_changes_and_the_next_one_names_todays_spaces(brisk: CentralServer) -> None:
    post = Post.enrol(brisk.url, AGENT)
    with listening(post) as stream:
        before = stream.next()
        with writing(brisk.engine) as connection:
            people = schema.person
            connection.execute(update(people).where(people.c.name == AGENT).values(role=Role.AUTHOR))
        assert stream.ended()
    with listening(post) as stream:
        after = stream.next()
    assert set(after) < set(before)


def test_an_enrolment_has_two_streams_the_oldest_ends(any_central: CentralServer) -> None:
    post, other = Post.enrol(any_central.url, AGENT), Post.enrol(any_central.url, AGENT)
    with listening(other) as others, listening(post) as first, listening(post) as second, listening(post) as third:
        assert first.next()
        assert first.ended()
        assert others.next()
        assert second.next()
        assert third.next()


def test_there_is_an_end_to_how_many_listen_and_a_place_is_free_again(city: Path, tmp_path: Path) -> None:
    few = Manners(beat_s=0.05, in_all=1)
    with CentralServer(copied_city(city, tmp_path / "central"), tmp_path / "central", manners=few).running() as central:
        post, other = Post.enrol(central.url, AGENT), Post.enrol(central.url, SECOND_AGENT)
        with listening(post) as stream:
            assert stream.next()
            refused = other.get("/v1/hints")
            assert (refused.status_code, code_of(refused)) == (429, "try_later")
            assert 5 <= int(refused.headers["Retry-After"]) <= 30
        while (reply := other.get("/v1/hints", stream=True)).status_code == 429:  # the server sees the end at its next line
            reply.close()
        reply.close()


@pytest.mark.parametrize("token", ["", "nobody's"])
def test_who_has_no_token_hears_nothing(central: CentralServer, token: str) -> None:
    reply = requests.get(f"{central.url}/v1/hints", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert (reply.status_code, code_of(reply)) == (401, "token_expired")


def test_a_server_that_ends_ends_its_streams_first(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    with listening(post) as stream:
        assert stream.next()
        ending = threading.Thread(target=any_central.stop, name="guichet stopping")
        ending.start()
        assert stream.ended()
        ending.join(30)
        assert not ending.is_alive()


def test_sixty_listeners_hold_no_connection_of_the_database_and_no_thread(
    postgres: PostgresServer, postgres_city: str, tmp_path: Path
) -> None:
    with (
        postgres.database(template=postgres_city) as url,
        CentralServer(url, tmp_path).running() as central,
    ):
        posts = [Post.enrol(central.url, AGENT) for _ in range(60)]
        replies = [post.get("/v1/hints", stream=True) for post in posts]
        streams = [Listening(reply) for reply in replies]
        assert all(stream.next() for stream in streams)
        [receipt] = posts[0].send(posts[0].capture())
        space, seq = next(iter(receipt.effect.items()))
        for stream in streams:
            stream.until(space, seq)
        answered: list[int] = []
        threads = [threading.Thread(target=lambda post=post: answered.append(len(post.send(post.capture())))) for post in posts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert answered == [1] * 60
        names = [each.name for each in threading.enumerate()]
        assert sum(name.startswith("guichet hints") for name in names) == 1
        for reply in replies:
            reply.close()


def test_streams_outlast_a_database_that_is_away(
    postgres: PostgresServer, postgres_city: str, tmp_path: Path, expected_logs: Records
) -> None:
    with postgres.database(template=postgres_city) as url, CentralServer(url, tmp_path, manners=BRISK).running() as central:
        reader, name = Post.enrol(central.url, AGENT), url.rpartition("/")[2]
        with listening(reader) as stream:
            head = stream.next()["kb"]
            _administer(url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            _administer(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name", name=name)
            stream.beats(5)
            refused = reader.get("/v1/hints")
            assert (refused.status_code, code_of(refused)) == (503, "try_later")
            _administer(url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            table = schema.space
            central.engine.dispose()
            with writing(central.engine) as connection:
                connection.execute(update(table).where(table.c.tenant == TENANT, table.c.space == "kb").values(head=head + 1))
            assert stream.next() == {"kb": head + 1}
    told = {line.rpartition(": ")[0] for line in expected_logs.lines}
    assert told == {"guichet_sync.central.hints: no hints for now", "guichet_sync.central.replies: database unavailable"}


def _administer(url: str, statement: str, **values: str) -> None:
    engine = open_engine(f"{url.rpartition('/')[0]}/postgres")
    with writing(engine) as connection:
        connection.execute(text(statement), values)
    engine.dispose()
