from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import Engine, delete, event, select, update

from guichet_sync.central import erasure, identity, instance, records, schema
from guichet_sync.central.database import embedded_url, open_engine, reading, writing
from guichet_sync.central.publish import Change, Publication
from guichet_sync.central.readers import GAP_S, Readers
from guichet_sync.central.snapshots import Snapshots
from guichet_sync.domain.category import Category, Datatype, Question
from guichet_sync.domain.errors import StoreBusy
from guichet_sync.domain.intents import AddNote, EditRequest, FieldEdit, IntentKind, JoinRequest, TransferRequest, UndoIntent
from guichet_sync.domain.request import Channel, Request, Requester
from guichet_sync.domain.spaces import KNOWLEDGE, PLACES, TAXONOMY, Role, people_space, requests_space
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Cursor, FeedReply, FeedRequest, IntentOutcome, Operation
from tests.helpers.central import AGENT, CLERK, EMPLOYEE, SECOND_AGENT, SUPERVISOR, TENANT, CentralServer
from tests.helpers.wire import Post

from .conftest import Run

CANARY = "Canari"
SOLANGE = Requester("Solange Canari", "450 555-7142", "solange@exemple.ca")
NEIGHBOUR = Requester("Octave Canari-Voisin", "450 555-7199")
PEOPLE, REQUESTS = people_space("TP"), requests_space("TP")
Document = Callable[..., Any]


@dataclass
class Reader:
    """A post that follows its feeds by hand: its cursors, what it was told."""

    post: Post
    cursors: dict[str, int] = field(default_factory=dict)

    def ask(self) -> FeedReply:
        """One reply, not taken in yet."""
        epoch = self.post.enrolled.epoch
        return self.post.feed(*(Cursor(space, epoch, seq) for space, seq in self.cursors.items()))

    def take(self, reply: FeedReply) -> None:
        """Follow a reply; large spaces by their snapshot."""
        self.cursors = {space: seq for space, seq in self.cursors.items() if space in reply.readable}
        for page in reply.pages:
            self.cursors[page.space] = self.post.manifest(page.space).seq if page.snapshot else page.next

    def follow(self) -> None:
        """Read until there is no news. The last question says where it is."""
        while (reply := self.ask()).pages:
            self.take(reply)
        self.take(reply)


