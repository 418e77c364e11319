"""What a person undoes of what they did: once, and as far as nobody built on it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select, update

from guichet_sync.central import identity, instance, schema
from guichet_sync.central.database import reading, writing
from guichet_sync.central.verify import verify
from guichet_sync.domain.request import RequestStatus
from guichet_sync.protocol.messages import IntentEnvelope, IntentOutcome, Operation
from tests.helpers.central import AGENT, EMPLOYEE, CentralServer
from tests.helpers.follow_ups import Followed, codes, said, undo
from tests.helpers.wire import SOMEBODY, Post

TRANSMITTED, ACCEPTED, DONE = RequestStatus.TRANSMITTED, RequestStatus.ACCEPTED, RequestStatus.DONE
HERE = "TP/TP-VOIRIE"
NOTHING = "gone: nothing_to_undo"


def _send(post: Post, *envelopes: IntentEnvelope) -> list[str]:
    return [said(receipt) for receipt in post.send(*envelopes)]


def test_an_answer_given_by_mistake_is_not_counted(any_central: CentralServer, agent: Post) -> None:
    given, kept = agent.answer(), agent.answer()
    assert _send(agent, given, kept, undo(agent, given), undo(agent, given)) == ["applied"] * 3 + [NOTHING]
    with reading(any_central.engine) as connection:
        assert connection.execute(select(schema.answer.c.intent_id)).scalars().all() == [kept.intent_id]


def test_a_request_captured_by_mistake_is_cancelled(agent: Post) -> None:
    pothole = Followed.captured_by(agent, requester=SOMEBODY)
    back = undo(agent, pothole.captured)
    assert _send(agent, back, back, undo(agent, pothole.captured)) == ["applied", "duplicate", NOTHING]
    request = pothole.seen_by(agent)
    assert (request.status, request.timeline[-1].code, request.timeline[-1].note) == (
        RequestStatus.CANCELLED,
        "cancelled",
        "undone",
    )
    assert request.closed_at is not None


def test_a_request_that_somebody_worked_on_is_not_cancelled(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    noted = pothole.note(clerk, "Vu")
    clerk.send(noted)
    assert _send(agent, undo(agent, pothole.captured)) == ["conflict: built_upon"]
    clerk.send(undo(clerk, noted))
    assert _send(agent, undo(agent, pothole.captured)) == ["applied"]
    assert codes(pothole.seen_by(agent)) == ["captured", "transmitted", "note_withdrawn", "cancelled"]


def test_who_joined_leaves_wherever_the_request_went(any_central: CentralServer, agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent, requester=replace(SOMEBODY, name="Paul Pinson"))
    joined = pothole.join(agent, SOMEBODY)
    agent.send(joined)
    clerk.send(pothole.transfer(clerk, HERE, "ENV"))
    assert _send(agent, undo(agent, joined), undo(agent, joined)) == ["applied", NOTHING]
    assert pothole.seen_by(agent, "ENV").requester_count == 1
    assert pothole.people(agent, "people/ENV") == {"1": "Paul Pinson"}
    assert pothole.entries(agent, "people/ENV")[-1].operation is Operation.TOMB
    agent.send(pothole.join(agent, SOMEBODY))
    assert pothole.people(agent, "people/ENV") == {"1": "Paul Pinson", "3": SOMEBODY.name}
    with reading(any_central.engine) as connection:
        tombs = select(schema.feed.c.reason).where(schema.feed.c.operation == Operation.TOMB)
        assert connection.execute(tombs).scalars().all() == ["undone"]
        assert verify(connection, instance.read(connection)).findings == ()


def test_a_withdrawn_note_leaves_no_word(any_central: CentralServer, agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    noted = pothole.note(agent, "La voisine se nomme Canari", public=True)
    agent.send(noted)
    clerk.send(pothole.note(clerk, "Vu"))
    assert _send(agent, undo(agent, noted)) == ["applied"]
    request = pothole.seen_by(clerk)
    assert [(each.code, each.note) for each in request.timeline[2:]] == [("note_withdrawn", ""), ("note", "Vu")]
    with reading(any_central.engine) as connection:
        bodies = select(func.count()).where(schema.record.c.body.contains("Canari"))
        assert connection.execute(bodies).scalar_one() == 0


def test_fields_go_back_where_they_are_still_as_they_were_left(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    edited = pothole.edit(agent, dim=("moyen", "gros"), urgent=(False, True))
    agent.send(edited)
    clerk.send(pothole.edit(clerk, dim=("gros", "petit")))
    (receipt,) = agent.send(undo(agent, edited))
    assert (said(receipt), receipt.values) == ("applied", {"kept": 1})
    request = pothole.seen_by(agent)
    assert (request.answers, request.urgent) == ({"dim": "petit"}, False)
    assert (request.timeline[-1].code, request.timeline[-1].note) == ("undone", "edited")


def test_an_edit_that_others_edited_since_stays(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    edited = pothole.edit(agent, dim=("moyen", "gros"))
    agent.send(edited)
    clerk.send(pothole.edit(clerk, dim=("gros", "petit")))
    assert _send(agent, undo(agent, edited)) == ["conflict: built_upon"]
    assert pothole.seen_by(agent).answers == {"dim": "petit"}


def test_a_proposal_is_withdrawn_and_what_others_accepted_of_it_stays(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    agent.send(pothole.edit(agent, dim=("moyen", "gros")))
    first, second = pothole.edit(clerk, dim=("moyen", "petit")), pothole.edit(clerk, dim=("moyen", "minuscule"))
    clerk.send(first, second)
    agent.send(pothole.decide(agent, f"{first.intent_id}/answers/dim", accept=True))
    assert _send(clerk, undo(clerk, second), undo(clerk, first)) == ["applied", "conflict: built_upon"]
    request = pothole.seen_by(agent)
    assert (request.answers, request.proposals) == ({"dim": "petit"}, ())


def test_a_transfer_comes_back_if_nobody_moved_it_on(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent, requester=SOMEBODY)
    before = pothole.seen_by(agent)
    sent = pothole.transfer(agent, HERE, "ENV")
    assert _send(agent, sent, undo(agent, sent)) == ["applied", "applied"]
    request = pothole.seen_by(agent)
    assert (request.service, request.unit, request.sent_at) == ("TP", "TP-VOIRIE", before.sent_at)
    assert pothole.people(agent, "people/TP") == {"1": SOMEBODY.name}
    again = pothole.transfer(agent, HERE, "ENV")
    agent.send(again)
    clerk.send(pothole.transfer(clerk, "ENV", "CLS"), pothole.transfer(clerk, "CLS", "ENV"))
    assert _send(agent, undo(agent, again)) == ["conflict: built_upon"]


def test_a_service_takes_back_what_it_sent_where_it_does_not_read(any_central: CentralServer, agent: Post) -> None:
    employee = Post.enrol(any_central.url, EMPLOYEE)
    pothole = Followed.captured_by(agent)
    agent.send(pothole.transfer(agent, HERE, "ENV"))
    sent = pothole.transfer(employee, "ENV", HERE)
    (there, back) = employee.send(sent, undo(employee, sent))
    assert (said(there), said(back), list(back.effect)) == ("applied", "applied", ["requests/ENV"])
    gone, other = pothole.transfer(employee, "ENV", HERE), Followed.captured_by(agent)
    employee.send(gone)
    agent.send(pothole.transfer(agent, HERE, "CLS"))
    assert _send(employee, undo(employee, gone)) == ["refused: request_not_found"]
    agent.send(other.transfer(agent, HERE, "ENV"))
    left = other.transfer(employee, "ENV", HERE)
    employee.send(left)
    with writing(any_central.engine) as connection:  # who is no longer of that service takes nothing back into it
        mine = schema.person.c.name == EMPLOYEE
        connection.execute(update(schema.person).where(mine).values(service="CLS"))
    assert _send(employee, undo(employee, left)) == ["refused: request_not_found"]


def test_a_service_takes_back_what_it_captured_for_another(any_central: CentralServer, agent: Post) -> None:
    employee = Post.enrol(any_central.url, EMPLOYEE)
    first, second = Followed.captured_by(employee), Followed.captured_by(employee)
    agent.send(second.note(agent, "Vu"))
    receipts = _send(employee, undo(employee, first.captured), undo(employee, second.captured))
    assert receipts == ["applied", "refused: request_not_found"]
    assert first.seen_by(agent).status is RequestStatus.CANCELLED


def test_statuses_go_back_one_after_the_other(agent: Post) -> None:
    pothole = Followed.captured_by(agent)
    accepted, done = pothole.status(agent, TRANSMITTED, ACCEPTED), pothole.status(agent, ACCEPTED, DONE)
    assert _send(agent, accepted, done, undo(agent, accepted)) == ["applied", "applied", "conflict: built_upon"]
    assert _send(agent, undo(agent, done), undo(agent, accepted)) == ["applied", "applied"]
    request = pothole.seen_by(agent)
    assert (request.status, request.closed_at) == (TRANSMITTED, None)
    closed, reopened = pothole.status(agent, TRANSMITTED, DONE), pothole.status(agent, DONE, RequestStatus.REOPENED)
    agent.send(closed)
    at = pothole.seen_by(agent).closed_at
    assert at is not None
    assert _send(agent, reopened, undo(agent, reopened)) == ["applied", "applied"]
    assert (pothole.seen_by(agent).status, pothole.seen_by(agent).closed_at) == (DONE, at)


def test_a_status_that_went_away_and_came_back_is_somebody_s_work(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    accepted = pothole.status(agent, TRANSMITTED, ACCEPTED)
    agent.send(accepted)
    going = RequestStatus.IN_PROGRESS
    clerk.send(pothole.status(clerk, ACCEPTED, going), pothole.status(clerk, going, ACCEPTED))
    assert _send(agent, undo(agent, accepted)) == ["conflict: built_upon"]


def test_there_is_nothing_to_undo_of_what_was_not_taken_in_or_is_another_s(
    any_central: CentralServer, agent: Post, clerk: Post
) -> None:
    pothole = Followed.captured_by(agent)
    theirs, refused, erased = pothole.note(clerk, "Vu"), agent.capture(category="ZZZ"), pothole.note(agent, "Canari")
    unsent, decided = pothole.note(agent, "Jamais envoyée"), pothole.decide(agent, "x", accept=True)
    undone = undo(agent, unsent)
    clerk.send(theirs)
    agent.send(refused, erased, decided, undone)
    with writing(any_central.engine) as connection:
        mine = schema.intent.c.intent_id == erased.intent_id
        connection.execute(update(schema.intent).where(mine).values(body=""))
    receipts = agent.send(*(undo(agent, each) for each in (theirs, refused, erased, unsent, decided, undone)))
    assert [said(each) for each in receipts] == [NOTHING] * 6
    assert {each.outcome for each in receipts} == {IntentOutcome.GONE}


def test_what_was_done_on_another_post_is_undone_by_the_same_person(any_central: CentralServer, agent: Post) -> None:
    pothole = Followed.captured_by(agent)
    with writing(any_central.engine) as connection:
        identity.revoke(connection, agent.enrolled.tenant, agent.enrolled.code)
    elsewhere = Post.enrol(any_central.url, AGENT)
    assert _send(elsewhere, undo(elsewhere, pothole.captured)) == ["applied"]
