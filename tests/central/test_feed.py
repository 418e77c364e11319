from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import Engine, delete, update

from guichet_sync.central import feed, instance, schema
from guichet_sync.central.database import open_engine, reading, writing
from guichet_sync.central.publish import Change, Publication
from guichet_sync.domain.article import Article, ArticleText
from guichet_sync.domain.category import Service
from guichet_sync.domain.spaces import KNOWLEDGE, PLACES, PUBLIC_SPACES, TAXONOMY, Role, requests_space
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Cursor, FeedEntry, FeedPage, FeedReply, FeedRequest, Operation, Person
from tests.helpers.central import AGENT, AUTHOR, CLERK, EMPLOYEE, SUPERVISOR, CentralServer
from tests.helpers.strictness import Records
from tests.helpers.wire import SOMEBODY, Post

READER = Person("reader", "R", Role.AUTHOR)
CANARY = "Canari-des-Bois"


def _article(code: str, title: str = "Feuilles mortes") -> Change:
    return Change(KNOWLEDGE, "article", code, Article(code, ArticleText(title)))


def _publish(engine: Engine, *changes: Change, reason: str = "") -> dict[str, int]:
    with writing(engine) as connection:
        publication = Publication(connection, instance.read(connection).tenant, reason=reason)
        publication.put(changes)
        return publication.commit_order()


def _news(engine: Engine, space: str, seq: int) -> tuple[FeedEntry, ...]:
    with reading(engine) as connection:
        here = instance.read(connection)
        cursors = tuple(Cursor(each, here.epoch, seq if each == space else 2**40) for each in PUBLIC_SPACES)
        pages = _sent(feed.read(connection, here, READER, FeedRequest(cursors, 2_000), 2_000)).pages
    return next((page.entries for page in pages if page.space == space), ())


def _sent(reply: FeedReply) -> FeedReply:
    """A reply as it comes out of the wire."""
    return codec.decode(codec.encode(reply), FeedReply)


@pytest.fixture
def new_engine(new_url: str) -> Iterator[Engine]:
    engine = open_engine(new_url)
    yield engine
    engine.dispose()


def test_a_change_of_several_records_is_told_in_its_order(new_engine: Engine) -> None:
    assert _publish(new_engine, *(_article(f"F{rank}") for rank in range(1_200))) == {KNOWLEDGE: 1_200}
    told = _news(new_engine, KNOWLEDGE, 0)
    assert [(entry.seq, entry.id, entry.revision) for entry in told] == [(rank + 1, f"F{rank}", 1) for rank in range(1_200)]


def test_what_does_not_change_is_not_told(new_engine: Engine) -> None:
    _publish(new_engine, _article("A"), _article("B"))
    assert _publish(new_engine, _article("A"), _article("B", "Herbe")) == {KNOWLEDGE: 3}
    assert _publish(new_engine, _article("A"), _article("B", "Herbe")) == {}
    assert [(entry.id, entry.revision) for entry in _news(new_engine, KNOWLEDGE, 2)] == [("B", 2)]


def test_of_two_changes_of_one_record_in_one_transaction_the_last_is_told(new_engine: Engine) -> None:
    _publish(new_engine, _article("A", "Un"), _article("A", "Deux"))
    (entry,) = _news(new_engine, KNOWLEDGE, 0)
    assert entry.body is not None
    assert (entry.revision, entry.body["fr"]["title"]) == (1, "Deux")


def test_a_removal_is_told_and_coming_back_is_a_later_revision(new_engine: Engine) -> None:
    gone = Change(KNOWLEDGE, "article", "A", None)
    assert _publish(new_engine, gone) == {}
    _publish(new_engine, _article("A"), _article("B"))
    _publish(new_engine, gone)
    assert _publish(new_engine, gone) == {}
    (entry,) = _news(new_engine, KNOWLEDGE, 2)
    assert (entry.operation, entry.revision, entry.body) == (Operation.TOMB, 2, None)
    _publish(new_engine, _article("A"))
    assert [(entry.operation, entry.revision) for entry in _news(new_engine, KNOWLEDGE, 3)] == [(Operation.PUT, 3)]
    assert _news(new_engine, KNOWLEDGE, 0)[0].body is None


def test_a_record_that_changed_five_times_travels_once(new_engine: Engine) -> None:
    for rank in range(5):
        _publish(new_engine, _article("A", f"Version {rank}"))
    bodies = [entry.body for entry in _news(new_engine, KNOWLEDGE, 0)]
    assert bodies[:4] == [None] * 4
    assert bodies[4] is not None


