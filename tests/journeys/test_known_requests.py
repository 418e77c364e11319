"""What was done with a request that is known, by keyboard alone in the whole window: undone after it left, tried again, met by
somebody else's work and decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from guichet_desktop.desk import follow_up, lookup
from guichet_desktop.desk.desk import Desk
from guichet_desktop.screens.outbox_page import OutboxPage
from guichet_desktop.screens.requests_page import RequestsPage
from guichet_desktop.tour import until
from guichet_sync.client.lock import exchange_lock
from guichet_sync.domain.request import Request, RequestStatus
from guichet_sync.store.projection import RequestFilter
from tests.helpers.central import AGENT, SECOND_AGENT, CentralServer, copied_city
from tests.helpers.desk_world import DeskWorld
from tests.helpers.faults import Faults
from tests.helpers.shells import basket, by_rail, page_of, types_a_pothole
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")
Result = TypeVar("Result")
HOLE = "Trou profond devant la porte."


@contextmanager
def _at_the_desk(city: Path, tmp_path: Path, post: Path) -> Iterator[tuple[Sitting, DeskWorld]]:
    """An agent before the window, and a colleague at another post of the same city."""
    faults, data = Faults(), tmp_path / "central"
    server = CentralServer(copied_city(city, data), data, faults.wrap)
    with server.running(), DeskWorld.enrolled(tmp_path / "other", server, faults, SECOND_AGENT) as colleague:
        colleague.exchange()
        with sitting(post, server.url) as agent:
            agent.enrols(AGENT)
            yield agent, colleague


@pytest.fixture
def at_the_desk(city: Path, tmp_path: Path, post: Path) -> Iterator[tuple[Sitting, DeskWorld]]:
    """The two of them."""
    with _at_the_desk(city, tmp_path, post) as both:
        yield both


def _does(agent: Sitting, act: Callable[[Desk], Result]) -> Result:
    """What the agent does with a request, on the window's own desk thread."""
    done: list[Result] = []
    agent.main.asking.ask(lambda: act(agent.main.context.desk), done.append)
    until(lambda: done, "it is on disk")
    return done[0]


def _known(desk: Desk) -> Request:
    """An open request of the roads service."""
    listed = lookup.requests(desk, RequestFilter(service="TP", open_only=True, limit=50)).requests
    found = (lookup.request(desk, each.id).request for each in listed)
    return next(each for each in found if each.category == "NDP" and each.status is RequestStatus.TRANSMITTED)


def _seen_by(colleague: DeskWorld, request_id: str) -> Request:
    colleague.exchange()
    return lookup.request(colleague.desk, request_id).request


def _opens(agent: Sitting, number: str) -> RequestsPage:
    by_rail(agent, "requests")
    page = page_of(agent, RequestsPage)
    agent.hands.press("Ctrl+F", "Ctrl+A")
    agent.hands.type(number)
    agent.hands.press("Return")
    until(lambda: page.view.sheet is not None and page.view.sheet.number == number, "the request")
    return page


def test_a_saved_request_is_undone_after_it_left(at_the_desk: tuple[Sitting, DeskWorld]) -> None:
    agent, colleague = at_the_desk
    types_a_pothole(agent, HOLE)
    number = agent.saves()
    until(lambda: f"{number} est maintenant la requête 26-" in agent.main.toast.message(), "the official number")
    official = agent.main.toast.message().rstrip(".").split()[-1]
    agent.hands.press("F8")
    until(lambda: "L’annulation partira" in agent.main.toast.message(), "the undo")
    assert basket(agent) == ()
    captured = _does(agent, lambda desk: lookup.request(desk, official).request)
    until(lambda: _seen_by(colleague, captured.id).status is RequestStatus.CANCELLED, "cancelled for everybody")
    assert _seen_by(colleague, captured.id).description == HOLE
    page = _opens(agent, official)
    assert page.view.sheet is not None
    assert page.view.sheet.moments[-1].title == "Annulée"
    assert "Saisie annulée par son auteur" in page.view.sheet.moments[-1].detail


