from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from guichet_sync.central import feed, instance, proofs
from guichet_sync.central.database import open_engine, reading, writing
from guichet_sync.central.flights import Flights
from guichet_sync.central.proofs import Proofs
from guichet_sync.central.publish import Change, Publication
from guichet_sync.central.snapshots import Snapshots
from guichet_sync.domain.article import Article, ArticleText
from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.spaces import KNOWLEDGE, PLACES, Role
from guichet_sync.protocol import codec, version
from guichet_sync.protocol.checksum import BUCKETS, bucket_of, record_digest
from guichet_sync.protocol.messages import Bucket, Checksums, Cursor, FeedReply, FeedRequest, IntentOutcome, Operation, Person
from tests.helpers.central import AGENT, AUTHOR, SUPERVISOR, CentralServer
from tests.helpers.wire import SOMEBODY, Post, code_of

Held = dict[tuple[str, str], bytes]
"""Canonical bodies by kind and id: a mirror of the tests' own."""
READER = Person("reader", "R", Role.AUTHOR)


def _checksums(post: Post, space: str) -> Checksums:
    reply = post.get("/v1/checksums", params={"space": space})
    assert reply.status_code == 200, reply.text
    return codec.decode(reply.content, Checksums)


def _bucket(post: Post, space: str, number: int) -> Bucket:
    reply = post.get("/v1/bucket", params={"space": space, "bucket": number})
    assert reply.status_code == 200, reply.text
    return codec.decode(reply.content, Bucket)


def _summed(held: Held) -> dict[int, tuple[int, int]]:
    """Count and sum by bucket, by the definition."""
    sums: dict[int, tuple[int, int]] = {}
    for (kind, record), body in held.items():
        count, total = sums.get(bucket_of(kind, record), (0, 0))
        sums[bucket_of(kind, record)] = (count + 1, total + record_digest(kind, record, body))
    return sums


def _told(checksums: Checksums) -> dict[int, tuple[int, int]]:
    return {each.bucket: (each.count, each.sum) for each in checksums.buckets}


def _take(held: Held, bucket: Bucket) -> None:
    for entry in bucket.entries:
        held[entry.kind, entry.id] = codec.canonical(entry.body)


def test_buckets_and_their_sums_are_those_of_the_snapshot(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    checksums = _checksums(post, PLACES)
    assert (checksums.epoch, checksums.head) == (post.enrolled.epoch, post.manifest(PLACES).seq)
    held: Held = {}
    for each in checksums.buckets:
        bucket = _bucket(post, PLACES, each.bucket)
        assert (bucket.bucket, len(bucket.entries), bucket.head) == (each.bucket, each.count, checksums.head)
        assert [entry.seq for entry in bucket.entries] == list(range(1, each.count + 1))
        _take(held, bucket)
    assert len(held) == post.manifest(PLACES).records
    assert _summed(held) == _told(checksums)


Step = tuple[str, str]
"""A fiche's code and its new title; without a title it is removed."""
_STEPS = st.lists(
    st.lists(st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from(["", "Un", "Deux", "Été"])), max_size=6), max_size=5
)


def _publish(engine: Engine, steps: list[Step]) -> None:
    with writing(engine) as connection:
        publication = Publication(connection, instance.read(connection).tenant)
        bodies = [(code, Article(code, ArticleText(title)) if title else None) for code, title in steps]
        publication.put(Change(KNOWLEDGE, "article", code, body) for code, body in bodies)
        publication.commit_order()


def _follow(engine: Engine, held: Held, seq: int) -> int:
    """Apply the feed from ``seq`` on, as a post does; where it ends."""
    while True:
        with reading(engine) as connection:
            here = instance.read(connection)
            asked = FeedRequest((Cursor(KNOWLEDGE, here.epoch, seq),))
            reply = codec.decode(codec.encode(feed.read(connection, here, READER, asked)), FeedReply)
        if not reply.pages:
            return seq
        for entry in reply.pages[0].entries:
            if entry.operation is not Operation.PUT:
                held.pop((entry.kind, entry.id), None)
            elif entry.body is not None:
                held[entry.kind, entry.id] = codec.canonical(entry.body)
        seq = reply.pages[0].next


def test_a_mirror_that_followed_the_feed_has_the_sums_of_the_server_whatever_was_published(new_url: str) -> None:
    engine = open_engine(new_url)
    held: Held = {}
    seq, told = 0, Proofs(engine)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(_STEPS)
    def published(transactions: list[list[Step]]) -> None:
        nonlocal seq
        for steps in transactions:
            _publish(engine, steps)
        seq = _follow(engine, held, seq)
        checksums = told.checksums(KNOWLEDGE)
        assert checksums.head == seq
        assert _told(checksums) == _summed(held)
        assert _told(Proofs(engine).checksums(KNOWLEDGE)) == _summed(held)

    published()
    engine.dispose()


def test_what_does_not_change_is_counted_once(city_engine: Engine) -> None:
    told = Proofs(city_engine)
    with _statements(city_engine, "GROUP BY") as counted:
        first = told.checksums(KNOWLEDGE)
        assert [told.checksums(KNOWLEDGE) for _ in range(60)] == [first] * 60
        assert len(counted) == 1
        _publish(city_engine, [("A", "Un")])
        second = told.checksums(KNOWLEDGE)
        assert (second.head, len(counted)) == (first.head + 1, 2)
        with writing(city_engine) as connection:
            instance.count_restore(connection)
        assert (told.checksums(KNOWLEDGE).epoch != second.epoch, len(counted)) == (True, 3)