@dataclass
class Story:
    """A pothole that two people asked for, and the server they asked."""

    central: CentralServer
    agent: Post
    number: str = ""
    request_id: str = ""
    sent: list[Any] = field(default_factory=list)

    def tell(self, body: object, kind: IntentKind, outcome: IntentOutcome = IntentOutcome.APPLIED) -> None:
        """Send an intent about the request; it must take effect."""
        envelope = self.agent.envelope(body, kind)
        (receipt,) = self.agent.send(envelope)
        assert receipt.outcome is outcome, receipt
        self.sent.append(envelope)

    def bytes_on_disk(self) -> bytes:
        """All that the server keeps on the disk, snapshots unpacked too."""
        kept = b""
        for path in sorted(self.central.settings.data.rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                whole = path.suffix == ".zst"
                kept += data + (
                    zstandard.ZstdDecompressor().decompressobj(read_across_frames=True).decompress(data) if whole else b""
                )
        return kept

    def rows(self) -> str:
        """All rows of all tables."""
        with reading(self.central.engine) as connection:
            return "\n".join(
                str(tuple(row)) for table in schema.metadata.tables.values() for row in connection.execute(select(table))
            )


@pytest.fixture
def story(any_central: CentralServer) -> Story:
    agent = Post.enrol(any_central.url, AGENT)
    asked = agent.asked(
        requester=SOLANGE, description="Devant chez Madame Canari", answers={"dim": "moyen", "mots": "Canari jaune"}
    )
    envelope = agent.envelope(asked, IntentKind.CREATE_REQUEST)
    (receipt,) = agent.send(envelope)
    told = Story(any_central, agent, receipt.number, asked.request_id, [envelope])
    told.tell(JoinRequest(asked.request_id, Channel.PHONE, "", NEIGHBOUR, "Voisin de Canari"), IntentKind.JOIN_REQUEST)
    return told


@pytest.fixture
def erase(run: Run, story: Story) -> Callable[..., Any]:
    """``erase(number, …)`` as IT types it, beside the running server."""

    def typed(*arguments: str) -> Any:
        data = str(story.central.settings.data)
        status, out, err = run(story.central.settings.database_url, "--data", data, "--json", "erase", *arguments)
        assert status == 0, err
        return json.loads(out)

    return typed


def test_who_asked_is_nowhere_any_more(story: Story, erase: Document, document: Document) -> None:
    url = story.central.settings.database_url
    agent = story.agent
    before = agent.manifest(PEOPLE)
    refused = agent.envelope(replace(agent.asked(requester=SOLANGE), request_id=story.request_id), IntentKind.CREATE_REQUEST)
    assert agent.send(refused)[0].code == "request_exists"
    kept = story.bytes_on_disk()
    assert all(name.encode() in kept for name in (SOLANGE.name, NEIGHBOUR.name))

    said = erase(story.number, "--reason", "Demande 2026-14")
    assert said == {"request": story.request_id, "people": 2, "intents": 3, "spaces": [PEOPLE]}

    secrets = [each for person in (SOLANGE, NEIGHBOUR) for each in (person.name, person.phone, person.email) if each]
    kept, rows = story.bytes_on_disk(), story.rows()
    assert [each for each in secrets if each.encode() in kept or each in rows] == []
    answers = agent.post("/v1/feed", FeedRequest((Cursor(PLACES, agent.enrolled.epoch, 2**40),))).text
    entries = agent.read(PEOPLE)
    assert [each for each in secrets if each in answers] == []
    assert [(entry.operation, entry.body) for entry in entries[-2:]] == [(Operation.ERASE, None)] * 2
    assert agent.get(f"/v1/snapshot-files/{before.digest}").status_code == 404
    assert agent.manifest(PEOPLE).records == before.records - 2
    assert document(url, "verify")["findings"] == []
    (request,) = [entry for entry in agent.read(REQUESTS) if entry.id == story.request_id and entry.body]
    now = codec.from_body(request.body, Request)
    assert now.description == "Devant chez Madame Canari"
    assert [(entry.code, entry.note) for entry in now.timeline][-1] == ("erased", "Demande 2026-14")
    page = next(page for page in agent.feed(Cursor(PEOPLE, agent.enrolled.epoch, entries[-3].seq)).pages if page.space == PEOPLE)
    assert page.removal_reason == "erasure"


def test_what_was_written_freely_is_nowhere_either(story: Story, erase: Document, document: Document) -> None:
    url = story.central.settings.database_url
    _ask_in_words(story.central.engine)
    story.tell(AddNote(story.request_id, "Rappeler Solange Canari"), IntentKind.ADD_NOTE)
    changed = {
        "description": FieldEdit("Devant chez Madame Canari", "Derrière chez les Canari"),
        "urgent": FieldEdit(base=False, new=True),
    }
    story.tell(EditRequest(story.request_id, changed), IntentKind.EDIT_REQUEST)
    late = {"description": FieldEdit("Devant chez Madame Canari", "À côté de chez les Canari")}
    story.tell(EditRequest(story.request_id, late), IntentKind.EDIT_REQUEST, IntentOutcome.MERGED)
    story.agent.manifest(REQUESTS)
    assert CANARY.encode() in story.bytes_on_disk()

    assert erase(story.number, "--text")["intents"] == 5

    assert CANARY.encode() not in story.bytes_on_disk()
    assert CANARY not in story.rows()
    assert document(url, "verify")["findings"] == []
    told = [entry for entry in story.agent.read(REQUESTS) if entry.id == story.request_id]
    assert [entry.operation for entry in told[-2:]] == [Operation.ERASE, Operation.PUT]
    now = codec.from_body(told[-1].body, Request)
    assert (now.description, now.answers, now.urgent, now.requester_count) == ("", {"dim": "moyen"}, True, 2)
    assert [entry.code for entry in now.timeline] == ["captured", "transmitted", "joined", "note", "edited", "proposed", "erased"]
    assert now.proposals == ()


def _ask_in_words(engine: Engine) -> None:
    """The pothole's category asks something that is answered in words."""
    with writing(engine) as connection:
        category = records.one(connection, TENANT, (TAXONOMY, "category"), "NDP", Category)
        assert category is not None
        words = Question("mots", category.name, Datatype.TEXT)
        publication = Publication(connection, TENANT)
        asking = replace(category, questions=(*category.questions, words))
        publication.put([Change(TAXONOMY, "category", "NDP", asking)])
        publication.commit_order()


def test_an_erasure_done_again_finishes_what_was_left_and_changes_nothing_else(story: Story, erase: Document) -> None:
    erase(story.number, "--text", "--reason", "Demande 2026-14")
    heads = [story.agent.read(space)[-1].seq for space in (PEOPLE, REQUESTS)]
    stale = story.central.settings.snapshots / f"people+TP+{'0' * 64}.zst"
    stale.write_bytes(b"Canari")
    assert erase(story.number, "--text") == {"request": story.request_id, "people": 0, "intents": 0, "spaces": [PEOPLE, REQUESTS]}
    assert not stale.exists()
    assert [story.agent.read(space)[-1].seq for space in (PEOPLE, REQUESTS)] == heads


def test_what_was_sent_is_still_answered_the_same_and_can_not_be_undone(story: Story, erase: Document) -> None:
    joined = story.sent[1]
    erase(story.number)
    receipts = story.agent.send(*story.sent)
    assert [(each.outcome, each.number) for each in receipts] == [
        (IntentOutcome.DUPLICATE, story.number),
        (IntentOutcome.DUPLICATE, ""),
    ]
    undo = story.agent.envelope(UndoIntent(joined.intent_id), IntentKind.UNDO)
    assert story.agent.send(undo)[0].outcome is IntentOutcome.GONE
    assert SOLANGE.name not in story.rows()


def test_an_unknown_number_erases_nothing(story: Story, run: Run) -> None:
    status, _out, err = run(story.central.settings.database_url, "erase", "26-999999")
    assert (status, "Aucune requête n’a ce numéro" in err) == (1, True)
    assert SOLANGE.name in story.rows()


@pytest.mark.parametrize("city_url", ["sqlite"], indirect=True)  # PostgreSQL looks after its own log
def test_a_log_that_somebody_reads_is_said_not_to_be_empty(story: Story) -> None:
    url = story.central.settings.database_url
    engine, snapshots = open_engine(url, 0), Snapshots(story.central.engine, story.central.settings.snapshots)
    with reading(story.central.engine) as connection:
        connection.execute(select(schema.space)).all()
        with pytest.raises(StoreBusy, match="erasure_in_log"):
            erasure.erase(engine, snapshots, story.number, "", datetime.now(UTC), texts=False)
    assert erasure.erase(engine, snapshots, story.number, "", datetime.now(UTC), texts=False).people == 0
    assert SOLANGE.name.encode() not in story.bytes_on_disk()
    engine.dispose()


def _waiting(erase: Document) -> dict[str, list[str]]:
    """Codes of the posts that have not acknowledged, by the number of what was erased."""
    return {each["number"]: [post["code"] for post in each["waiting"]] for each in erase("--status")["erasures"]}


def test_posts_acknowledge_by_their_cursors(story: Story, erase: Document) -> None:
    posts = [Post.enrol(story.central.url, user) for user in (CLERK, SECOND_AGENT, SUPERVISOR)]
    clerk, second, supervisor = (Reader(post) for post in posts)
    for reader in (clerk, second, supervisor):
        reader.follow()
    assert _waiting(erase) == {}
    erase(story.number)
    codes = [clerk.post.enrolled.code, second.post.enrolled.code]
    assert _waiting(erase) == {story.number: codes}

    told = clerk.ask()
    assert _waiting(erase) == {story.number: codes}, "to be told is not to have erased"
    clerk.take(told)
    clerk.ask()
    assert _waiting(erase) == {story.number: codes[1:]}
    with writing(story.central.engine) as connection:
        identity.revoke(connection, TENANT, codes[1])
    (found,) = erase("--status")["erasures"]
    assert found["spaces"] == [PEOPLE]
    assert found["waiting"] == [{"code": codes[1], "person": SECOND_AGENT, "post_name": "Comptoir 4", "revoked": True}]


def test_a_post_that_gave_the_space_up_has_acknowledged(story: Story, erase: Document) -> None:
    clerk = Reader(Post.enrol(story.central.url, CLERK))
    clerk.follow()
    erase(story.number)
    with writing(story.central.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == CLERK).values(role=Role.AUTHOR))
    told = clerk.ask()
    assert told.removal_reason == "role_changed"
    assert _waiting(erase) == {story.number: [clerk.post.enrolled.code]}
    clerk.take(told)
    clerk.ask()
    assert _waiting(erase) == {story.number: []}


