"""What others carry is taken in under its author's name, once; what is not proved to be theirs is not."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox
from sqlalchemy import select, update

from guichet_sync.central import identity, instance, schema
from guichet_sync.central.database import reading, writing
from guichet_sync.protocol import codec, sealing
from guichet_sync.protocol.messages import (
    CourierBatch,
    CourierReceipt,
    IntentBatch,
    IntentOutcome,
    SealedBatch,
    SealedItem,
    Token,
    TokenRequest,
)
from tests.helpers.central import AGENT, SECOND_AGENT, TENANT, CentralServer
from tests.helpers.sealed import Sealer, carry
from tests.helpers.wire import SOMEBODY, Post, code_of, post

HOUR = timedelta(hours=1)


@pytest.fixture
def author(central: CentralServer) -> Sealer:
    return Sealer.enrol(central.url, AGENT)


@pytest.fixture
def courier(central: CentralServer) -> Post:
    return Post.enrol(central.url, SECOND_AGENT)


def _refused(receipts: tuple[CourierReceipt, ...]) -> list[str]:
    assert {each.outcome for each in receipts} == {IntentOutcome.REFUSED}
    return [each.code for each in receipts]


def _requests(server: CentralServer, provisional: str) -> list[dict[str, object]]:
    table = schema.record
    with reading(server.engine) as connection:
        bodies = connection.scalars(select(table.c.body).where(table.c.kind == "request", table.c.body.contains(provisional)))
        return [json.loads(body) for body in bodies]


def test_a_colleague_delivers_what_they_cannot_read_and_it_is_its_authors(any_central: CentralServer) -> None:
    author, courier = Sealer.enrol(any_central.url, AGENT), Post.enrol(any_central.url, SECOND_AGENT)
    asked = author.post.asked(requester=SOMEBODY)
    envelope = author.post.envelope(asked, "request.create")
    box = author.box(envelope)
    assert SOMEBODY.name.encode() not in base64.b64decode(box)

    assert carry(courier, box) == (CourierReceipt("box-0", IntentOutcome.APPLIED),)
    [request] = _requests(any_central, asked.provisional_number)
    assert request["timeline"][0]["by"] == "M. Gagnon"  # type: ignore[index]

    assert carry(courier, box, box) == tuple(CourierReceipt(f"box-{n}", IntentOutcome.DUPLICATE) for n in range(2))
    signed = post(any_central.url, "/v1/tokens", TokenRequest(author.post.enrolled.enrolment, author.post.enrolled.secret))
    author.post.token = codec.decode(signed.content, Token).token
    [receipt] = author.post.send(envelope)
    assert (receipt.outcome, receipt.number) == (IntentOutcome.DUPLICATE, request["number"])
    assert len(_requests(any_central, asked.provisional_number)) == 1


def test_the_courier_learns_no_number(author: Sealer, courier: Post) -> None:
    reply = courier.post("/v1/courier", CourierBatch((SealedItem("a", author.box(author.post.capture())),)))
    assert reply.json() == {"receipts": [{"id": "a", "outcome": "applied", "code": "", "retry_after_s": None}]}


def test_a_revoked_enrolment_and_a_disabled_account_deliver_nothing(
    central: CentralServer, author: Sealer, courier: Post
) -> None:
    asked = author.post.asked()
    box = author.box(author.post.envelope(asked, "request.create"))
    with writing(central.engine) as connection:
        identity.disable(connection, TENANT, AGENT)
    assert _refused(carry(courier, box)) == ["account_disabled"]
    with writing(central.engine) as connection:
        identity.revoke(connection, TENANT, author.post.enrolled.code)
    assert _refused(carry(courier, box)) == ["enrolment_revoked"]
    assert _requests(central, asked.provisional_number) == []


def test_a_box_signed_by_another_hand_is_not_its_authors(author: Sealer, courier: Post) -> None:
    forged = replace(author, secret=sealing.new_signing_secret())
    assert _refused(carry(courier, forged.box(author.post.capture()))) == ["box_signature"]
    unknown = replace(author.post.capture(), enrolment="nobody")
    assert _refused(carry(courier, author.box(unknown))) == ["box_signature"]
    unsigned = Sealer(courier, author.secret)
    assert _refused(carry(courier, unsigned.box(courier.capture()))) == ["box_signature"]


def test_a_courier_cannot_bring_their_own_work_under_another_name(author: Sealer, courier: Post) -> None:
    stolen = replace(courier.capture(), enrolment=author.post.enrolled.enrolment)
    theirs = author.box(replace(author.post.capture(), enrolment=courier.enrolled.enrolment))
    assert (
        _refused(carry(courier, Sealer(author.post, sealing.new_signing_secret()).box(stolen), theirs)) == ["box_signature"] * 2
    )


def test_garbage_is_refused_one_by_one_and_holds_nothing_up(author: Sealer, courier: Post) -> None:
    key = author.post.enrolled.sealing_key
    raw = SealedBox(PublicKey(base64.b64decode(key)))

    def boxed(data: bytes) -> str:
        return sealing.to_text(raw.encrypt(data))

    sealed_to_another = replace(
        author, post=replace(author.post, enrolled=replace(author.post.enrolled, sealing_key=_another_key()))
    )
    two = IntentBatch((author.post.capture(), author.post.capture()), datetime.now(UTC))
    naive = author.box(author.post.capture(), sent_at=datetime(2026, 11, 24))
    good = author.box(author.post.capture())
    damaged = base64.b64encode(base64.b64decode(good)[:-1] + b"\0").decode()
    inside = [b"", b"{}", b"[" * 100_000, codec.encode(SealedBatch("{}", "")), b'{"batch":"\\ud800","signature":""}']
    bad = ["", "Ym94", "%%%", "é", damaged, naive, *map(boxed, inside), sealed_to_another.box(author.post.capture())]
    bad += [author.seal(two), author.seal(IntentBatch((), datetime.now(UTC)))]
    receipts = carry(courier, *bad, good)
    assert _refused(receipts[:-1]) == ["box_unreadable"] * len(bad)
    assert receipts[-1].outcome is IntentOutcome.APPLIED


def test_what_is_wrong_inside_is_refused_as_if_its_author_had_brought_it(author: Sealer, courier: Post) -> None:
    huge = author.box(author.post.envelope('"' + "x" * 600_000 + '"', "request.create"))
    broken = author.box(replace(author.post.capture(), body_sha256="0" * 64))
    unknown = author.box(author.post.envelope("{}", "request.teleport"))
    nul = author.box(replace(author.post.capture(), enrolment="a\0b"))
    assert _refused(carry(courier, huge, broken, unknown, nul)) == [
        "intent_too_large",
        "body_digest",
        "unknown_kind",
        "box_signature",
    ]
    assert _refused(carry(courier, "A" * 1_600_000)) == ["box_too_large"]


def test_a_courier_brings_fifty_at_most_and_says_who_they_are(central: CentralServer, courier: Post) -> None:
    many = CourierBatch(tuple(SealedItem(str(place), "") for place in range(51)))
    reply = courier.post("/v1/courier", many)
    assert (reply.status_code, code_of(reply)) == (422, "batch_too_long")
    assert post(central.url, "/v1/courier", CourierBatch(())).status_code == 401


def test_the_clock_is_not_corrected_by_how_long_a_box_was_on_its_way(
    central: CentralServer, author: Sealer, courier: Post
) -> None:
    with writing(central.engine) as connection:
        connection.execute(update(schema.enrolment).values(enrolled_at=datetime.now(UTC) - 30 * 24 * HOUR))
    now = datetime.now(UTC)
    asked, fresh = author.post.asked(), author.post.asked()
    old = replace(author.post.envelope(asked, "request.create"), captured_at=now - 5 * HOUR)
    new = replace(author.post.envelope(fresh, "request.create"), captured_at=now - HOUR)
    outcomes = carry(courier, author.box(old, sent_at=now - 4 * HOUR), author.box(new, sent_at=now))
    assert {each.outcome for each in outcomes} == {IntentOutcome.APPLIED}
    [found], [known] = _requests(central, asked.provisional_number), _requests(central, fresh.provisional_number)
    assert datetime.fromisoformat(str(found["captured_at"])) == now - 5 * HOUR
    assert found["approximate"] is True
    assert datetime.fromisoformat(str(known["captured_at"])) == now - HOUR
    assert "approximate" not in known or known["approximate"] is False


def test_a_post_that_enrolled_without_a_key_gives_it_with_a_token_and_the_first_one_stays(
    central: CentralServer, courier: Post
) -> None:
    older, secret = Post.enrol(central.url, AGENT), sealing.new_signing_secret()
    sealer = Sealer(older, secret)
    assert _refused(carry(courier, sealer.box(older.capture()))) == ["box_signature"]
    asked = TokenRequest(older.enrolled.enrolment, older.enrolled.secret, None, sealing.signing_key(secret))
    given = codec.decode(post(central.url, "/v1/tokens", asked).content, Token)
    assert given.sealing_key == older.enrolled.sealing_key
    another = replace(asked, signing_key=sealing.signing_key(sealing.new_signing_secret()))
    assert post(central.url, "/v1/tokens", another).status_code == 200
    assert carry(courier, sealer.box(older.capture()))[0].outcome is IntentOutcome.APPLIED


@pytest.mark.parametrize("key", ["Ym94", "é", "A" * 44, "A" * 4_000])
def test_a_key_that_is_none_is_refused_at_once(central: CentralServer, courier: Post, key: str) -> None:
    asked = TokenRequest(courier.enrolled.enrolment, courier.enrolled.secret, None, key)
    reply = post(central.url, "/v1/tokens", asked)
    assert (reply.status_code, code_of(reply)) == (422, "request_shape")


def test_a_database_of_an_earlier_version_gets_its_key_with_the_first_token(central: CentralServer, courier: Post) -> None:
    with writing(central.engine) as connection:
        connection.execute(update(schema.instance).values(sealing_secret=""))
    assert _refused(carry(courier, "Ym94")) == ["box_unreadable"]
    author = Sealer.enrol(central.url, AGENT)
    assert sealing.is_key(author.post.enrolled.sealing_key)
    assert carry(courier, author.box(author.post.capture()))[0].outcome is IntentOutcome.APPLIED
    with reading(central.engine) as connection:
        secret = instance.sealing_secret(connection)
    assert secret not in repr(author.post.enrolled)


@pytest.mark.parametrize("clock", [(-4 * HOUR, 5 * HOUR), (HOUR, -HOUR)])
def test_an_impossible_time_becomes_the_latest_possible_one(
    central: CentralServer, author: Sealer, courier: Post, clock: tuple[timedelta, timedelta]
) -> None:
    sent, ahead = clock
    now, asked = datetime.now(UTC), author.post.asked()
    wrong = replace(author.post.envelope(asked, "request.create"), captured_at=now + abs(ahead))
    carry(courier, author.box(wrong, sent_at=now + sent))
    [found] = _requests(central, asked.provisional_number)
    assert found["approximate"] is True
    assert now <= datetime.fromisoformat(str(found["captured_at"])) <= datetime.now(UTC)


def _another_key() -> str:
    return sealing.sealing_key(sealing.new_sealing_secret())


@given(spoil=st.binary(max_size=200), at=st.integers(0, 10_000), drop=st.integers(0, 400))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_change_of_a_box_makes_a_server_stumble(author: Sealer, courier: Post, spoil: bytes, at: int, drop: int) -> None:
    box = bytearray(base64.b64decode(author.box(author.post.capture())))
    before = bytes(box)
    at %= len(box)
    box[at : at + drop] = spoil
    [receipt] = carry(courier, base64.b64encode(box).decode())
    expected = IntentOutcome.APPLIED if bytes(box) == before else IntentOutcome.REFUSED
    assert receipt.outcome is expected