def test_a_saved_request_is_undone_before_it_left_and_stands_in_its_form_again(at_the_desk: tuple[Sitting, DeskWorld]) -> None:
    agent, _colleague = at_the_desk
    types_a_pothole(agent, HOLE)
    with exchange_lock(agent.main.context.desk.store.folder, wait_s=30):  # no exchange begins: no byte of it leaves
        number = agent.saves()
        agent.hands.press("F8")
        form = agent.main.home.form
        until(lambda: f"{number} est de nouveau un brouillon" in agent.main.toast.message(), "the draft")
    until(lambda: form.fields.description.toPlainText() == HOLE, "the form as it was")
    assert form.draft().number == number
    assert basket(agent) == ()


def test_what_was_set_aside_is_tried_again(at_the_desk: tuple[Sitting, DeskWorld]) -> None:
    agent, colleague = at_the_desk
    known = _does(agent, _known)
    colleague.faults.refuse_whatever_holds("illisible", 422, code="request_shape")
    _does(agent, lambda desk: follow_up.note(desk, known, "illisible"))
    agent.hands.press("F5")
    until(lambda: any("Mise de côté" in row for row in agent.waits()), "the note set aside")
    assert any(row.startswith(f"{known.number}  ·  Note") for row in agent.waits())
    colleague.faults.heal()
    by_rail(agent, "outbox")
    page = page_of(agent, OutboxPage)
    until(lambda: page.table.row() is not None, "the line")
    page.table.setFocus()
    agent.hands.press("Return")
    until(lambda: _seen_by(colleague, known.id).timeline, "the note is at the server")
    assert _seen_by(colleague, known.id).timeline[-1].note == "illisible"


def test_crossed_edits_are_decided_by_a_key_and_everybody_sees_it(at_the_desk: tuple[Sitting, DeskWorld]) -> None:
    agent, colleague = at_the_desk
    known = _does(agent, _known)
    follow_up.edit(colleague.desk, known, {"description": "Deux trous."})
    colleague.exchange()
    _does(agent, lambda desk: follow_up.edit(desk, known, {"description": "Trois trous."}))
    agent.hands.press("F5")
    until(lambda: not agent.waits(), "the edit is at the server")
    page = _opens(agent, known.number)
    until(page.view.proposals.isVisible, "what crossed")
    told = page.view.proposals.facts.toPlainText()
    assert "Deux trous." in told
    assert "Trois trous." in told
    agent.hands.press("Alt+P")
    until(lambda: "Proposition retenue." in agent.main.toast.message(), "decided")
    until(lambda: not page.view.proposals.isVisible(), "nothing proposed")
    until(lambda: not _seen_by(colleague, known.id).proposals, "the decision, seen by both")
    assert _seen_by(colleague, known.id).description == "Trois trous."


def test_a_conflict_is_shown_with_both_sides_and_done_again_on_top(at_the_desk: tuple[Sitting, DeskWorld]) -> None:
    agent, colleague = at_the_desk
    known = _does(agent, _known)
    follow_up.change_status(colleague.desk, known, RequestStatus.IN_PROGRESS)
    colleague.exchange()
    _does(agent, lambda desk: follow_up.change_status(desk, known, RequestStatus.DONE, "Réparé hier"))
    agent.hands.press("F5")
    until(lambda: any("Refusée" in row for row in agent.waits()), "the conflict")
    by_rail(agent, "outbox")
    page = page_of(agent, OutboxPage)
    until(lambda: page.table.row() is not None, "the line")
    for words in ("Transmise pour traitement", "Prise en charge", "Réparé hier"):
        assert words in page.detail.facts.toPlainText()
    page.table.setFocus()
    agent.hands.press("Return")
    until(lambda: _seen_by(colleague, known.id).status is RequestStatus.DONE, "it is done, and seen by both")
    assert _seen_by(colleague, known.id).timeline[-1].note == "Réparé hier"
