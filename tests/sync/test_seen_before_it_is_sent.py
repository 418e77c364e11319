"""What a person sees of their own work before it left is what everyone sees once the server took it in: checked on days at random
against the real server, whose handlers know nothing of the post's overlay.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from guichet_desktop.desk import capture, follow_up, lookup, undoing
from guichet_desktop.desk.desk import Desk
from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Request, Requester, RequestStatus, SyncState, TimelineEntry
from guichet_sync.store import outbox, settled
from guichet_sync.store.projection import RequestFilter
from tests.helpers.desk_world import DeskWorld
from tests.helpers.desks import filled

PLACES = ("A00100", "A00101", "A00831")
WORDS = ("Un trou.", "Deux trous.", "Plus rien.")


def _plain(request: Request) -> Request:
    """What both sides can know: what the server adds by itself is left out."""
    status = RequestStatus.TRANSMITTED if request.status is RequestStatus.WAITING else request.status
    timeline = tuple(replace(each, by=each.by or "M. Gagnon") for each in request.timeline if each.code != "transmitted")
    closed = request.captured_at if request.closed_at else None
    return replace(
        request, number="", status=status, timeline=timeline, received_at=None, sent_at=None, closed_at=closed, approximate=False
    )


class _Day:
    """A person who does things at random with a few requests, and remembers what they did."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.desk, self.chance = desk, chance
        listed = lookup.requests(desk, RequestFilter(service="TP", limit=400)).requests
        self.known = [each.id for each in chance.sample([each for each in listed if each.category == "NDP"], 3)]
        self.done: list[str] = []

    def does(self) -> None:
        """One thing, where it can be done."""
        acts: list[Callable[[Request], str]] = [self._joins, self._notes, self._edits, self._transfers, self._changes]
        if self.chance.random() < 0.1:
            saved = capture.submit(self.desk, filled(self.desk, "NDP", {"dim": "petit"}, at=self.chance.choice(PLACES)))
            self.known.append(saved.request_id)
            self.done.append(saved.intent_id)
            return
        try:
            if self.done and self.chance.random() < 0.2:
                undoing.undo(self.desk, self.chance.choice(self.done))
            else:
                self.done.append(self.chance.choice(acts)(self.sees(self.chance.choice(self.known))))
        except GuichetError as refused:
            assert refused.code in {
                "request_closed", "nothing_changed", "already_there", "status_not_next",
                "built_upon", "already_undone", "nothing_to_undo", "too_late_to_undo",
            }  # fmt: skip

    def sees(self, request_id: str) -> Request:
        """A request as it is on their screen."""
        return lookup.request(self.desk, request_id).request

    def _joins(self, seen: Request) -> str:
        person = Requester(name="C. Morin") if self.chance.random() < 0.5 else None
        return follow_up.join(self.desk, seen, Channel.PHONE, requester=person, description=self.chance.choice(WORDS)).intent_id

    def _notes(self, seen: Request) -> str:
        return follow_up.note(self.desk, seen, self.chance.choice(WORDS), public=self.chance.random() < 0.5).intent_id

    def _edits(self, seen: Request) -> str:
        place = Whereabouts.of(lookup.location(self.desk, self.chance.choice(PLACES)))
        wishes = {
            "description": self.chance.choice(WORDS),
            "urgent": self.chance.random() < 0.5,
            "where": place,
            "answers/dim": self.chance.choice(["petit", "gros"]),
        }
        chosen = self.chance.sample(sorted(wishes), self.chance.randint(1, 3))
        return follow_up.edit(self.desk, seen, {name: wishes[name] for name in chosen}).intent_id

    def _transfers(self, seen: Request) -> str:
        return follow_up.transfer(self.desk, seen, self.chance.choice(["TP", "ENV", "URB"]), reason="Ailleurs.").intent_id

    def _changes(self, seen: Request) -> str:
        return follow_up.change_status(self.desk, seen, self.chance.choice(list(RequestStatus)), "parce que").intent_id


@pytest.mark.parametrize("seed", range(6))
def test_what_is_seen_before_sending_is_what_is_there_afterwards(world: DeskWorld, seed: int) -> None:
    chance = random.Random(seed)
    day = _Day(world.desk, chance)
    for _ in range(6):
        for _ in range(chance.randint(1, 8)):
            day.does()
        before = {each: _plain(day.sees(each)) for each in day.known}
        lists = {service: lookup.requests(world.desk, RequestFilter(service=service, limit=1)).total for service in ("TP", "ENV")}
        result = world.exchange()
        assert (result.failure, result.refused) == (None, 0)
        assert outbox.items(world.desk.store) == ()
        assert {each: _plain(day.sees(each)) for each in day.known} == before
        for service, total in lists.items():
            assert lookup.requests(world.desk, RequestFilter(service=service, limit=1)).total == total


def test_what_came_down_while_its_reply_was_lost_is_not_shown_twice(world: DeskWorld) -> None:
    known = next(each for each in lookup.requests(world.desk, RequestFilter(open_only=True, limit=50)).requests)
    follow_up.join(world.desk, known, Channel.PHONE)
    follow_up.note(world.desk, known, "Une seule fois.")
    before = lookup.request(world.desk, known.id).request
    world.faults.lose_next_reply("/v1/intents")
    world.exchange()
    after = lookup.request(world.desk, known.id)
    assert after.sync_state in (SyncState.SEALED, SyncState.SETTLED)
    assert _plain(after.request) == _plain(before)
    world.exchange()
    assert _plain(lookup.request(world.desk, known.id).request) == _plain(before)


def test_what_is_sealed_again_after_a_restore_is_not_done_twice_to_what_the_mirror_tells(world: DeskWorld) -> None:
    known = next(each for each in lookup.requests(world.desk, RequestFilter(open_only=True, limit=50)).requests)
    follow_up.join(world.desk, known, Channel.PHONE)
    world.exchange()
    before = lookup.request(world.desk, known.id).request
    assert before.timeline[-1] == TimelineEntry(before.timeline[-1].at, "joined", before.timeline[-1].by)
    settled.reopen_accepted(world.desk.store)
    assert [each.state for each in outbox.items(world.desk.store)] == [SyncState.SEALED]
    assert lookup.request(world.desk, known.id).request == before
    assert timedelta() <= world.desk.now() - before.timeline[-1].at
