"""A server that comes back from a backup: numbers that were told stand, none is given twice, and what was done comes back."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from guichet_sync.central import counters, instance, numbers, schema
from guichet_sync.central.database import reading, writing
from guichet_sync.central.verify import verify
from guichet_sync.domain.ids import ProvisionalNumber, enrolment_code
from tests.helpers.central import AGENT, CLERK, TENANT, CentralServer
from tests.helpers.follow_ups import Followed, codes, said, undo
from tests.helpers.wire import SOMEBODY, Post
from tests.helpers.world_faults import Backups


@pytest.fixture
def backups(request: pytest.FixtureRequest, any_central: CentralServer) -> Iterator[Backups]:
    on_postgres = any_central.engine.dialect.name == "postgresql"
    postgres = request.getfixturevalue("postgres") if on_postgres else None
    made = Backups(any_central, any_central.settings.data, postgres)
    yield made
    made.close()


def test_what_a_backup_had_lost_comes_back_under_its_own_number(any_central: CentralServer, backups: Backups) -> None:
    agent, clerk = Post.enrol(any_central.url, AGENT), Post.enrol(any_central.url, CLERK)
    kept = Followed.captured_by(agent)
    backup = backups.point()
    lost = [Followed.captured_by(post, requester=SOMEBODY) for post in (agent, clerk)]
    joined = lost[0].join(clerk, replace(SOMEBODY, name="Paul Pinson"))
    clerk.send(joined)
    backups.restore(backup)
    new = Followed.captured_by(clerk)
    early = clerk.send(joined)[0]
    back = [
        post.send(replace(each.captured, number=each.receipt.number))[0] for post, each in zip((agent, clerk), lost, strict=True)
    ]
    late = clerk.send(joined)[0]
    assert (said(early), said(late)) == ("retry: request_awaited", "applied")
    assert early.retry_after_s
    assert [each.number for each in back] == [each.receipt.number for each in lost]
    told = [kept.receipt.number, *(each.number for each in back), new.receipt.number]
    assert len(set(told)) == 4
    assert int(new.receipt.number[3:]) > int(kept.receipt.number[3:]) + 5_000
    assert lost[0].people(agent, "people/TP") == {"1": SOMEBODY.name, "2": "Paul Pinson"}
    with reading(any_central.engine) as connection:
        assert verify(connection, instance.read(connection)).findings == ()


def test_the_same_backup_twice_gives_no_number_twice(
    any_central: CentralServer, backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = itertools.count()
    monkeypatch.setattr(
        secrets, "randbelow", lambda most: next(draws) % most
    )  # what is drawn is not drawn twice, for once surely
    agent = Post.enrol(any_central.url, AGENT)
    backup, lives, epochs = backups.point(), [], set()
    for _ in range(3):
        lives.append(Followed.captured_by(agent))
        backups.restore(backup)
        epochs.add(agent.feed(limit=1).epoch)
    assert len(epochs) == 3
    back = [agent.send(replace(each.captured, number=each.receipt.number))[0].number for each in lives]
    assert back == [each.receipt.number for each in lives]


def test_only_a_number_that_a_backup_lost_is_given_on_demand(any_central: CentralServer, backups: Backups) -> None:
    agent = Post.enrol(any_central.url, AGENT)
    wanted = replace(agent.capture(), number="26-000777")
    assert agent.send(wanted)[0].number != "26-000777"
    known = Followed.captured_by(agent).receipt.number
    backups.restore(backups.point())
    hopes = (known, "26-000001", "26-999999", "99-000777", "26-000777\n", "26-٠٠٠٧٧٨", "x" * 100_000)
    receipts = agent.send(*(replace(agent.capture(), number=hope) for hope in hopes))
    assert {said(each) for each in receipts} == {"applied"}
    assert {each.number for each in receipts}.isdisjoint(hopes)
    taken = [agent.send(replace(agent.capture(), number="26-000777"))[0].number for _ in range(2)]
    assert taken[0] == "26-000777" != taken[1]


def test_a_number_that_was_brought_back_beyond_the_counter_is_passed_over(any_central: CentralServer, backups: Backups) -> None:
    agent = Post.enrol(any_central.url, AGENT)
    backups.restore(backups.point())
    following = int(Followed.captured_by(agent).receipt.number[3:]) + 1
    with writing(any_central.engine) as connection:  # in another life, the counter had leapt elsewhere
        counters.raise_to(connection, TENANT, "numbers/gaps", "26/1", following)
    brought = replace(agent.capture(), number=f"26-{following:06d}")
    assert agent.send(brought)[0].number == f"26-{following:06d}"
    assert Followed.captured_by(agent).receipt.number == f"26-{following + 1:06d}"


def test_years_that_began_after_the_backup_leave_a_gap_too(any_central: CentralServer) -> None:
    with writing(any_central.engine) as connection:
        numbers.leave_gaps(connection, TENANT, "America/Toronto", datetime(2028, 1, 1, 3, tzinfo=UTC))
        lifted = {name: counters.value(connection, TENANT, schema.NUMBERS, name) for name in ("26", "27", "28")}
    assert lifted["26"] > 5_000 < lifted["27"]
    assert lifted["28"] == 0  # it is still 2027 in the city


def test_a_code_of_an_enrolment_that_a_backup_lost_is_not_given_again(any_central: CentralServer, backups: Backups) -> None:
    backup = backups.point()
    lost = Post.enrol(any_central.url, AGENT).enrolled.code
    backups.restore(backup)
    new = Post.enrol(any_central.url, AGENT).enrolled.code
    assert new not in {enrolment_code(rank) for rank in range(500)}
    assert lost in {enrolment_code(rank) for rank in range(500)}


def test_what_a_lost_enrolment_captured_is_taken_in_under_the_next_one(any_central: CentralServer, backups: Backups) -> None:
    backup = backups.point()
    lost = Post.enrol(any_central.url, AGENT)
    pothole, answered = Followed.captured_by(lost), lost.answer()
    unsent, noted = lost.capture(), pothole.note(lost, "Vu")
    lost.send(answered, noted)
    backups.restore(backup)
    colleague, agent = Post.enrol(any_central.url, CLERK), Post.enrol(any_central.url, AGENT)
    settled = replace(pothole.captured, number=pothole.receipt.number)
    first = agent.send(answered, noted, settled, noted, unsent, undo(lost, noted))
    assert [said(each) for each in first] == ["applied", "retry: request_awaited", *["applied"] * 4]
    assert first[2].number == pothole.receipt.number
    assert codes(pothole.seen_by(agent)) == ["captured", "transmitted", "note_withdrawn"]
    again = colleague.send(settled, replace(colleague.capture(), enrolment=lost.enrolled.enrolment))
    assert [said(each) for each in again] == ["refused: not_the_author"] * 2
    assert said(agent.send(undo(agent, unsent))[0]) == "applied"


def test_a_code_is_that_of_one_enrolment_however_it_is_told(any_central: CentralServer, backups: Backups) -> None:
    agent = Post.enrol(any_central.url, AGENT)
    backups.restore(backups.point())
    unknown = "0123456789abcdef01234567"
    told = [str(ProvisionalNumber(code, 1)) for code in (agent.enrolled.code, "Z99999", "A100")]
    captured = [replace(agent.capture(provisional_number=each), enrolment=unknown) for each in told]
    captured.append(replace(agent.capture(), enrolment="of another form"))
    assert {said(each) for each in agent.send(*captured)} == {"refused: not_the_author"}
    fine = replace(agent.capture(provisional_number=str(ProvisionalNumber("B01", 7))), enrolment=unknown)
    other = replace(agent.capture(provisional_number=str(ProvisionalNumber("B02", 7))), enrolment=unknown)
    assert [said(each) for each in agent.send(fine, other)] == ["applied", "refused: not_the_author"]


def test_no_enrolment_is_lost_where_nothing_was_restored(any_central: CentralServer) -> None:
    agent = Post.enrol(any_central.url, AGENT)
    stranger = replace(agent.answer(), enrolment="0123456789abcdef01234567")
    assert said(agent.send(stranger)[0]) == "refused: not_the_author"


def test_nobody_waits_for_ever_for_what_is_lost(any_central: CentralServer, backups: Backups) -> None:
    agent = Post.enrol(any_central.url, AGENT)
    lost = replace(Followed.captured_by(agent), id="01a20ec2-1a77-7749-ab5e-a80346e53dff")
    backups.restore(backups.point())
    now = datetime.now(UTC)
    _restored(any_central, now - timedelta(seconds=5))
    before = replace(lost.note(agent, "Vu"), captured_at=now - timedelta(minutes=1))
    assert said(agent.send(before)[0]) == "retry: request_awaited"
    assert said(agent.send(lost.note(agent, "Vu"))[0]) == "refused: request_not_found"
    _restored(any_central, now - timedelta(days=8))
    assert said(agent.send(before)[0]) == "refused: request_not_found"


def test_who_waits_for_a_lost_request_does_not_hold_the_others(any_central: CentralServer, backups: Backups) -> None:
    agent = Post.enrol(any_central.url, AGENT)
    pothole = Followed.captured_by(agent)
    lost = replace(pothole, id="01a20ec2-1a77-7749-ab5e-a80346e53dff")
    waiting, fine = lost.note(agent, "Vu"), pothole.note(agent, "Vu")
    backups.restore(backups.point())
    assert [said(each) for each in agent.send(waiting, fine)] == ["retry: request_awaited", "applied"]
    assert codes(pothole.seen_by(agent))[-1] == "note"


def _restored(central: CentralServer, at: datetime) -> None:
    with writing(central.engine) as connection:
        mine = schema.counter.c.name == "restored_at"
        connection.execute(update(schema.counter).where(mine).values(last=int(at.timestamp())))
