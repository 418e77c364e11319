"""What crosses the wire comes back equal, and what is not the protocol is refused without repeating it."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet_sync.domain.category import Category, Nature
from guichet_sync.domain.errors import BadReply, ProtocolMismatch
from guichet_sync.domain.intents import CreateRequest
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Request, Requester, RequestStatus
from guichet_sync.protocol import codec, version
from guichet_sync.protocol.messages import FeedEntry, FeedPage, FeedReply, Operation
from guichet_sync.protocol.records import KINDS, belongs

_PHONE = (Channel.PHONE, Nature.REQUEST)

instants = st.datetimes(timezones=st.just(UTC))
texts = st.text(max_size=40)
whereabouts = st.builds(Whereabouts, texts, texts, st.none() | st.floats(-90, 90), st.none() | st.floats(-180, 180))
answers = st.none() | st.dictionaries(texts, texts | st.lists(texts, max_size=3).map(tuple), max_size=4)
requests = st.builds(
    Request,
    id=texts,
    category=texts,
    service=texts,
    status=st.sampled_from(RequestStatus),
    captured_at=instants,
    where=whereabouts,
    answers=answers,
    description=texts,
    promised_on=st.none() | st.dates(),
    received_at=st.none() | instants,
    timeline=st.just(()),
)


@given(requests)
def test_a_request_crosses_the_wire_unchanged(request: Request) -> None:
    assert codec.decode(codec.encode(request), Request) == request
    assert codec.from_body(json.loads(codec.encode(codec.to_body(request))), Request) == request


def test_equal_values_give_equal_bytes() -> None:
    one = CreateRequest("r", "C07-0142-V", "i", *_PHONE, "NDP", "TP", answers={"a": "1", "b": "2"})
    two = CreateRequest("r", "C07-0142-V", "i", *_PHONE, "NDP", "TP", answers={"b": "2", "a": "1"})
    assert codec.encode(one) == codec.encode(two)
    assert codec.digest(codec.encode(one)) == codec.digest(codec.encode(two))


def test_fields_of_a_newer_version_are_ignored_but_kept_in_the_body() -> None:
    entry = FeedEntry(1, Operation.PUT, "category", "NDP", 1, body={"code": "NDP", "colour": "red"})
    page = FeedPage("taxonomy", "e1", 0, 1, 1, (entry,))
    reply = FeedReply("i", "e1", ("taxonomy",), (page,))
    raw = asdict(reply) | {"weather": "snow"}
    back = codec.decode(codec.encode(raw), FeedReply)
    assert back == reply
    assert back.pages[0].entries[0].body == {"code": "NDP", "colour": "red"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "reply_not_json"),
        (b"<html>proxy says no</html>", "reply_not_json"),
        (b'{"space": "kb"', "reply_not_json"),
        (b'{"weather": ' + b"[" * 100_000, "reply_not_json"),
        (b"\xff\xfe", "reply_not_json"),
        (b"[]", "reply_shape"),
        (b'{"space": 3}', "reply_shape"),
    ],
)
def test_a_hostile_reply_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(BadReply, match=code):
        codec.decode(data, FeedPage)


def test_a_refusal_tells_where_and_never_what() -> None:
    secret = "Gagnon 450 555-0142"
    body = {"id": "1", "category": "NDP", "service": "TP", "status": secret, "captured_at": "2026-11-24T10:00:00Z"}
    with pytest.raises(BadReply) as refused:
        codec.from_body(body, Request)
    assert refused.value.values == {"kind": "Request", "path": "$.status"}
    assert secret not in str(refused.value)
    assert refused.value.__suppress_context__
    with pytest.raises(BadReply) as refused:
        codec.from_body({}, Category)
    assert refused.value.values["path"] == "$"


def test_a_huge_reply_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "MAX_MESSAGE_BYTES", 10)
    with pytest.raises(BadReply, match="reply_too_large"):
        codec.decode(b'"0123456789"', str)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_bad_reply(data: bytes) -> None:
    for kind in (FeedReply, Requester, *KINDS.values()):
        try:
            codec.decode(data, kind)
        except BadReply as error:
            assert error.code.startswith("reply_")


def test_versions_meet_at_the_newest_both_know() -> None:
    assert version.OURS.agree(1, 99) == version.NEWEST
    with pytest.raises(ProtocolMismatch):
        version.OURS.agree(version.NEWEST + 1, version.NEWEST + 3)
    with pytest.raises(ProtocolMismatch):
        version.OURS.agree(0, version.OLDEST - 1)


def test_dates_are_dates_and_instants_carry_their_offset() -> None:
    body = codec.to_body(Request("1", "NDP", "TP", RequestStatus.DONE, datetime(2026, 11, 24, tzinfo=UTC)))
    assert body["captured_at"] == "2026-11-24T00:00:00Z"
    with_promise = codec.to_body(
        Request("1", "NDP", "TP", RequestStatus.DONE, datetime(2026, 11, 24, tzinfo=UTC), promised_on=date(2026, 12, 1))
    )
    assert with_promise["promised_on"] == "2026-12-01"


def test_every_known_kind_has_its_place_and_only_that() -> None:
    spaces = ("kb", "taxonomy", "places", "requests/TP", "people/TP", "weather", "")
    places = {kind: [space for space in spaces if belongs(kind, space)] for kind in KINDS}
    assert all(len(found) == 1 for found in places.values())
    assert (places["article"], places["request"], places["requester"]) == (["kb"], ["requests/TP"], ["people/TP"])
    assert not belongs("weather", "kb")
