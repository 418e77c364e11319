"""Bodies that no desk makes: each is refused for its shape, alike on both engines, and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet_sync.central import instance
from guichet_sync.central.database import reading
from guichet_sync.central.effects import standing
from guichet_sync.central.verify import verify
from guichet_sync.domain.intents import IntentKind
from guichet_sync.domain.request import RequestStatus
from guichet_sync.protocol.messages import IntentEnvelope, IntentOutcome
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.follow_ups import Followed, codes, said, undo
from tests.helpers.hostile import Lie, lies
from tests.helpers.wire import SOMEBODY, Post

SHAPE = "refused: intent_shape"
LONG = "refused: too_long"
FULL = "refused: request_full"
TEXT = "a" * 10_001
PLACE = {"id": "", "label": "", "lat": None, "lon": None, "sector": "", "district": ""}


def _edit(name: str, new: Any, base: Any = None) -> dict[str, Any]:
    return {"fields": {name: {"base": base, "new": new}}}


POISONED: dict[str, tuple[str, dict[str, Any], str]] = {
    "an empty note": ("request.note", {"text": " \n\t"}, SHAPE),
    "a note without text": ("request.note", {}, SHAPE),
    "a long note": ("request.note", {"text": TEXT}, LONG),
    "a note with a zero": ("request.note", {"text": "a\u0000b"}, SHAPE),
    "a note of another type": ("request.note", {"text": ["a"]}, SHAPE),
    "a note that is loudly public": ("request.note", {"text": "a", "public": "yes"}, SHAPE),
    "nothing edited": ("request.edit", {"fields": {}}, SHAPE),
    "a field that nobody edits": ("request.edit", _edit("number", "26-000001", ""), SHAPE),
    "a service by an edit": ("request.edit", _edit("service", "ENV", "TP"), SHAPE),
    "no field": ("request.edit", _edit("", "x"), SHAPE),
    "no question": ("request.edit", _edit("answers/", "x"), SHAPE),
    "a question with a zero": ("request.edit", _edit("answers/a\u0000", "x"), SHAPE),
    "a long question": ("request.edit", _edit(f"answers/{'a' * 101}", "x"), SHAPE),
    "a long answer": ("request.edit", _edit("answers/dim", TEXT), LONG),
    "a long list": ("request.edit", _edit("answers/dim", ["a" * 100] * 101), LONG),
    "an answer of another type": ("request.edit", _edit("answers/dim", 3), SHAPE),
    "an answer within an answer": ("request.edit", _edit("answers/dim", [["a"]]), SHAPE),
    "no description": ("request.edit", _edit("description", None, "x"), SHAPE),
    "a long description": ("request.edit", _edit("description", TEXT, ""), LONG),
    "a description before that was none": ("request.edit", _edit("description", "x", 3), SHAPE),
    "urgent by a number": ("request.edit", _edit("urgent", 1, base=False), SHAPE),
    "nowhere": ("request.edit", _edit("where", None, PLACE), SHAPE),
    "half a point": ("request.edit", _edit("where", {**PLACE, "lat": 45.0}, PLACE), SHAPE),
    "beyond the pole": ("request.edit", _edit("where", {**PLACE, "lat": 90.5, "lon": 0}, PLACE), SHAPE),
    "a place in words": ("request.edit", _edit("where", {**PLACE, "lat": "45", "lon": "0"}, PLACE), SHAPE),
    "a long place": ("request.edit", _edit("where", {**PLACE, "label": "a" * 1_001}, PLACE), LONG),
    "many fields": ("request.edit", {"fields": {f"answers/{n}": {"base": None, "new": "x"} for n in range(101)}}, SHAPE),
    "a service of no form": ("request.transfer", {"from_service": "TP", "service": "../ENV"}, SHAPE),
    "a unit of no form": ("request.transfer", {"from_service": "TP", "service": "ENV", "unit": "a b"}, SHAPE),
    "a long reason": ("request.transfer", {"from_service": "TP", "service": "ENV", "reason": "a" * 1_001}, LONG),
    "no status": ("request.status", {"expected": "transmitted", "status": "lost"}, SHAPE),
    "back on the post": ("request.status", {"expected": "transmitted", "status": "waiting"}, "refused: status_not_next"),
    "a status with a tale": ("request.status", {"expected": "transmitted", "status": "done", "reason": "a\nb"}, SHAPE),
    "a proposal of nobody": ("request.proposal", {"proposal": "\u0000", "accept": True}, "conflict: already_decided"),
    "a proposal half decided": ("request.proposal", {"proposal": "x", "accept": None}, SHAPE),
    "a channel that is none": ("request.join", {"channel": "telepathy"}, SHAPE),
    "a long name": ("request.join", {"channel": "phone", "requester": {"name": "a" * 1_001}}, LONG),
    "a name of no shape": ("request.join", {"channel": "phone", "requester": "Canari"}, SHAPE),
    "an interaction of no form": ("request.join", {"channel": "phone", "interaction_id": "a\u0000"}, SHAPE),
}


def test_each_is_refused_and_changes_nothing(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    pothole = Followed.captured_by(post)
    before = pothole.entries(post, "requests/TP")
    for name, (kind, body, answer) in POISONED.items():
        (receipt,) = post.send(post.envelope(json.dumps({"request_id": pothole.id, **body}), kind))
        assert said(receipt) == answer, name
        assert "a" * 10 not in str(receipt.values), name
    assert pothole.entries(post, "requests/TP") == before


@pytest.mark.parametrize(
    "body", ["", "null", "[]", "{", '{"request_id": 3}', '{"intent_id": null}', "[" * 5_000, '{"text": "\\ud800"}']
)
def test_what_is_no_body_is_no_intent(central: CentralServer, body: str) -> None:
    post = Post.enrol(central.url, AGENT)
    for receipt in post.send(*(post.envelope(body, kind) for kind in IntentKind)):
        assert said(receipt) == SHAPE


def test_an_undo_of_no_form_is_refused(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    texts = ('{"intent_id": "\\u0000"}', json.dumps({"intent_id": "a" * 201}), '{"intent_id": "intake/x"}')
    receipts = post.send(*(post.envelope(text, IntentKind.UNDO) for text in texts))
    assert [said(each) for each in receipts] == [SHAPE, SHAPE, "gone: nothing_to_undo"]


def test_a_request_does_not_grow_for_ever(central: CentralServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MAX_REQUEST_BYTES", 25_000)
    post = Post.enrol(central.url, AGENT)
    pothole = Followed.captured_by(post)
    receipts = post.send(*(pothole.note(post, "x" * 9_000) for _ in range(4)), pothole.note(post, "fin"))
    assert [said(each) for each in receipts] == ["applied", "applied", FULL, FULL, "applied"]
    assert codes(pothole.seen_by(post))[2:] == ["note"] * 3


def test_no_change_of_a_sound_body_breaks_the_server(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)

    @settings(max_examples=100)
    @given(st.integers(0, 6), lies())
    def lied(kind: int, lie: Lie) -> None:
        sound = _sound(post, Followed.captured_by(post))[kind]
        (receipt,) = post.send(post.envelope(lie(sound.body.encode()).decode(errors="replace"), sound.kind))
        assert receipt.outcome is not IntentOutcome.RETRY

    lied()
    with reading(any_central.engine) as connection:
        assert verify(connection, instance.read(connection)).findings == ()


def _sound(post: Post, pothole: Followed) -> tuple[IntentEnvelope, ...]:
    return (
        pothole.join(post, SOMEBODY, "Aussi"),
        pothole.note(post, "Vu"),
        pothole.edit(post, where=(PLACE, {**PLACE, "label": "Ici"}), dim=("moyen", ["gros"])),
        pothole.transfer(post, "TP/TP-VOIRIE", "ENV", "Ailleurs"),
        pothole.status(post, RequestStatus.TRANSMITTED, RequestStatus.DONE),
        pothole.decide(post, "x", accept=True),
        undo(post, pothole.captured),
    )
