"""A post back from an outage brings fifty at a time: they go in together, and each is answered as if it had come alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from guichet_sync.central import instance, intake
from guichet_sync.central.database import reading
from guichet_sync.central.identity import Caller
from guichet_sync.central.verify import verify
from guichet_sync.domain.intents import AddNote, IntentKind
from guichet_sync.protocol.messages import IntentBatch, IntentEnvelope, IntentReceipt
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.wire import SOMEBODY, Post


def outcomes(receipts: tuple[IntentReceipt, ...]) -> list[str]:
    return [f"{each.outcome.value}:{each.code}" if each.code else each.outcome.value for each in receipts]


def day(post: Post, count: int = 50) -> list[IntentEnvelope]:
    """What a post captured in a day: one answer in four, one name in three."""
    return [
        post.answer() if rank % 4 == 3 else post.capture(requester=SOMEBODY if rank % 3 == 0 else None) for rank in range(count)
    ]


def assert_sound(central: CentralServer) -> None:
    with reading(central.engine) as connection:
        assert verify(connection, instance.read(connection)).findings == ()


def test_a_whole_batch_is_taken_in_and_taken_in_once(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    batch = day(post)
    first, again = post.send(*batch), post.send(*batch)
    assert outcomes(first) == ["applied"] * 50
    assert outcomes(again) == ["duplicate"] * 50
    numbers = [each.number for each in first if each.number]
    assert len(set(numbers)) == len(numbers) == 38
    assert [each.number for each in again] == [each.number for each in first]
    entries = post.read("requests/TP", "people/TP")
    caused = {entry.intent for entry in entries if entry.intent}
    assert caused == {each.intent_id for each, said in zip(batch, first, strict=True) if said.number}
    assert_sound(any_central)


def test_one_that_is_refused_holds_no_other(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    batch = day(post, 12)
    batch[5] = post.capture(category="XXX")
    assert outcomes(post.send(*batch)) == ["refused:unknown_category" if rank == 5 else "applied" for rank in range(12)]
    assert_sound(any_central)


def test_a_batch_that_is_half_known_is_taken_in_for_the_other_half(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    batch = day(post, 12)
    post.send(*batch[::2])
    assert outcomes(post.send(*batch)) == ["duplicate", "applied"] * 6
    changed = [replace(batch[0], kind=each.kind, body=each.body, body_sha256=each.body_sha256) for each in [post.capture()]]
    assert outcomes(post.send(*changed, *day(post, 2))) == ["refused:intent_body_differs", "applied", "applied"]
    assert_sound(any_central)


def test_what_can_not_stand_together_is_told_one_by_one(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    asked = post.asked()
    same_number = post.capture(provisional_number=asked.provisional_number)
    same_request = post.capture(request_id=asked.request_id)
    created = post.envelope(asked, IntentKind.CREATE_REQUEST)
    said = post.send(created, same_number, same_request, created, post.answer())
    assert outcomes(said) == ["applied", "refused:number_taken", "refused:request_exists", "duplicate", "applied"]
    assert_sound(any_central)


@pytest.mark.parametrize(("shared", "refused"), [("provisional_number", "number_taken"), ("request_id", "request_exists")])
def test_two_of_one_batch_that_claim_the_same_are_told_apart(any_central: CentralServer, shared: str, refused: str) -> None:
    post = Post.enrol(any_central.url, AGENT)
    first = post.asked()
    second = post.capture(**{shared: getattr(first, shared)})
    said = post.send(post.envelope(first, IntentKind.CREATE_REQUEST), second, post.capture())
    assert outcomes(said) == ["applied", f"refused:{refused}", "applied"]
    assert_sound(any_central)


def test_what_follows_a_capture_in_its_batch_finds_it(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    asked = post.asked()
    created = post.envelope(asked, IntentKind.CREATE_REQUEST)
    note = post.envelope(AddNote(asked.request_id, "Rappeler."), IntentKind.ADD_NOTE)
    assert outcomes(post.send(post.capture(), created, note, post.capture(), post.answer())) == ["applied"] * 5
    assert_sound(any_central)


def test_eight_senders_of_the_same_batch_at_once_apply_it_once(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    batch = day(post, 20)
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda _: outcomes(post.send(*batch)), range(8)))
    final = post.send(*batch)
    assert outcomes(final) == ["duplicate"] * 20
    for rank in range(20):
        told = [each[rank] for each in answers if each[rank] != "retry:try_later"]
        assert told.count("applied") <= 1
        assert set(told) <= {"applied", "duplicate"}
    assert_sound(any_central)


def test_a_batch_costs_the_statements_of_a_few(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    caller = Caller(post.enrolled.person, post.enrolled.enrolment)
    with reading(any_central.engine) as connection:
        here = instance.read(connection)

    def statements(count: int) -> int:
        counted: list[str] = []

        def count_it(*given: Any) -> None:
            counted.append(given[2])

        batch = IntentBatch(tuple(post.capture(requester=SOMEBODY) for _ in range(count)), datetime.now(UTC))
        event.listen(any_central.engine, "before_cursor_execute", count_it)
        receipts = intake.take_in(any_central.engine, here, caller, batch, lambda: datetime.now(UTC))
        event.remove(any_central.engine, "before_cursor_execute", count_it)
        assert outcomes(receipts) == ["applied"] * count
        return len(counted)

    assert statements(50) - statements(2) < 5
