"""Posts that speak the wire by hand: what a well-behaved post would say, and what it would not."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import requests
from uuid_utils import uuid7

from guichet_sync.central.demo import PASSWORD
from guichet_sync.domain.category import Nature
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.intents import CreateRequest, IntentKind, RecordAnswer
from guichet_sync.domain.request import Channel, Requester
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import (
    Cursor,
    Enrolled,
    EnrolmentRequest,
    FeedEntry,
    FeedReply,
    FeedRequest,
    IntentBatch,
    IntentEnvelope,
    IntentReceipt,
    IntentReceipts,
    SnapshotManifest,
    Token,
    TokenRequest,
)


def post(url: str, path: str, message: object, token: str = "") -> requests.Response:
    """One request, as it is."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    return requests.post(url + path, data=codec.encode(message), headers=headers, timeout=30)


def code_of(reply: requests.Response) -> str:
    """The reason code of a refusal."""
    said: str = reply.json()["code"]
    return said


@dataclass
class Post:
    """An enrolled post of the tests: it captures by hand and reads what it is given."""

    url: str
    enrolled: Enrolled
    token: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def enrol(cls, url: str, user: str, password: str = PASSWORD) -> Post:
        """Enrol ``user`` on a new post and sign in."""
        asked = EnrolmentRequest(user, password, secrets.token_hex(8), "Comptoir 4", 1, 1)
        reply = post(url, "/v1/enrolments", asked)
        assert reply.status_code == 200, reply.text
        enrolled = codec.decode(reply.content, Enrolled)
        signed = post(url, "/v1/tokens", TokenRequest(enrolled.enrolment, enrolled.secret))
        return cls(url, enrolled, codec.decode(signed.content, Token).token)

    def asked(self, **changes: Any) -> CreateRequest:
        """A pothole, with a number of this enrolment's."""
        request = CreateRequest(
            request_id=str(uuid7()),
            provisional_number=str(ProvisionalNumber(self.enrolled.code, next(self.numbers))),
            interaction_id=str(uuid7()),
            channel=Channel.PHONE,
            nature=Nature.REQUEST,
            category="NDP",
            service="TP",
            answers={"dim": "moyen"},
            description="Trou dans la voie de droite",
        )
        return replace(request, **changes)

    def capture(self, **changes: Any) -> IntentEnvelope:
        """The envelope of :meth:`asked`."""
        return self.envelope(self.asked(**changes), IntentKind.CREATE_REQUEST)

    def answer(self, **changes: Any) -> IntentEnvelope:
        """The envelope of an answer given from a fiche."""
        given = RecordAnswer(str(uuid7()), "COL-001", Channel.PHONE, "fr")
        return self.envelope(replace(given, **changes), IntentKind.RECORD_ANSWER)

    def envelope(self, body: object, kind: str) -> IntentEnvelope:
        """Any body, sealed."""
        text = body if isinstance(body, str) else codec.encode(body).decode()
        digest = codec.digest(text.encode())
        return IntentEnvelope(str(uuid7()), self.enrolled.enrolment, kind, "lane", text, digest, datetime.now(UTC))

    def send(self, *envelopes: IntentEnvelope, **batch: Any) -> tuple[IntentReceipt, ...]:
        """The receipts of one batch."""
        reply = self.post("/v1/intents", IntentBatch(envelopes, **{"sent_at": datetime.now(UTC)} | batch))
        assert reply.status_code == 200, reply.text
        return codec.decode(reply.content, IntentReceipts).receipts

    def feed(self, *cursors: Cursor, limit: int = 2_000) -> FeedReply:
        """One page of news of every space."""
        reply = self.post("/v1/feed", FeedRequest(cursors, limit))
        assert reply.status_code == 200, reply.text
        return codec.decode(reply.content, FeedReply)

    def read(self, *spaces: str) -> list[FeedEntry]:
        """All entries of these spaces, from their beginning."""
        found: list[FeedEntry] = []
        for space in spaces:
            seq = 0
            while page := self.page(space, seq):
                found += page
                seq = page[-1].seq
        return found

    def page(self, space: str, seq: int) -> tuple[FeedEntry, ...]:
        """What follows ``seq`` in one space; the others are said to have been read."""
        readable = self.feed(limit=1).readable
        cursors = [Cursor(each, self.enrolled.epoch, seq if each == space else 2**40) for each in readable]
        pages = {page.space: page for page in self.feed(*cursors).pages}
        return pages[space].entries if space in pages else ()

    def manifest(self, space: str) -> SnapshotManifest:
        """The snapshot of a space."""
        reply = self.get("/v1/snapshots", params={"space": space})
        assert reply.status_code == 200, reply.text
        return codec.decode(reply.content, SnapshotManifest)

    def get(self, path: str, **options: Any) -> requests.Response:
        """One GET with this post's token."""
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        return requests.get(self.url + path, headers=headers, timeout=30, **options)

    def post(self, path: str, message: object) -> requests.Response:
        """One POST with this post's token."""
        return post(self.url, path, message, self.token)


SOMEBODY = Requester("Solange Canari", "450 555-0142", "solange@exemple.ca")
"""A person whose name is a canary: where it is read, people are read."""
