"""What must hold once everything is quiet, whatever happened before: the last sentence of every story."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select, text

from guichet_sync.central import instance, verify
from guichet_sync.central import schema as central_schema
from guichet_sync.central.database import reading
from guichet_sync.client.events import Settled
from guichet_sync.domain.intents import AddNote, IntentKind, JoinRequest
from guichet_sync.domain.request import SyncState
from guichet_sync.domain.spaces import Role, is_public, readable_spaces
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.store import database as files
from guichet_sync.store import health, mirror, outbox, schema
from tests.helpers.world_people import CANARY, Clerk, Deed

_FAILED = (SyncState.REFUSED, SyncState.QUARANTINED)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An id is itself a word that stands nowhere by chance."""
_WORD = re.compile(rf"{CANARY}\d{{6}}x")

Key = tuple[str, str, str]
"""Space, kind, id."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What the server has: each record that is there (revision, digest, body), the head of each space, each intent's receipts,
    the roles of people by name, and the intents whose answers were counted.
    """

    epoch: str
    records: dict[Key, tuple[int, int, str]]
    heads: dict[str, int]
    receipts: dict[str, list[IntentReceipt]]
    roles: dict[str, tuple[Role, str]]
    answered: Counter[str]

    @classmethod
    def of(cls, engine: Engine) -> Truth:
        """All of it, in one view; the database must find nothing wrong with itself."""
        with reading(engine) as connection:
            here = instance.read(connection)
            record, person = central_schema.record, central_schema.person
            rows = connection.execute(select(record).where(record.c.body != "")).mappings().all()
            told = connection.execute(select(central_schema.intent.c.intent_id, central_schema.intent.c.receipt)).all()
            people = connection.execute(select(person.c.name, person.c.role, person.c.service)).all()
            heads = dict(connection.execute(select(central_schema.space.c.space, central_schema.space.c.head)).all())
            answered = Counter(connection.execute(select(central_schema.answer.c.intent_id)).scalars())
            wrong = verify.verify(connection, here).findings
        assert not wrong, wrong
        receipts: dict[str, list[IntentReceipt]] = {}
        for row in told:
            receipts.setdefault(row.intent_id, []).append(codec.decode(row.receipt, IntentReceipt))
        return cls(
            here.epoch,
            {(each["space"], each["kind"], each["id"]): (each["revision"], each["digest"], each["body"]) for each in rows},
            heads,
            receipts,
            {name: (Role(role), service) for name, role, service in people},
            answered,
        )

    def readable(self, user: str) -> frozenset[str]:
        """The spaces this user may read today."""
        role, service = self.roles[user]
        services = [record for space, kind, record in self.records if kind == "service"]
        return frozenset(readable_spaces(role, service, services))

    def counted(self, revision: int) -> int:
        """A revision, which is the same everywhere on a server that never came back from a backup. After that, what says the
        same on both sides is left as it is, though it may have changed another number of times.
        """
        return revision if self.epoch.endswith(".0") else 0

    def of_kind(self, kind: str) -> Iterator[tuple[Key, dict[str, Any]]]:
        """The records of one kind."""
        for key, (_, _, body) in self.records.items():
            if key[1] == kind:
                yield key, json.loads(body)


def everyone_agrees(engine: Engine, clerks: Iterable[Clerk]) -> None:
    """Fails with what is wrong, if anything is."""
    truth, here = Truth.of(engine), list(clerks)
    for clerk in here:
        _nothing_waits(clerk)
        mirror_is_the_servers(clerk, truth)
        _nothing_beyond_the_role(clerk, truth)
        _numbers_told_stand(clerk, truth)
        assert all(each.sound for each in health.files(clerk.desk.store)), clerk
    _requests_stand_once(truth)
    _deeds_took_effect_once([deed for clerk in here for deed in clerk.deeds], truth, _undecided(here))


def _nothing_waits(clerk: Clerk) -> None:
    """Nothing is pending but what was refused or set aside, and what rests on it."""
    rows = outbox.unsettled(clerk.desk.store)
    failed = {intent.lane for intent, item in rows if item.state in _FAILED}
    pending = [(item.kind, item.state, item.last_error) for intent, item in rows if intent.lane not in failed]
    assert not pending, (clerk, pending)


def mirror_is_the_servers(clerk: Clerk, truth: Truth) -> None:
    """What a post holds is what the server has for its role: cursors, revisions, digests, and what is said of people."""
    store, readable = clerk.desk.store, truth.readable(clerk.desk.person.name)
    at = {cursor.space: (cursor.epoch, cursor.seq) for cursor in mirror.cursors(store)}
    heads = {space: (truth.epoch, truth.heads[space]) for space in readable if truth.heads.get(space)}
    assert at == heads, (clerk, at, heads)
    held = {(space, kind, id_): (truth.counted(revision), digest) for space, kind, id_, revision, digest in _held(clerk)}
    theirs = {key: (truth.counted(facts[0]), facts[1]) for key, facts in truth.records.items() if key[0] in readable}
    assert held == theirs, (clerk, _differing(held, theirs))
    shown = {(row.space, kind, row.id): json.loads(row.body) for kind, row in _people_rows(clerk)}
    bodies = {
        key: json.loads(facts[2])
        for key, facts in truth.records.items()
        if key[0] in readable and key[1] in ("request", "requester")
    }
    assert shown == bodies, (clerk, _differing(shown, bodies))


