"""Many people at one request at once: they take turns, nothing is lost, and nobody waits for each other in a circle."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from threading import Barrier

from sqlalchemy import Connection, text

from guichet_sync.central import instance
from guichet_sync.central.database import reading
from guichet_sync.central.records import every
from guichet_sync.central.verify import verify
from guichet_sync.domain.intents import EditRequest, FieldEdit, IntentKind
from guichet_sync.domain.request import Request, RequestStatus
from guichet_sync.domain.spaces import people_space, requests_space
from guichet_sync.protocol.messages import IntentEnvelope, IntentOutcome
from guichet_sync.protocol.records import RequesterOf
from tests.helpers.central import AGENT, TENANT, CentralServer
from tests.helpers.follow_ups import Followed, said, undo
from tests.helpers.wire import SOMEBODY, Post

HANDS = 8
SERVICES = ("TP", "ENV", "CLS")


def _posts(central: CentralServer, count: int = HANDS) -> list[Post]:
    return [Post.enrol(central.url, AGENT) for _ in range(count)]


def _all_at_once(posts: Sequence[Post], work: Callable[[int, Post], list[str]]) -> list[list[str]]:
    """What each hand was answered; all begin together."""
    ready = Barrier(len(posts))

    def hand(place: int) -> list[str]:
        ready.wait()
        return work(place, posts[place])

    with ThreadPoolExecutor(len(posts)) as hands:
        return list(hands.map(hand, range(len(posts))))


def _say(post: Post, *envelopes: IntentEnvelope) -> list[str]:
    """As a post does, again where the server asks to come back."""
    answers = []
    for envelope in envelopes:
        (receipt,) = post.send(envelope)
        while receipt.outcome is IntentOutcome.RETRY:
            (receipt,) = post.send(envelope)
        answers.append(said(receipt))
    return answers


def _sound(connection: Connection) -> None:
    assert verify(connection, instance.read(connection)).findings == ()


def test_of_eight_who_edit_a_field_one_is_applied_and_seven_are_proposed(any_central: CentralServer) -> None:
    posts = _posts(any_central)
    pothole = Followed.captured_by(posts[0])
    base = pothole.seen_by(posts[0]).description
    answers = _all_at_once(posts, lambda place, post: _say(post, pothole.edit(post, description=(base, f"Trou {place}"))))
    assert Counter(answer for (answer,) in answers) == {"applied": 1, "merged": 7}
    request = pothole.seen_by(posts[0])
    said_all = {request.description, *(each.proposed for each in request.proposals)}
    assert said_all == {f"Trou {place}" for place in range(HANDS)}
    assert {each.found for each in request.proposals} == {request.description}


def test_eight_fields_edited_at_once_are_all_there(any_central: CentralServer) -> None:
    posts = _posts(any_central)
    pothole = Followed.captured_by(posts[0], answers=None)

    def work(place: int, post: Post) -> list[str]:
        steps = [None, "1", "2", "3", "4"]
        edits = [{f"answers/q{place}": FieldEdit(base, new)} for base, new in pairwise(steps)]
        return _say(post, *(post.envelope(EditRequest(pothole.id, each), IntentKind.EDIT_REQUEST) for each in edits))

    assert _all_at_once(posts, work) == [["applied"] * 4] * HANDS
    assert pothole.seen_by(posts[0]).answers == {f"q{place}": "4" for place in range(HANDS)}


def test_everybody_who_joins_is_counted_and_has_a_record(any_central: CentralServer) -> None:
    posts = _posts(any_central)
    pothole = Followed.captured_by(posts[0], requester=SOMEBODY)

    def work(place: int, post: Post) -> list[str]:
        joined = [pothole.join(post, replace(SOMEBODY, name=f"P{place}.{n}")) for n in range(4)]
        return _say(post, *joined, undo(post, joined[1]))

    assert _all_at_once(posts, work) == [["applied"] * 5] * HANDS
    assert pothole.seen_by(posts[0]).requester_count == 1 + 3 * HANDS
    names = list(pothole.people(posts[0], "people/TP").values())
    assert sorted(names) == sorted([SOMEBODY.name, *(f"P{place}.{n}" for place in range(HANDS) for n in (0, 2, 3))])
    with reading(any_central.engine) as connection:
        _sound(connection)


def test_whoever_transfers_everything_moves_together_and_stands_in_one_place(any_central: CentralServer) -> None:
    posts = _posts(any_central)
    potholes = [Followed.captured_by(posts[0], requester=SOMEBODY) for _ in range(3)]

    def work(place: int, post: Post) -> list[str]:
        chance = random.Random(place)
        answers: list[str] = []
        for turn in range(6):
            pothole = chance.choice(potholes)
            source, target = chance.sample(["TP/TP-VOIRIE", *SERVICES], 2)
            moved = pothole.transfer(post, source, target)
            joined = pothole.join(post, replace(SOMEBODY, name=f"P{place}.{turn}"))
            noted = pothole.note(post, f"{place}.{turn}")
            answers += _say(post, moved, joined, noted, undo(post, moved))
        return answers

    answers = Counter(answer for each in _all_at_once(posts, work) for answer in each)
    assert set(answers) <= {"applied", "conflict: not_as_expected", "conflict: built_upon", "gone: nothing_to_undo"}
    with reading(any_central.engine) as connection:
        _sound(connection)
        for pothole in potholes:
            (request,) = _everywhere(connection, pothole)
            codes = Counter(entry.code for entry in request.timeline)
            assert request.requester_count == 1 + codes["joined"]
            people = every(connection, TENANT, (people_space(request.service), "requester"), RequesterOf)
            assert sum(each.request_id == pothole.id for each in people) == request.requester_count
        if connection.dialect.name == "postgresql":
            circles = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            assert connection.execute(circles).scalar_one() == 0
    notes = sum(entry.code == "note" for pothole in potholes for entry in _now(any_central, pothole).timeline)
    assert notes == HANDS * 6


def test_of_eight_undoes_of_one_intent_one_is_done(any_central: CentralServer) -> None:
    posts = _posts(any_central)
    pothole = Followed.captured_by(posts[0])
    joined = pothole.join(posts[0], SOMEBODY)
    posts[0].send(joined)
    answers = _all_at_once(posts, lambda _place, post: _say(post, undo(post, joined)))
    assert Counter(answer for (answer,) in answers) == {"applied": 1, "gone: nothing_to_undo": 7}
    assert pothole.seen_by(posts[0]).requester_count == 0


def test_of_eight_who_close_it_one_does(any_central: CentralServer) -> None:
    posts = _posts(any_central)
    pothole = Followed.captured_by(posts[0])
    transmitted, done = RequestStatus.TRANSMITTED, RequestStatus.DONE
    answers = _all_at_once(posts, lambda _place, post: _say(post, pothole.status(post, transmitted, done)))
    assert Counter(answer for (answer,) in answers) == {"applied": 1, "conflict: not_as_expected": 7}


def _everywhere(connection: Connection, pothole: Followed) -> list[Request]:
    found = [every(connection, TENANT, (requests_space(service), "request"), Request) for service in SERVICES]
    return [request for group in found for request in group if request.id == pothole.id]


def _now(central: CentralServer, pothole: Followed) -> Request:
    with reading(central.engine) as connection:
        (request,) = _everywhere(connection, pothole)
    return request
