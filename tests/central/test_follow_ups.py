"""What is done with a request that is known: each verb, on both engines."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from guichet_sync.central import instance, schema
from guichet_sync.central.database import reading, writing
from guichet_sync.central.publish import Change, Publication
from guichet_sync.central.records import one
from guichet_sync.central.verify import verify
from guichet_sync.domain.category import Category
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import RequestStatus
from guichet_sync.domain.spaces import TAXONOMY
from guichet_sync.protocol.messages import IntentOutcome, Operation
from tests.helpers.central import EMPLOYEE, SECOND_AGENT, SUPERVISOR, TENANT, CentralServer
from tests.helpers.follow_ups import Followed, codes, said
from tests.helpers.wire import SOMEBODY, Post

TRANSMITTED, ACCEPTED, DONE = RequestStatus.TRANSMITTED, RequestStatus.ACCEPTED, RequestStatus.DONE
ANOTHER = replace(SOMEBODY, name="Paul Pinson")
HERE = "TP/TP-VOIRIE"
"""Where potholes go."""


def test_one_more_person_joins_a_request(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent, requester=SOMEBODY)
    joined = pothole.join(clerk, ANOTHER, "Aussi devant le 12")
    (receipt,) = clerk.send(joined)
    assert said(receipt) == "applied"
    request = pothole.seen_by(agent)
    assert (request.requester_count, codes(request)[-1], request.timeline[-1].note) == (2, "joined", "Aussi devant le 12")
    assert pothole.people(agent, "people/TP") == {"1": SOMEBODY.name, "2": "Paul Pinson"}
    assert receipt.effect == {"requests/TP": pothole.entries(agent, "requests/TP")[-1].seq}
    assert said(clerk.send(joined)[0]) == "duplicate"
    assert pothole.seen_by(agent).requester_count == 2


def test_somebody_without_a_name_joins_too(agent: Post) -> None:
    pothole = Followed.captured_by(agent)
    agent.send(pothole.join(agent), pothole.join(agent, SOMEBODY))
    assert pothole.seen_by(agent).requester_count == 2
    assert pothole.people(agent, "people/TP") == {"3": SOMEBODY.name}


def test_nobody_joins_what_is_closed(agent: Post) -> None:
    pothole = Followed.captured_by(agent)
    closed, joined = agent.send(pothole.status(agent, TRANSMITTED, DONE), pothole.join(agent, SOMEBODY))
    assert (said(closed), said(joined)) == ("applied", "conflict: request_closed")
    assert pothole.people(agent, "people/TP") == {}


def test_who_asks_under_a_confidential_category_is_kept_from_the_service(any_central: CentralServer, agent: Post) -> None:
    with writing(any_central.engine) as connection:
        category = one(connection, TENANT, (TAXONOMY, "category"), "NDP", Category)
        assert category is not None
        publication = Publication(connection, TENANT)
        publication.put([Change(TAXONOMY, "category", "NDP", replace(category, confidential=True))])
        publication.commit_order()
    pothole = Followed.captured_by(agent, requester=SOMEBODY)
    agent.send(pothole.join(agent, ANOTHER))
    assert pothole.people(agent, "confidential/TP") == {"1": SOMEBODY.name, "2": "Paul Pinson"}
    assert pothole.entries(agent, "people/TP") == []
    agent.send(pothole.transfer(agent, HERE, "ENV"))
    assert pothole.people(agent, "confidential/ENV") == {"1": SOMEBODY.name, "2": "Paul Pinson"}
    assert pothole.people(agent, "confidential/TP") == pothole.people(agent, "people/ENV") == {}


def test_notes_follow_each_other(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    agent.send(pothole.note(agent, "Cône posé.\nÀ revoir"))
    clerk.send(pothole.note(clerk, "Nous passerons lundi", public=True))
    told = [(entry.code, entry.note) for entry in pothole.seen_by(agent).timeline[2:]]
    assert told == [("note", "Cône posé.\nÀ revoir"), ("public_note", "Nous passerons lundi")]
    assert pothole.seen_by(agent).timeline[-1].by == clerk.enrolled.person.display


def test_edits_of_two_fields_merge_and_of_one_field_become_a_proposal(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    first, second = "Trou dans la voie de droite", "Trou profond"
    corner = {"id": "", "label": "Angle du Moulin", "lat": 45.51, "lon": -73.62, "sector": "", "district": ""}
    (moved,) = agent.send(pothole.edit(agent, description=(first, second), dim=("moyen", "gros")))
    late = pothole.edit(
        clerk, description=(first, "Trou bouché"), urgent=(False, True), dim=("moyen", "gros"), where=(Whereabouts(), corner)
    )
    (merged,) = clerk.send(late)
    assert said(moved) == "applied"
    assert (merged.outcome, merged.values) == (IntentOutcome.MERGED, {"proposals": 1})
    assert clerk.send(late) == (merged,)
    for reader in (agent, clerk):
        request = pothole.seen_by(reader)
        assert (request.description, request.urgent, request.where.label) == (second, True, "Angle du Moulin")
        assert request.answers == {"dim": "gros"}
        (proposal,) = request.proposals
        assert (proposal.field, proposal.base, proposal.found, proposal.proposed) == ("description", first, second, "Trou bouché")
        assert (proposal.id, proposal.by) == (f"{late.intent_id}/description", clerk.enrolled.person.display)
        assert [(each.code, each.note) for each in request.timeline[2:]] == [
            ("edited", "answers/dim, description"),
            ("edited", "urgent, where"),
            ("proposed", "description"),
        ]


def test_an_edit_that_asks_for_what_is_there_says_nothing(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    agent.send(pothole.edit(agent, dim=("moyen", None)))
    before = pothole.entries(agent, "requests/TP")
    (same, idle) = clerk.send(pothole.edit(clerk, dim=("moyen", None)), pothole.edit(clerk, urgent=(True, True)))
    assert (said(same), said(idle), same.effect) == ("applied", "applied", {})
    assert pothole.entries(agent, "requests/TP") == before
    assert pothole.seen_by(agent).answers is None


def test_a_proposal_is_decided_once(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    agent.send(pothole.edit(agent, urgent=(False, True), dim=("moyen", "gros")))
    late = pothole.edit(clerk, dim=("moyen", "petit"), urgent=(False, True))
    clerk.send(late, pothole.edit(clerk, dim=("moyen", ["petit", "gros"])))
    taken, dropped = pothole.seen_by(agent).proposals
    receipts = agent.send(
        pothole.decide(agent, taken.id, accept=True),
        pothole.decide(agent, taken.id, accept=False),
        pothole.decide(agent, dropped.id, accept=False),
    )
    assert [said(each) for each in receipts] == ["applied", "conflict: already_decided", "applied"]
    request = pothole.seen_by(agent)
    assert (request.answers, request.proposals) == ({"dim": "petit"}, ())
    assert codes(request)[-2:] == ["proposal_accepted", "proposal_dropped"]


def test_a_transfer_takes_the_request_its_people_and_its_numbers_along(any_central: CentralServer, agent: Post) -> None:
    pothole = Followed.captured_by(agent, requester=SOMEBODY)
    agent.send(pothole.join(agent, ANOTHER))
    before = pothole.seen_by(agent)
    (receipt,) = agent.send(pothole.transfer(agent, HERE, "ENV/ENV-EAU", "Égout, non chaussée"))
    request = pothole.seen_by(agent, "ENV")
    assert (request.service, request.unit, request.number) == ("ENV", "ENV-EAU", pothole.receipt.number)
    assert (request.timeline[-1].code, request.timeline[-1].note) == ("transferred", "Égout, non chaussée")
    assert request.sent_at is not None
    assert before.sent_at is not None
    assert request.sent_at > before.sent_at
    assert pothole.people(agent, "people/ENV") == {"1": SOMEBODY.name, "2": "Paul Pinson"}
    assert pothole.people(agent, "people/TP") == {}
    gone = [pothole.entries(agent, space)[-1] for space in ("requests/TP", "people/TP")]
    assert [each.operation for each in gone] == [Operation.EVICT] * 2
    assert receipt.effect == {space: pothole.entries(agent, space)[-1].seq for space in ("requests/ENV", "requests/TP")}
    with reading(any_central.engine) as connection:
        here = select(schema.number.c.request_space).where(schema.number.c.request_id == pothole.id)
        assert connection.execute(here).scalars().all() == ["requests/ENV"] * 2
        reasons = select(schema.feed.c.reason, schema.feed.c.operation).where(schema.feed.c.reason != "")
        assert set(connection.execute(reasons).all()) == {("transfer", "evict")}
        assert verify(connection, instance.read(connection)).findings == ()


def test_a_request_that_comes_back_goes_on_with_its_revisions(any_central: CentralServer, agent: Post) -> None:
    pothole = Followed.captured_by(agent, requester=SOMEBODY)
    there, back = agent.send(pothole.transfer(agent, HERE, "ENV"), pothole.transfer(agent, "ENV", "TP"))
    assert (said(there), said(back)) == ("applied", "applied")
    assert [(each.revision, each.operation) for each in pothole.entries(agent, "requests/TP")] == [
        (1, Operation.PUT),
        (2, Operation.EVICT),
        (3, Operation.PUT),
    ]
    assert pothole.people(agent, "people/TP") == {"1": SOMEBODY.name}
    with reading(any_central.engine) as connection:
        assert verify(connection, instance.read(connection)).findings == ()


def test_a_transfer_from_elsewhere_than_seen_conflicts(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    receipts = agent.send(
        pothole.transfer(agent, HERE, "ENV"),
        pothole.transfer(agent, HERE, "CLS"),
        pothole.transfer(agent, "ENV/ENV-EAU", "CLS"),
        pothole.transfer(agent, "ENV", "NULLE-PART"),
        pothole.transfer(agent, "ENV", "ENV"),
        pothole.transfer(agent, "ENV", "ENV/ENV-EAU"),
        pothole.status(agent, TRANSMITTED, DONE),
        pothole.transfer(agent, "ENV/ENV-EAU", "TP"),
    )
    assert [said(each) for each in receipts] == [
        "applied",
        "conflict: not_as_expected",
        "conflict: not_as_expected",
        "refused: unknown_service",
        "refused: already_there",
        "applied",
        "applied",
        "conflict: request_closed",
    ]
    assert [each.values for each in receipts[1:3]] == [{"expected": "TP", "found": "ENV"}, {"expected": "ENV-EAU", "found": ""}]
    assert pothole.seen_by(clerk, "ENV").unit == "ENV-EAU"


def test_a_status_changes_from_the_one_that_was_seen(agent: Post, clerk: Post) -> None:
    pothole = Followed.captured_by(agent)
    receipts = agent.send(
        pothole.status(agent, TRANSMITTED, ACCEPTED),
        pothole.status(agent, TRANSMITTED, RequestStatus.IN_PROGRESS),
        pothole.status(agent, ACCEPTED, RequestStatus.REOPENED),
        pothole.status(agent, ACCEPTED, DONE, "repaired"),
    )
    assert [said(each) for each in receipts] == [
        "applied",
        "conflict: not_as_expected",
        "refused: status_not_next",
        "applied",
    ]
    assert receipts[1].values == {"expected": "transmitted", "found": "accepted"}
    request = pothole.seen_by(clerk)
    assert (request.status, request.timeline[-1].code, request.timeline[-1].note) == (DONE, "done", "repaired")
    assert request.closed_at == request.sent_at or request.closed_at == request.timeline[-1].at
    clerk.send(pothole.status(clerk, DONE, RequestStatus.REOPENED))
    reopened = pothole.seen_by(clerk)
    assert (reopened.status, reopened.closed_at) == (RequestStatus.REOPENED, None)


def test_what_does_not_exist_and_what_is_not_ours_get_the_same_answer(any_central: CentralServer, agent: Post) -> None:
    employee = Post.enrol(any_central.url, EMPLOYEE)  # of the environment; a pothole is for public works
    pothole = Followed.captured_by(agent)
    nowhere = replace(pothole, id="01a20ec2-1a77-7749-ab5e-a80346e53dff")
    for known in (pothole, nowhere, replace(pothole, id="'\x00")):
        receipts = employee.send(
            known.join(employee, SOMEBODY),
            known.note(employee, "Ouvert?"),
            known.edit(employee, urgent=(False, True)),
            known.transfer(employee, "TP", "ENV"),
            known.status(employee, TRANSMITTED, DONE),
            known.decide(employee, "x", accept=True),
        )
        assert {(said(each), str(each.values)) for each in receipts} == {("refused: request_not_found", "{}")}
    assert codes(pothole.seen_by(agent)) == ["captured", "transmitted"]


def test_a_service_gives_a_request_away_and_is_told_of_its_own_space_alone(any_central: CentralServer, agent: Post) -> None:
    employee = Post.enrol(any_central.url, EMPLOYEE)
    pothole = Followed.captured_by(agent, requester=SOMEBODY)
    agent.send(pothole.transfer(agent, HERE, "ENV"))
    (receipt,) = employee.send(pothole.transfer(employee, "ENV", "TP"))
    assert said(receipt) == "applied"
    assert receipt.effect == {"requests/ENV": pothole.entries(employee, "requests/ENV")[-1].seq}
    assert said(employee.send(pothole.note(employee, "Encore?"))[0]) == "refused: request_not_found"


def test_a_supervisor_follows_up_without_names(any_central: CentralServer, agent: Post) -> None:
    supervisor = Post.enrol(any_central.url, SUPERVISOR)
    pothole = Followed.captured_by(agent, requester=SOMEBODY)
    receipts = supervisor.send(pothole.transfer(supervisor, HERE, "ENV"), pothole.join(supervisor, ANOTHER))
    assert [said(each) for each in receipts] == ["applied"] * 2
    assert set(receipts[0].effect) == {"requests/TP", "requests/ENV"}
    assert pothole.people(Post.enrol(any_central.url, SECOND_AGENT), "people/ENV") == {"1": SOMEBODY.name, "2": "Paul Pinson"}