def test_a_post_that_missed_a_transfer_still_holds_what_was_erased_elsewhere(story: Story, erase: Document) -> None:
    mover, sleeper = Reader(Post.enrol(story.central.url, CLERK)), Reader(Post.enrol(story.central.url, EMPLOYEE))
    with writing(story.central.engine) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == EMPLOYEE).values(service="TP"))
    sleeper.follow()
    story.tell(TransferRequest(story.request_id, "TP", "ENV", "TP-VOIRIE", reason="Arbre"), IntentKind.TRANSFER_REQUEST)
    mover.follow()
    assert erase(story.number)["spaces"] == [people_space("ENV"), PEOPLE, REQUESTS]
    for reader in (mover, sleeper):
        assert reader.post.enrolled.code in _waiting(erase)[story.number]
    sleeper.follow()
    mover.follow()
    assert _waiting(erase) == {story.number: []}


def test_after_a_restore_what_a_post_said_before_proves_nothing(story: Story, erase: Document) -> None:
    clerk = Reader(Post.enrol(story.central.url, CLERK))
    clerk.follow()
    erase(story.number)
    clerk.follow()
    assert _waiting(erase) == {story.number: []}
    with writing(story.central.engine) as connection:
        instance.count_restore(connection)
    assert _waiting(erase) == {story.number: [clerk.post.enrolled.code]}