def _held(clerk: Clerk) -> Iterator[tuple[str, str, str, int, int]]:
    for engine, metadata in ((clerk.desk.store.public, schema.public), (clerk.desk.store.people, schema.people)):
        table = metadata.tables["held"]
        with files.reading(engine) as connection:
            rows = connection.execute(select(table.c.space, table.c.kind, table.c.id, table.c.revision, table.c.digest))
            yield from rows


def _people_rows(clerk: Clerk) -> Iterator[tuple[str, Any]]:
    with files.reading(clerk.desk.store.people) as connection:
        for table in (schema.request, schema.requester):
            for row in connection.execute(select(table.c.space, table.c.id, table.c.body)):
                yield table.name, row


def _differing(ours: dict[Any, Any], theirs: dict[Any, Any]) -> list[Any]:
    keys = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
    return [(key, ours.get(key), theirs.get(key)) for key in keys[:3]]


def _nothing_beyond_the_role(clerk: Clerk, truth: Truth) -> None:
    """No word of a space that the role can't read is on the post's disk, but in what this person wrote themselves."""
    readable = truth.readable(clerk.desk.person.name)
    theirs = set().union(*(_words(key, facts[2]) for key, facts in truth.records.items() if key[0] in readable))
    beyond = set().union(
        *(_words(key, facts[2]) for key, facts in truth.records.items() if key[0] not in readable and not is_public(key[0]))
    )
    own = {word for deed in clerk.deeds for word in _words(("", "", deed.intent.lane), deed.intent.body.decode())}
    store = clerk.desk.store
    for engine, allowed in ((store.public, theirs), (store.people, theirs), (store.work, theirs | own)):
        dump = dumped(engine)
        found = [word for word in beyond - allowed if word in dump]
        assert not found, (clerk, engine.url.database, found[:3])


def _words(key: Key, body: str) -> set[str]:
    return set(_UUID.findall(key[2])) | set(_WORD.findall(body))


def dumped(engine: Engine) -> str:
    """All rows of all tables of a file, those of full-text indexes too, once its log is in it."""
    files.truncate_log(engine)
    parts: list[str] = []
    with files.reading(engine) as connection:
        names = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
        ).scalars()
        for name in names.all():
            for row in connection.execute(text(f'SELECT * FROM "{name}"')):  # noqa: S608 - names of our own tables
                parts += [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in row]
    return "\n".join(parts).lower()


def _numbers_told_stand(clerk: Clerk, truth: Truth) -> None:
    """The official number that a post showed is the request's for ever."""
    numbers = {body["provisional_number"]: body["number"] for _, body in truth.of_kind("request")}
    for told in clerk.post.told(Settled):
        if isinstance(told, Settled) and told.provisional_number and told.number:
            assert numbers.get(told.provisional_number) == told.number, (clerk, told, numbers.get(told.provisional_number))


def _requests_stand_once(truth: Truth) -> None:
    """A request is in one space, and nobody else has its numbers."""
    requests = list(truth.of_kind("request"))
    for name in ("id", "number", "provisional_number"):
        twice = [value for value, times in Counter(body.get(name) for _, body in requests).items() if value and times > 1]
        assert not twice, (name, twice)
    here = {key[2]: key[0].partition("/")[2] for key, _ in requests}
    astray = [key for key, body in truth.of_kind("requester") if here.get(body["request_id"]) != key[0].partition("/")[2]]
    assert not astray, astray


def _undecided(clerks: Iterable[Clerk]) -> set[str]:
    """Intents that no receipt is due for: set aside, or resting on one that failed."""
    return {
        intent.intent_id
        for clerk in clerks
        for intent, item in outbox.unsettled(clerk.desk.store)
        if item.state is not SyncState.REFUSED
    }


def _deeds_took_effect_once(deeds: list[Deed], truth: Truth, undecided: set[str]) -> None:
    notes = Counter(
        word
        for _, body in truth.of_kind("request")
        for entry in body.get("timeline", ())
        for word in _WORD.findall(json.dumps(entry))
    )
    people = Counter(word for _, body in truth.of_kind("requester") for word in _WORD.findall(json.dumps(body["requester"])))
    requests = Counter(key[2] for key, _ in truth.of_kind("request"))
    undone = {
        json.loads(deed.intent.body)["intent_id"]
        for deed in deeds
        if deed.intent.kind == IntentKind.UNDO and _applied(truth, deed.intent.intent_id)
    }
    for deed in deeds:
        intent = deed.intent
        if intent.intent_id in undecided:
            continue
        assert len(truth.receipts.get(intent.intent_id, ())) == 1, (deed, truth.receipts.get(intent.intent_id))
        expected = int(_applied(truth, intent.intent_id) and intent.intent_id not in undone)
        if intent.kind == IntentKind.CREATE_REQUEST and intent.intent_id not in undone:
            assert requests[deed.case.id] == expected, deed
        elif intent.kind == IntentKind.ADD_NOTE:
            assert notes[codec.decode(intent.body, AddNote).text] == expected, deed
        elif intent.kind == IntentKind.JOIN_REQUEST:
            joined = codec.decode(intent.body, JoinRequest).requester
            assert people[joined.name if joined else ""] == expected, deed
        elif intent.kind == IntentKind.RECORD_ANSWER:
            assert truth.answered[intent.intent_id] == expected, deed


def _applied(truth: Truth, intent_id: str) -> bool:
    taken = (IntentOutcome.APPLIED, IntentOutcome.DUPLICATE, IntentOutcome.MERGED)
    return any(each.outcome in taken for each in truth.receipts.get(intent_id, ()))
