"""`docs/PROTOCOL.md` is the protocol: its samples are messages, its tables are the program's own."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, get_args

import pytest

from guichet_sync.central import feed, intake, routes
from guichet_sync.central.app import create_app
from guichet_sync.central.settings import MAX_REQUEST_BYTES
from guichet_sync.client import events
from guichet_sync.client.transport import Transport
from guichet_sync.domain import intents
from guichet_sync.domain.intents import IntentKind
from guichet_sync.domain.spaces import CAPTURING_ROLES, Role, readable_spaces
from guichet_sync.protocol import codec, messages, records, sealing
from guichet_sync.protocol.checksum import bucket_of, record_digest
from guichet_sync.store import outbox
from tests.helpers.central import CentralServer
from tests.tooling.documents import blocks, section
from tests.tooling.tree import ROOT

Message = TypeVar("Message")

PAGE = (ROOT / "docs" / "PROTOCOL.md").read_text(encoding="utf-8")
SAMPLES = list(blocks(PAGE, "json"))


def _rows(title: str) -> list[list[str]]:
    """The cells of the tables of a section, headings left out."""
    lines = [line for line in section(PAGE, title).splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def _same(value: Any) -> Any:
    """A JSON value, its instants in one form."""
    if isinstance(value, dict):
        return {key: _same(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_same(each) for each in value]
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
        return datetime.fromisoformat(value)
    return value


@pytest.mark.parametrize(("name", "sample"), [each for each in SAMPLES if each[0] != "event"])
def test_a_sample_is_that_message_wholly_and_nothing_else(name: str, sample: str) -> None:
    message = codec.decode(sample, getattr(messages, name))
    assert _same(json.loads(codec.encode(message))) == _same(json.loads(sample))


@pytest.mark.parametrize("sample", [sample for name, sample in SAMPLES if name == "event"])
def test_a_sample_of_the_exchange_process_is_an_event(sample: str) -> None:
    assert _same(json.loads(events.encode(events.decode(sample)))) == _same(json.loads(sample))


def test_every_message_that_travels_alone_and_every_event_has_a_sample() -> None:
    exchanged = {name for row in _rows("Routes") for cell in row[2:] for name in _quoted(cell) if name[0].isupper()}
    shown = {name for name, _ in SAMPLES}
    events_told = {each.__name__.lower() for each in get_args(events.Event)}
    assert exchanged - {"Range"} <= shown
    assert {json.loads(sample)["event"] for name, sample in SAMPLES if name == "event"} == events_told


def test_the_intents_shown_hash_to_what_they_say_and_are_of_their_kinds() -> None:
    told = {kind: getattr(intents, _quoted(row[1])[0]) for row in _rows("Up: intents")[1:] for kind in _quoted(row[0])}
    shown = [each for batch in _messages(messages.IntentBatch) for each in batch.intents]
    assert {each.kind for each in shown} == told.keys() == set(IntentKind)
    for each in shown:
        assert codec.digest(each.body.encode()) == each.body_sha256
        assert codec.encode(codec.decode(each.body, told[each.kind])).decode() == each.body


def test_the_conversation_shown_is_held_with_a_real_server(central: CentralServer) -> None:
    with closing(Transport(central.url)) as server:
        assert server.hello().city == _message(messages.Hello).city
        given = server.enrol(_message(messages.EnrolmentRequest))
        token = server.token(messages.TokenRequest(given.enrolment, given.secret)).token
        batches = [_sent_by(given.enrolment, batch) for batch in _messages(messages.IntentBatch)]
        first, *others = batches
        receipts = server.push(token, first).receipts
        again = [each.outcome for each in server.push(token, first).receipts]
        feed_asked = messages.FeedRequest((messages.Cursor("requests/TP", given.epoch, receipts[0].effect["requests/TP"] - 1),))
        pages = {page.space: page for page in server.pull(token, feed_asked).pages}
        later = [receipt for batch in others for receipt in server.push(token, batch).receipts]
    shown = [receipt for reply in _messages(messages.IntentReceipts) for receipt in reply.receipts]
    assert [_plain(each) for each in (*receipts, *later)] == [_plain(each) for each in shown]
    assert again == [messages.IntentOutcome.DUPLICATE] * 2
    for page in _message(messages.FeedReply).pages:
        assert _form(pages[page.space]) == _form(page)


def _messages(kind: type[Message]) -> list[Message]:
    """The samples of this message, in the order of the page."""
    return [codec.decode(sample, kind) for name, sample in SAMPLES if name == kind.__name__]


def _message(kind: type[Message]) -> Message:
    """The one sample of this message."""
    (sample,) = _messages(kind)
    return sample


def _sent_by(enrolment: str, batch: messages.IntentBatch) -> messages.IntentBatch:
    return replace(batch, intents=tuple(replace(each, enrolment=enrolment) for each in batch.intents))


def _plain(receipt: messages.IntentReceipt) -> tuple[str, messages.IntentOutcome, str, int, set[str]]:
    """What of a receipt does not depend on what else is on the server."""
    return receipt.intent_id, receipt.outcome, receipt.code, len(receipt.number), set(receipt.effect)


def _form(page: messages.FeedPage) -> tuple[bool, list[tuple[str, str, set[str]]]]:
    return page.snapshot, [(entry.kind, entry.intent, set(entry.body or ())) for entry in page.entries]


def test_the_records_shown_are_of_their_kinds_and_in_their_spaces() -> None:
    (reply,) = (codec.decode(sample, messages.FeedReply) for name, sample in SAMPLES if name == "FeedReply")
    entries = [(page.space, entry) for page in reply.pages for entry in page.entries]
    entries += [("places", codec.decode(sample, messages.FeedEntry)) for name, sample in SAMPLES if name == "FeedEntry"]
    assert len(entries) > 2
    for space, entry in entries:
        assert records.belongs(entry.kind, space)
        assert is_dataclass(codec.from_body(entry.body, records.KINDS[entry.kind]))


def test_the_bucket_shown_sums_to_the_checksum_shown() -> None:
    bucket, checksums = _message(messages.Bucket), _message(messages.Checksums)
    assert all(bucket_of(entry.kind, entry.id) == bucket.bucket for entry in bucket.entries)
    digests = [record_digest(entry.kind, entry.id, codec.canonical(entry.body)) for entry in bucket.entries]
    assert messages.BucketSum(bucket.bucket, len(digests), sum(digests)) in checksums.buckets
    assert (bucket.space, bucket.head) == (checksums.space, checksums.head)


def test_the_box_shown_opens_with_the_key_shown_and_is_signed_by_the_enrolment_shown() -> None:
    (item,) = _message(messages.CourierBatch).items
    (secret,) = re.findall(r"secret key is `([^`]+)`", PAGE)
    assert {sealing.sealing_key(secret)} == {_message(messages.Enrolled).sealing_key, _message(messages.Token).sealing_key}
    opened = sealing.unseal(sealing.from_text(item.box), secret)
    assert opened == _message(messages.SealedBatch)
    assert sealing.is_signed(opened, _message(messages.EnrolmentRequest).signing_key)
    (intent,) = codec.decode(opened.batch, messages.IntentBatch).intents
    assert codec.digest(intent.body.encode()) == intent.body_sha256


def test_the_routes_of_the_page_are_those_of_the_server(central: CentralServer) -> None:
    told = {(row[0], _quoted(row[1])[0]) for row in _rows("Routes") if row[0] in ("GET", "POST")}
    served = {
        (method, path)
        for path, verbs in create_app(central.settings).openapi()["paths"].items()
        for method in map(str.upper, verbs)
    }
    assert told == served


def test_the_limits_of_the_page_are_those_of_the_program() -> None:
    told = {row[0]: row[1] for row in _rows("Routes") if len(row) == 2}
    assert told["a request's body"].startswith(f"{MAX_REQUEST_BYTES // 2**20} MiB")
    assert told["a batch"] == f"{routes.MAX_INTENTS} intents; a post fills it to {outbox.MAX_BYTES // 2**20} MiB"
    assert outbox.MAX_INTENTS == routes.MAX_INTENTS
    assert told["an intent's body"] == f"{intake.MAX_BODY_BYTES // 2**10} KiB"
    assert told["a page of the feed"].endswith(f"{feed.PAGE:,} entries or {feed.MAX_PAGE_BYTES // 2**20} MiB")
    assert told["a reply, as a post takes it"].startswith(f"{codec.MAX_MESSAGE_BYTES // 2**20} MiB")
    assert f"more than {feed.SNAPSHOT_BEYOND:,} changes" in PAGE


def test_the_kinds_of_each_space_are_those_of_the_program() -> None:
    told = {kind: _quoted(row[0])[0] for row in _rows("Down: the feed")[1:] for kind in _quoted(row[1])}
    assert told.keys() == records.KINDS.keys()
    assert all(records.belongs(kind, space) for kind, space in told.items())


def test_each_role_reads_what_the_page_says() -> None:
    told = {Role(name): row[1:] for row in _rows("Who may read what")[1:] for name in _quoted(row[0])}
    assert told.keys() == set(Role)
    for role, (requests, people, confidential, captures) in told.items():
        spaces = readable_spaces(role, "TP", ["TP", "ENV"])
        reach = {"the whole city": 2, "own service": 1, "none": 0}
        assert sum(each.startswith("requests/") for each in spaces) == reach[requests]
        assert sum(each.startswith("people/") for each in spaces) == reach[people]
        assert sum(each.startswith("confidential/") for each in spaces) == reach[confidential]
        assert (role in CAPTURING_ROLES) == (captures == "yes")