def test_pages_are_cut_by_size_and_always_go_on(new_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MAX_PAGE_BYTES", 1_000)
    _publish(new_engine, *(_article(f"F{rank}", "a" * 900) for rank in range(4)))
    seen: list[str] = []
    while page := _news(new_engine, KNOWLEDGE, len(seen)):
        assert len(page) == 1
        seen += [entry.id for entry in page]
    assert seen == ["F0", "F1", "F2", "F3"]


def test_a_reply_says_whether_it_is_the_whole_of_what_there_is_to_read(new_engine: Engine) -> None:
    _publish(new_engine, *(_article(f"F{rank}") for rank in range(9)))
    _publish(new_engine, Change(TAXONOMY, "service", "TP", Service("TP", Bilingual("Travaux publics"))))

    def complete(limit: int, epoch: str = "", kb: int = 0) -> bool:
        with reading(new_engine) as connection:
            here = instance.read(connection)
            asked = FeedRequest((Cursor(KNOWLEDGE, epoch or here.epoch, kb),), limit)
            return _sent(feed.read(connection, here, READER, asked)).complete

    assert [complete(limit) for limit in (10, 9, 1)] == [True, False, False]
    assert [complete(limit, kb=9) for limit in (1, 50)] == [True, True]
    assert not complete(50, kb=10)  # it is beyond what there is: the history is another one
    assert not complete(50, "another", kb=9)


def test_one_limit_holds_for_all_spaces(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    reply = post.feed(limit=50)
    assert sum(len(page.entries) for page in reply.pages) == 50
    assert all(page.entries for page in reply.pages)
    assert len(post.feed(limit=-3).pages[0].entries) == 1


def test_the_server_decides_how_much_it_sends(any_central: CentralServer) -> None:
    any_central.stop()
    any_central.settings = replace(any_central.settings, page=20)
    any_central.start()
    post = Post.enrol(any_central.url, AGENT)
    assert [len(page.entries) for page in post.feed(limit=2_000).pages] == [20]
    assert [len(page.entries) for page in post.feed(limit=7).pages] == [7]
    assert len(post.read(TAXONOMY)) > 100


def test_a_page_says_why_records_go(new_engine: Engine) -> None:
    _publish(new_engine, _article("A"), _article("B"), _article("C"))
    gone = [Change(KNOWLEDGE, "article", code, None) for code in "AB"]
    _publish(new_engine, gone[0])
    _publish(new_engine, gone[1], reason="import")
    _publish(new_engine, _article("D"), reason="import")
    assert [_page(new_engine, seq, limit).removal_reason for seq, limit in ((0, 9), (3, 1), (4, 1), (5, 1))] == [
        "import",
        "",
        "import",
        "",
    ]


def _page(engine: Engine, seq: int, limit: int) -> FeedPage:
    with reading(engine) as connection:
        here = instance.read(connection)
        asked = FeedRequest((Cursor(KNOWLEDGE, here.epoch, seq), Cursor(TAXONOMY, here.epoch, 2**40)), limit)
        return next(page for page in _sent(feed.read(connection, here, READER, asked)).pages if page.space == KNOWLEDGE)


def test_who_is_far_behind_is_sent_to_the_snapshot(any_central: CentralServer) -> None:
    pages = {page.space: page for page in Post.enrol(any_central.url, AGENT).feed().pages}
    assert (pages[PLACES].snapshot, pages[PLACES].entries, pages[PLACES].next) == (True, (), 0)
    assert not pages[TAXONOMY].snapshot


def test_a_cursor_of_another_epoch_or_of_the_future_is_rewound(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    epoch = post.enrolled.epoch
    head = post.page(TAXONOMY, 0)[-1].seq
    for cursor in (Cursor(TAXONOMY, "another", head), Cursor(TAXONOMY, epoch, head + 1), Cursor(TAXONOMY, epoch, 2**70)):
        page = next(page for page in post.feed(cursor).pages if page.space == TAXONOMY)
        assert (page.rewind, page.after, page.next, page.entries) == (True, 0, 0, ())
    with writing(any_central.engine) as connection:
        instance.count_restore(connection)
    page = next(page for page in post.feed(Cursor(TAXONOMY, epoch, head)).pages if page.space == TAXONOMY)
    assert page.rewind
    assert page.epoch != epoch


def test_a_read_up_cursor_hears_nothing(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    last = post.page(TAXONOMY, 0)[-1].seq
    assert post.page(TAXONOMY, last) == ()


def test_nothing_is_served_past_a_hole(any_central: CentralServer, expected_logs: Records) -> None:
    post = Post.enrol(any_central.url, AGENT)
    table = schema.feed
    with writing(any_central.engine) as connection:
        connection.execute(delete(table).where(table.c.space == TAXONOMY, table.c.seq == 7))
    assert len(post.page(TAXONOMY, 7)) > 50
    readable = post.feed(limit=1).readable
    ahead = [Cursor(each, post.enrolled.epoch, 6 if each == TAXONOMY else 2**40) for each in readable]
    reply = post.post("/v1/feed", FeedRequest(tuple(ahead)))
    assert (reply.status_code, reply.json()["code"]) == (503, "feed_has_holes")
    assert expected_logs.lines == [f"guichet_sync.central.replies: feed_has_holes space='{TAXONOMY}'"]


@pytest.mark.parametrize(
    ("user", "requests", "people"),
    [
        (AGENT, True, True),
        (CLERK, True, True),
        (EMPLOYEE, False, False),
        ("pbouchard", True, True),
        (SUPERVISOR, True, False),
        (AUTHOR, False, False),
        ("admin", False, False),
    ],
)
def test_a_role_never_receives_what_it_may_not_read(central: CentralServer, user: str, *, requests: bool, people: bool) -> None:
    agent = Post.enrol(central.url, AGENT)
    agent.send(agent.capture(description=CANARY, requester=SOMEBODY))
    reader = Post.enrol(central.url, user)
    feed_bytes = reader.post("/v1/feed", FeedRequest((Cursor(PLACES, reader.enrolled.epoch, 2**40),), 2_000)).content
    assert (CANARY.encode() in feed_bytes) is requests
    assert (SOMEBODY.name.encode() in feed_bytes) is people
    for space, may in (("requests/TP", requests), ("people/TP", people)):
        reply = reader.get("/v1/snapshots", params={"space": space})
        assert reply.status_code == (200 if may else 403)


def test_a_change_of_role_holds_at_the_next_request(central: CentralServer) -> None:
    post = Post.enrol(central.url, AGENT)
    assert "people/TP" in post.feed(limit=1).readable
    with writing(central.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == AGENT).values(role=Role.AUTHOR))
    reply = post.feed(limit=1)
    assert (reply.readable, reply.removal_reason) == (PUBLIC_SPACES, "")


def test_why_spaces_are_no_longer_readable_is_said_to_who_holds_them(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    held = [Cursor(space, post.enrolled.epoch, 1) for space in ("kb", "requests/TP", "people/TP")]
    assert post.feed(*held).removal_reason == ""
    _publish(any_central.engine, Change(TAXONOMY, "service", "TP", None))
    assert post.feed(*held).removal_reason == "service_closed"
    elsewhere = Cursor("people/ENV", post.enrolled.epoch, 1)
    assert post.feed(*held, elsewhere).removal_reason == "service_closed"
    with writing(any_central.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == AGENT).values(role=Role.SUPERVISOR))
    assert post.feed(*held, elsewhere).removal_reason == "role_changed"
    assert post.feed(elsewhere).removal_reason == "role_changed"
    assert post.feed(held[0]).removal_reason == ""


@pytest.mark.parametrize("services", [1, 4])
def test_no_entry_stays_unseen_whatever_sixteen_writers_do(new_url: str, services: int) -> None:
    engine = open_engine(new_url)
    codes = [f"S{rank}" for rank in range(services)]
    _publish(engine, *(Change(TAXONOMY, "service", code, Service(code, Bilingual(code))) for code in codes))
    done = Event()

    def write(writer: int) -> None:
        for rank in range(8):
            spaces = [requests_space(codes[(writer + rank + each) % services]) for each in range(2)]
            _publish(engine, *(Change(space, "article", f"{writer}-{rank}-{each}", {}) for each, space in enumerate(spaces)))

    def poll() -> dict[str, list[int]]:
        seen: dict[str, list[int]] = {requests_space(code): [] for code in codes}
        while True:
            last_look = done.is_set()
            news = _poll(engine, seen)
            for page in news:
                seen[page.space] += [entry.seq for entry in page.entries]
            if last_look and not news:
                return seen

    with ThreadPoolExecutor(18) as threads:
        polling = [threads.submit(poll) for _ in range(2)]
        for each in [threads.submit(write, writer) for writer in range(16)]:
            each.result()
        done.set()
        pollers = [each.result() for each in polling]
    engine.dispose()
    for seen in pollers:
        assert sum(map(len, seen.values())) == 16 * 8 * 2
        assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in seen.values())


def _poll(engine: Engine, seen: dict[str, list[int]]) -> tuple[FeedPage, ...]:
    agent = Person("agent", "A", Role.AGENT)
    with reading(engine) as connection:
        here = instance.read(connection)
        cursors = [Cursor(space, here.epoch, seqs[-1] if seqs else 0) for space, seqs in seen.items()]
        pages = feed.read(connection, here, agent, FeedRequest((*cursors, Cursor(TAXONOMY, here.epoch, 2**40)), 2_000)).pages
    return tuple(page for page in pages if page.space in seen)