@contextmanager
def _writes(engine: Engine) -> Iterator[list[str]]:
    """The statements that write how far posts are."""
    seen: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT INTO reader", "DELETE FROM reader")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", look)
    yield seen
    event.remove(engine, "before_cursor_execute", look)


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def _heard(readers: Readers, engine: Engine, seq: int, space: str = KNOWLEDGE) -> None:
    with reading(engine) as connection:
        here = instance.read(connection)
    readers.heard(here, "e1", FeedRequest((Cursor(space, here.epoch, seq),)), FeedReply(here.id, here.epoch, (KNOWLEDGE,), ()))


def _noted(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return dict(connection.execute(select(schema.reader.c.space, schema.reader.c.seq)).all())


def test_a_post_that_reads_on_is_written_down_seldom(city_engine: Engine) -> None:
    clock = Clock()
    readers = Readers(city_engine, clock)
    with _writes(city_engine) as writes:
        for seq in range(1, 50):
            _heard(readers, city_engine, seq)
            clock.now += GAP_S / 100
        assert (_noted(city_engine), len(writes)) == ({KNOWLEDGE: 1}, 1)
        clock.now += GAP_S
        _heard(readers, city_engine, 50)
        clock.now += GAP_S
        for _ in range(9):
            _heard(readers, city_engine, 50)
            clock.now += GAP_S
        assert (_noted(city_engine), len(writes)) == ({KNOWLEDGE: 50}, 2)


def test_spaces_that_nobody_may_read_are_not_written_down(city_engine: Engine) -> None:
    readers = Readers(city_engine, Clock())
    _heard(readers, city_engine, 3, "nowhere/" + "x" * 10_000)
    assert _noted(city_engine) == {}


@pytest.mark.parametrize("seq", [-1, 2**63, 2**70])
def test_a_cursor_that_is_none_says_nothing(city_engine: Engine, seq: int) -> None:
    _heard(Readers(city_engine, Clock()), city_engine, seq)
    assert _noted(city_engine) == {KNOWLEDGE: 0}


def test_a_long_writer_keeps_nobody_from_reading(city: Path, tmp_path: Path) -> None:
    (tmp_path / "central.db").write_bytes(city.read_bytes())
    engine, clock = open_engine(embedded_url(tmp_path), 0), Clock()
    readers = Readers(engine, clock)
    with writing(engine) as connection, _writes(engine) as writes:
        connection.execute(delete(schema.reader))
        del writes[:]
        _heard(readers, engine, 7)
        _heard(readers, engine, 8)
        assert writes == []
    assert _noted(engine) == {}
    clock.now += GAP_S
    _heard(readers, engine, 9)
    assert _noted(engine) == {KNOWLEDGE: 9}
    engine.dispose()
