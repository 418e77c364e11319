"""A post's files without any server: real encrypted ones, filled by pages as a server would send them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import uuid_utils

from guichet_sync.domain.article import Article, ArticleText
from guichet_sync.domain.category import Nature, PlaceKind
from guichet_sync.domain.intents import (
    AddNote,
    ChangeStatus,
    CreateRequest,
    EditRequest,
    Intent,
    IntentKind,
    JoinRequest,
    TransferRequest,
)
from guichet_sync.domain.location import Location, Whereabouts
from guichet_sync.domain.request import Channel, Request, Requester, RequestStatus
from guichet_sync.domain.spaces import Role
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import FeedEntry, FeedPage, Operation, Person, SnapshotManifest, SnapshotPart
from guichet_sync.store import account, mirror
from guichet_sync.store.account import Account
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.store.keys import Key
from guichet_sync.store.post import PostStore
from guichet_sync.store.work_unit import work_unit

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = NOW.date()
EPOCH = "epoch-1"
PERSON = "0123456789abcdef"
POST_KEY, PERSON_KEY = Key(b"p" * 32), Key(b"m" * 32)
ENROLMENT = Account(
    server="http://127.0.0.1:1",
    instance="instance",
    tenant="val-des-ormes",
    epoch=EPOCH,
    enrolment="enrolment-1",
    code="C07",
    secret="secret",
    verifier="verifier",
    person=Person("mgagnon", "M. Gagnon", Role.AGENT),
    post_name="Comptoir 1",
    timezone="America/Toronto",
)


def open_store(path: Path, person: str = PERSON, post_key: Key = POST_KEY, person_key: Key = PERSON_KEY) -> PostStore:
    """The files of a profile in ``path``; closed by whoever asked."""
    folder = ProfileFolder(path)
    folder.make()
    return PostStore.open(folder, post_key, person, person_key)


def enrolled_store(path: Path) -> PostStore:
    """The same, with somebody enrolled."""
    store = open_store(path)
    account.write(store, ENROLMENT)
    return store


def put(kind: str, record_id: str, record: object, intent: str = "") -> FeedEntry:
    """A record that comes down; its number is given by :func:`page`."""
    body = record if isinstance(record, dict) else codec.to_body(record)
    return FeedEntry(0, Operation.PUT, kind, record_id, 1, intent, body)


def gone(operation: Operation, kind: str, record_id: str) -> FeedEntry:
    """A record that leaves."""
    return FeedEntry(0, operation, kind, record_id, 2)


def page(space: str, entries: Sequence[FeedEntry], after: int = 0) -> FeedPage:
    """A page of ``entries`` as they follow ``after``."""
    numbered = tuple(
        FeedEntry(after + place, each.operation, each.kind, each.id, each.revision, each.intent, each.body)
        for place, each in enumerate(entries, 1)
    )
    return FeedPage(space, EPOCH, after, after + len(numbered), after + len(numbered), numbered)


def manifest(space: str, seq: int, records: Sequence[int], digest: str = "file") -> SnapshotManifest:
    """The snapshot of a space at ``seq``, with so many records in each part."""
    parts = tuple(SnapshotPart(1, each, "part") for each in records)
    return SnapshotManifest(space, "instance", EPOCH, seq, digest, parts)


def receive(store: PostStore, space: str, entries: Iterable[FeedEntry]) -> None:
    """Take entries in where the mirror of their space ends."""
    at = {cursor.space: cursor.seq for cursor in mirror.cursors(store)}
    mirror.apply(store, page(space, list(entries), at.get(space, 0)))


def fiche(code: str, title: str, **text: Any) -> Article:
    """A fiche in French."""
    return Article(code, ArticleText(title, **text), verified_on=date(2026, 9, 1))


def receive_fiches(store: PostStore, *fiches: Article) -> None:
    """Take fiches in."""
    receive(store, "kb", [put("article", each.code, each) for each in fiches])


def address(place_id: str, label: str, **facts: Any) -> Location:
    """An address of the city."""
    return Location(place_id, PlaceKind.ADDRESS, label, 46.05, -72.95, **facts)


def mirrored_request(request_id: str, **facts: Any) -> Request:
    """A request as the server has it."""
    first: dict[str, Any] = {"category": "NDP", "service": "TP", "status": RequestStatus.TRANSMITTED, "captured_at": NOW}
    return Request(request_id, **(first | facts))


def capture(store: PostStore, description: str = "", **facts: Any) -> Intent:
    """Capture a request as the desk does: number and outbox in one transaction."""
    with work_unit(store) as work:
        number = str(work.take_number())
        intent = creation(number, description, **facts)
        work.enqueue(intent, number=number, label="NDP")
    return intent


FollowUp = JoinRequest | AddNote | EditRequest | TransferRequest | ChangeStatus
FOLLOW_UPS: dict[type, IntentKind] = {
    JoinRequest: IntentKind.JOIN_REQUEST,
    AddNote: IntentKind.ADD_NOTE,
    EditRequest: IntentKind.EDIT_REQUEST,
    TransferRequest: IntentKind.TRANSFER_REQUEST,
    ChangeStatus: IntentKind.CHANGE_STATUS,
}


def follow_up(store: PostStore, body: FollowUp) -> Intent:
    """Do something with a known request: its intent waits at the end of the outbox."""
    data = codec.encode(body)
    intent = Intent(
        intent_id=str(uuid_utils.uuid7()),
        enrolment="enrolment-1",
        kind=FOLLOW_UPS[type(body)],
        lane=body.request_id,
        body=data,
        body_sha256=codec.digest(data),
        captured_at=NOW,
    )
    with work_unit(store) as work:
        work.enqueue(intent, label="NDP")
    return intent


def creation(number: str, description: str = "", **facts: Any) -> Intent:
    """The intent of a captured request; ``captured_at``, ``lane`` and the fields of its body by name."""
    captured_at, lane = facts.pop("captured_at", NOW), facts.pop("lane", "")
    request_id = str(facts.pop("request_id", uuid_utils.uuid7()))
    first: dict[str, Any] = {"category": "NDP", "service": "TP", "nature": Nature.REQUEST, "channel": Channel.PHONE}
    body = codec.encode(CreateRequest(request_id, number, "interaction", description=description, **(first | facts)))
    return Intent(
        intent_id=str(uuid_utils.uuid7()),
        enrolment="enrolment-1",
        kind=IntentKind.CREATE_REQUEST,
        lane=str(lane or request_id),
        body=body,
        body_sha256=codec.digest(body),
        captured_at=captured_at,
    )


def body_of(intent: Intent) -> CreateRequest:
    """What an intent of :func:`creation` asks."""
    return codec.decode(intent.body, CreateRequest)


def as_mirrored(intent: Intent, **facts: Any) -> Request:
    """The request that the server makes of a captured one."""
    body = body_of(intent)
    return mirrored_request(
        body.request_id,
        provisional_number=body.provisional_number,
        description=body.description,
        where=body.where,
        captured_at=intent.captured_at,
        **facts,
    )


def somebody(name: str = "Solange Gagnon-Tremblay") -> Requester:
    """A person who asks."""
    return Requester(name, "450 555-0142", "solange@exemple.ca")


def at(lat: float, lon: float, label: str = "") -> Whereabouts:
    """A point of the city."""
    return Whereabouts(label=label, lat=lat, lon=lon)