def test_a_snapshot_is_made_once_for_all_who_ask_together(city_engine: Engine, tmp_path: Path) -> None:
    workers = [Snapshots(city_engine, tmp_path / "snapshots") for _ in range(4)]
    together = Barrier(8)

    def ask(rank: int) -> str:
        together.wait(30)
        return workers[rank % 4].manifest(PLACES).digest

    with _statements(city_engine, "ORDER BY record.kind, record.id") as made, ThreadPoolExecutor(8) as threads:
        digests = set(threads.map(ask, range(8)))
    assert (len(digests), len(made)) == (1, 1)
    assert len(list((tmp_path / "snapshots").glob("*.zst"))) == 1


@contextmanager
def _statements(engine: Engine, words: str) -> Iterator[list[str]]:
    """The statements with these words that the engine runs."""
    seen: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if words in statement.replace("\n", ""):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", look)
    yield seen
    event.remove(engine, "before_cursor_execute", look)


def test_what_many_ask_for_together_is_done_once_and_done_again_for_who_comes_later() -> None:
    asked, done = Event(), []

    def work() -> int:
        assert asked.wait(30)
        done.append(1)
        return len(done)

    async def together() -> list[int]:
        flights = Flights()
        waiting = [asyncio.create_task(flights.share("one", work)) for _ in range(60)]
        await asyncio.sleep(0)
        asked.set()
        return [*await asyncio.gather(*waiting), await flights.share("one", work)]

    assert asyncio.run(together()) == [1] * 60 + [2]


def test_an_error_reaches_all_who_asked_and_work_goes_on_when_the_first_is_gone() -> None:
    asked, reached = Event(), Event()

    def fail() -> int:
        reached.set()
        assert asked.wait(30)
        raise NotFound("article_not_found")

    async def together() -> list[object]:
        flights = Flights()
        first = asyncio.create_task(flights.share("one", fail))
        others = [asyncio.create_task(flights.share("one", fail)) for _ in range(2)]
        await asyncio.to_thread(reached.wait, 30)
        first.cancel()
        asked.set()
        return list(await asyncio.gather(*others, return_exceptions=True))

    assert [type(each) for each in asyncio.run(together())] == [NotFound, NotFound]


@pytest.mark.parametrize(
    ("user", "space"),
    [
        (SUPERVISOR, "people/TP"),
        (SUPERVISOR, "confidential/TP"),
        (AUTHOR, "requests/TP"),
        (AGENT, "requests/ailleurs"),
        (AGENT, "intake"),
        (AGENT, ""),
    ],
)
def test_nothing_is_told_of_a_space_that_may_not_be_read(central: CentralServer, user: str, space: str) -> None:
    post = Post.enrol(central.url, user)
    for reply in (
        post.get("/v1/checksums", params={"space": space}),
        post.get("/v1/bucket", params={"space": space, "bucket": 1}),
        post.get("/v1/snapshots", params={"space": space}),
    ):
        assert (reply.status_code, code_of(reply)) == (403, "not_allowed")
    assert post.get("/v1/checksums", params={"space": KNOWLEDGE}, headers={"Authorization": "Bearer no"}).status_code == 401


@pytest.mark.parametrize("number", ["-1", str(BUCKETS), "x", ""])
def test_there_is_no_other_bucket(central: CentralServer, number: str) -> None:
    reply = Post.enrol(central.url, AGENT).get("/v1/bucket", params={"space": KNOWLEDGE, "bucket": number})
    assert (reply.status_code, code_of(reply)) == (422, "request_shape")


def test_people_are_compared_by_who_may_read_them(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    post.send(post.capture(requester=SOMEBODY))
    (each,) = _checksums(post, "people/TP").buckets
    held: Held = {}
    bucket = _bucket(post, "people/TP", each.bucket)
    _take(held, bucket)
    assert (bucket.head, _summed(held)) == (1, {each.bucket: (1, each.sum)})
    assert SOMEBODY.name in next(iter(held.values())).decode()


def test_a_post_that_is_too_old_may_still_send_what_it_captured(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    any_central.stop()
    any_central.settings = replace(any_central.settings, spoken=version.Spoken(1, 2, 2))
    any_central.start()
    reads = [post.post("/v1/feed", FeedRequest(()))]
    for path in ("/v1/snapshots", "/v1/checksums", "/v1/bucket?bucket=1"):
        reads.append(post.get(path, params={"space": KNOWLEDGE}))
        reads.append(post.get(path, params={"space": KNOWLEDGE}, headers={version.HEADER: "1"}))
    for reply in reads:
        assert reply.status_code == 426
        assert reply.json() == {"code": "post_too_old", "values": {"ours": 2, "theirs": 1}}
    (receipt,) = post.send(post.capture())
    assert receipt.outcome is IntentOutcome.APPLIED
    newer = {version.HEADER: "2"}
    assert post.post("/v1/feed", FeedRequest((), protocol=2)).status_code == 200
    for path in ("/v1/snapshots", "/v1/checksums", "/v1/bucket?bucket=1"):
        assert post.get(path, params={"space": KNOWLEDGE}, headers=newer).status_code == 200
    assert post.get("/v1/hello").json()["newest"] == 2


def test_a_bucket_is_of_one_instant(city_engine: Engine) -> None:
    with reading(city_engine) as connection:
        here = instance.read(connection)
        before = proofs.bucket(connection, here, KNOWLEDGE, bucket_of("article", "A"))
        with ThreadPoolExecutor(1) as other:
            other.submit(_publish, city_engine, [("A", "Un")]).result()
        again = proofs.bucket(connection, here, KNOWLEDGE, bucket_of("article", "A"))
    assert (again.head, len(again.entries)) == (before.head, len(before.entries))
