"""Two edits that crossed each other, on the request's page: read and decided by keys alone, by either author."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guichet_desktop.desk import lookup, shift
from guichet_desktop.desk.desk import Desk
from guichet_desktop.tour import until
from guichet_sync.domain.intents import DecideProposal
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Proposal, Request, RequestStatus, TimelineEntry
from guichet_sync.domain.words import Language
from guichet_sync.protocol import codec
from guichet_sync.store import mirror
from guichet_sync.store import outbox as store_outbox
from guichet_sync.store.projection import RequestFilter
from tests.helpers.desks import Clock, clock, desk, profile, synced_post
from tests.helpers.request_desks import RequestDesk, request_desk
from tests.helpers.stages import Setting, problems_of, problems_of_focus
from tests.helpers.stores import page, put

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")


def _becomes(desk: Desk, request: Request, **facts: Any) -> None:
    """What came down meanwhile."""
    at = next(each for each in mirror.cursors(desk.store) if each.space == f"requests/{request.service}")
    came = page(at.space, [put("request", request.id, replace(request, **facts))], at.seq)
    mirror.apply(desk.store, replace(came, epoch=at.epoch))


@pytest.fixture
def crossed(desk: Desk, clock: Clock) -> Request:
    """A request on which two proposals stand."""
    listed = lookup.requests(desk, RequestFilter(service="TP", open_only=True, limit=50)).requests
    known = lookup.request(desk, next(each.id for each in listed if each.category == "NDP")).request
    proposals = (
        Proposal("p1/description", "description", "Deux trous.", known.description, "Trois trous.", "L. Roy", clock.at),
        Proposal("p2/answers/dim", "answers/dim", "gros", "petit", "moyen", "L. Roy", clock.at - timedelta(hours=1)),
    )
    _becomes(desk, known, description="Trois trous.", answers={"dim": "moyen"}, proposals=proposals)
    return lookup.request(desk, known.id).request


@pytest.fixture
def seated(desk: Desk, crossed: Request) -> Iterator[RequestDesk]:
    """An agent who reads that request."""
    with request_desk(desk) as there:
        _opens(there, crossed)
        yield there


def _opens(there: RequestDesk, request: Request) -> None:
    there.finds(request.number)
    there.hands.press("Return")
    there.reads(request.number)


def _said(there: RequestDesk) -> str:
    return there.page.view.proposals.facts.toPlainText()


def test_what_stands_and_what_is_proposed_are_told_calmly_by_whom_and_when(seated: RequestDesk) -> None:
    block = seated.page.view.proposals
    assert block.isVisible()
    for words in ("Description", "Trois trous.", "Deux trous.", "L. Roy, 24 nov. 2026, 10 h 00"):
        assert words in _said(seated)
    assert block.facts.accessibleName() == "Proposition : Description"
    assert "Proposition 1 de 2." in block._said.text()
    seated.hands.press("Alt+J")
    assert block.facts.hasFocus()
    assert "Moyen" in _said(seated)
    assert "Gros" in _said(seated)
    seated.hands.press("Alt+J")
    assert "Deux trous." in _said(seated)


def test_a_proposal_is_taken_over_by_a_key_and_the_next_one_stands_there(
    seated: RequestDesk, desk: Desk, crossed: Request
) -> None:
    seated.hands.press("Alt+P", "Alt+P")
    until(lambda: "Gros" in _said(seated), "the other proposal")
    assert seated.said == ["Proposition retenue."]
    now = lookup.request(desk, crossed.id).request
    assert (now.description, [each.id for each in now.proposals]) == ("Deux trous.", ["p2/answers/dim"])
    assert "Deux trous." in seated.page.view.facts.toPlainText()
    assert seated.page.view.sheet is not None
    assert "Proposition retenue" in [each.title for each in seated.page.view.sheet.moments]


def test_what_is_there_is_kept_and_the_hands_go_on_reading(seated: RequestDesk, desk: Desk, crossed: Request) -> None:
    block = seated.page.view.proposals
    seated.hands.press("Alt+J")
    seated.hands.press("Alt+G")
    until(lambda: "Deux trous." in _said(seated), "the first one")
    seated.hands.press("Alt+G")
    until(lambda: not block.isVisible(), "nothing proposed")
    assert seated.page.view.facts.hasFocus()
    now = lookup.request(desk, crossed.id).request
    assert (now.description, now.answers, now.proposals) == (crossed.description, crossed.answers, ())
    decided = [codec.decode(intent.body, DecideProposal) for intent, _ in store_outbox.unsettled(desk.store)]
    assert [(each.proposal, each.accept) for each in decided] == [("p2/answers/dim", False), ("p1/description", False)]
    assert not seated.context.commands.action("keep_proposal").isEnabled()


def test_what_somebody_decided_meanwhile_is_said_and_shown(seated: RequestDesk, desk: Desk, crossed: Request) -> None:
    _becomes(desk, crossed, proposals=())
    seated.hands.press("Alt+P")
    until(lambda: not seated.page.view.proposals.isVisible(), "nothing proposed")
    assert seated.said[0].startswith("Cette proposition n’est plus là : quelqu’un a déjà décidé.")
    assert shift.outbox_items(desk) == ()


def test_a_request_without_a_proposal_has_nothing_to_decide(desk: Desk) -> None:
    with request_desk(desk) as there:
        there.hands.press("Tab")
        there.page.list.table.choose(0)
        there.hands.press("Ctrl+O")
        until(lambda: there.page.view.sheet is not None, "a request")
        assert not there.page.view.proposals.isVisible()
        there.hands.press("Alt+P", "Alt+G", "Alt+J")
        assert there.said == []


EVENTS = {
    "joined": ("Autre demandeur", "Elle aussi."),
    "note": ("Note", "Vu ce matin."),
    "public_note": ("Note, aussi pour la personne", "Nous y serons jeudi."),
    "note_withdrawn": ("Note retirée", ""),
    "edited": ("Modifiée", "description, answers/dim"),
    "proposed": ("Modification gardée comme proposition", "where"),
    "transferred": ("Transférée", "Un arbre."),
    "in_progress": ("Prise en charge", "parce que"),
    "cancelled": ("Annulée", "undone"),
    "undone": ("Annulé", "transferred"),
}
DETAILS = {
    "edited": "Description, Dimension",
    "proposed": "Lieu",
    "cancelled": "Saisie annulée par son auteur",
    "undone": "Transférée",
}


def test_every_event_of_the_time_line_has_its_words(desk: Desk, crossed: Request, clock: Clock) -> None:
    told = tuple(TimelineEntry(clock.at, code, "L. Roy", note) for code, (_name, note) in EVENTS.items())
    _becomes(desk, crossed, timeline=told, status=RequestStatus.IN_PROGRESS, proposals=())
    with request_desk(desk) as there:
        _opens(there, crossed)
        assert there.page.view.sheet is not None
        moments = there.page.view.sheet.moments[1:]
        assert [each.title for each in moments] == [name for name, _note in EVENTS.values()]
        for moment, (code, (_name, note)) in zip(moments, EVENTS.items(), strict=True):
            detail = DETAILS.get(code, note)
            assert moment.detail == "  ·  ".join(filter(None, ("L. Roy", detail)))


SETTINGS = [
    Setting(Language.FR, 100, (1440, 900), theme="light"),
    Setting(Language.EN, 200, (1280, 720), theme="dark"),
    Setting(Language.FR, 200, (1280, 720), theme="contrast"),
]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_the_block_is_accessible_and_whole(desk: Desk, crossed: Request, setting: Setting) -> None:
    with request_desk(desk, setting) as there:
        _opens(there, crossed)
        there.settles()
        window = there.stage.window
        assert there.page.view.proposals.isVisible()
        assert [*problems_of(window, setting), *problems_of_focus(window)] == []


def test_a_place_and_a_point_are_told(desk: Desk, crossed: Request, clock: Clock) -> None:
    point = codec.to_body(Whereabouts(lat=46.0, lon=-73.0))
    place = codec.to_body(Whereabouts(label="Rue des Ormes"))
    urgent = Proposal("p4/urgent", "urgent", proposed=True, base=False, found=False, by="L. Roy", at=clock.at)
    _becomes(desk, crossed, proposals=(Proposal("p3/where", "where", place, {}, point, "L. Roy", clock.at), urgent))
    with request_desk(desk) as there:
        _opens(there, crossed)
        for words in ("Point sur la carte", "Rue des Ormes", "Aucun lieu"):
            assert words in _said(there)
        there.hands.press("Alt+J")
        assert "Non urgente" in _said(there)
