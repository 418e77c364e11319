"""*À transmettre* for what was done with known requests: said in words, and acted on by keys alone, around the real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from guichet_desktop.desk import capture, follow_up, lookup, outbox, shift, undoing
from guichet_desktop.desk.desk import Desk
from guichet_desktop.models.outbox import rows_of
from guichet_desktop.models.outbox_facts import facts_of
from guichet_desktop.tour import until
from guichet_sync.domain.category import Answer
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Proposal, Request, Requester, RequestStatus, SyncState
from guichet_sync.domain.words import Language
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.store import outbox as store_outbox
from guichet_sync.store.projection import RequestFilter
from guichet_sync.wording import Words
from tests.helpers.central import SECOND_AGENT, CentralServer, copied_city
from tests.helpers.desk_world import DeskWorld
from tests.helpers.desks import SyncedPost, clock, desk, filled, profile, synced_post
from tests.helpers.faults import Faults
from tests.helpers.outboxes import Outbox, outbox_of
from tests.helpers.stages import Setting, problems_of, problems_of_focus

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")
FRENCH = Setting(Language.FR, 100, (1280, 720))
WAITING, REFUSED, RECEIVED = "En attente d’envoi", "Refusée par le serveur", "Reçue par le serveur"
POTHOLE: dict[str, Answer] = {"dim": "moyen"}


@contextmanager
def _two_posts(synced_post: SyncedPost, tmp_path: Path) -> Iterator[tuple[DeskWorld, DeskWorld]]:
    """An agent's post that mirrors the city, a colleague's, and their server."""
    faults, data = Faults(), tmp_path / "central"
    server = CentralServer(copied_city(synced_post.central, data), data, faults.wrap)
    with (
        server.running(),
        DeskWorld.of(synced_post.copied(tmp_path / "post"), server, faults) as agent,
        DeskWorld.enrolled(tmp_path / "other", server, faults, SECOND_AGENT) as colleague,
    ):
        colleague.exchange()
        yield agent, colleague


@pytest.fixture
def posts(synced_post: SyncedPost, tmp_path: Path) -> Iterator[tuple[DeskWorld, DeskWorld]]:
    """The two posts."""
    with _two_posts(synced_post, tmp_path) as both:
        yield both


@pytest.fixture
def known(desk: Desk) -> Request:
    """An open request of the roads service that the mirror has."""
    return _known(desk)


def _known(desk: Desk) -> Request:
    listed = lookup.requests(desk, RequestFilter(service="TP", open_only=True, limit=50)).requests
    found = (lookup.request(desk, each.id).request for each in listed)
    return next(each for each in found if each.category == "NDP" and each.status is RequestStatus.TRANSMITTED)


def _refuse(desk: Desk, intent_id: str, code: str, **values: Any) -> None:
    store_outbox.seal(desk.store, [intent_id])
    store_outbox.record(desk.store, [IntentReceipt(intent_id, IntentOutcome.CONFLICT, code=code, values=values)])


def _facts(there: Outbox) -> str:
    return there.page.detail.facts.toPlainText()


def test_a_status_that_met_another_is_told_with_both_and_done_again_on_top(posts: tuple[DeskWorld, DeskWorld]) -> None:
    agent, colleague = posts
    seen = _known(agent.desk)
    follow_up.change_status(colleague.desk, seen, RequestStatus.IN_PROGRESS)
    colleague.exchange()
    follow_up.change_status(agent.desk, seen, RequestStatus.DONE, "réparé")
    assert agent.exchange().refused == 1
    with outbox_of(agent.desk, FRENCH) as there:
        there.sees(REFUSED)
        assert there.rows[0].what == "Changement de statut"
        for words in (
            "Vous aviez sous les yeux",
            "Transmise pour traitement",
            "Le serveur a trouvé",
            "Prise en charge",
            "réparé",
        ):
            assert words in _facts(there)
        there.hands.press("Return")
        there.hears("Refait sur la requête telle qu’elle est maintenant.")
        there.sees(WAITING)
        assert there.woken == ["woken"]
    assert agent.exchange().refused == 0
    colleague.exchange()
    for each in posts:
        assert lookup.request(each.desk, seen.id).request.status is RequestStatus.DONE


def test_two_edits_that_crossed_are_decided_and_seen_by_both_authors(posts: tuple[DeskWorld, DeskWorld]) -> None:
    agent, colleague = posts
    seen = _known(agent.desk)
    follow_up.edit(colleague.desk, seen, {"description": "Deux trous.", "urgent": True})
    colleague.exchange()
    follow_up.edit(agent.desk, seen, {"description": "Trois trous."})
    result = agent.exchange()
    assert (result.refused, outbox.lines(agent.desk)) == (0, ())
    colleague.exchange()
    now = lookup.request(agent.desk, seen.id).request
    (proposal,) = now.proposals
    assert isinstance(proposal, Proposal)
    assert (now.description, now.urgent, proposal.found, proposal.proposed) == (
        "Deux trous.",
        True,
        "Deux trous.",
        "Trois trous.",
    )
    assert lookup.request(colleague.desk, seen.id).request == now
    follow_up.decide_proposal(colleague.desk, now, proposal.id, accept=True)
    colleague.exchange()
    follow_up.decide_proposal(agent.desk, now, proposal.id, accept=False)
    assert agent.exchange().refused == 1
    for each in posts:
        decided = lookup.request(each.desk, seen.id).request
        assert (decided.description, decided.proposals) == ("Trois trous.", ())
    with outbox_of(agent.desk, FRENCH) as there:
        there.sees(REFUSED)
        assert "Quelqu’un a déjà décidé de cette proposition." in there.rows[0].reason
        there.hands.press("Delete")
        there.hears("Supprimé.")
        there.sees()


def test_what_left_is_undone_from_its_line_and_by_everybody_seen_to_be(posts: tuple[DeskWorld, DeskWorld]) -> None:
    agent, colleague = posts
    seen = _known(agent.desk)
    agent.faults.lose_next_reply("/v1/intents")
    follow_up.transfer(agent.desk, seen, "ENV")
    agent.exchange()
    with outbox_of(agent.desk, FRENCH) as there:
        there.sees(WAITING)
        there.hands.press("Alt+A")
        there.hears("L’annulation partira au prochain échange.")
        there.sees(WAITING, WAITING)
        assert [(row.what, row.detail) for row in there.rows][1] == ("Annulation", "Transfert")
        assert lookup.request(agent.desk, seen.id).request.service == "TP"
    for each in (agent, colleague):
        each.exchange()
    for each in posts:
        after = lookup.request(each.desk, seen.id).request
        assert (after.service, [entry.code for entry in after.timeline][-2:]) == ("TP", ["transferred", "undone"])
    assert outbox.lines(agent.desk) == ()


def test_what_waits_is_taken_out_by_its_main_key_and_put_back_by_undoing(desk: Desk, known: Request) -> None:
    follow_up.note(desk, known, "Vu ce matin.")
    with outbox_of(desk, FRENCH) as there:
        there.sees(WAITING)
        assert (there.rows[0].number, there.rows[0].what, there.rows[0].detail) == (known.number, "Note", "Vu ce matin.")
        there.hands.press("Return")
        there.hears("Retiré : rien n’en est parti.")
        there.sees()
        there.undoes()
        there.sees(WAITING)
    assert [item.number for item in shift.outbox_items(desk)] == [known.number]


def test_the_text_of_a_refused_note_is_copied_by_a_key_then_let_go_of_and_back(desk: Desk, known: Request) -> None:
    done = follow_up.note(desk, known, "Deux lignes\nà reprendre.")
    _refuse(desk, done.intent_id, "request_full")
    with outbox_of(desk, FRENCH) as there:
        there.sees(REFUSED)
        there.hands.press("Ctrl+Shift+X")
        there.hears("Le texte est copié.")
        assert QGuiApplication.clipboard().text() == "Deux lignes\nà reprendre."
        there.hands.press("Delete")
        there.sees()
        there.undoes()
        there.sees(REFUSED)


def test_what_is_so_already_is_said_and_stays(desk: Desk, known: Request) -> None:
    done = follow_up.transfer(desk, known, "ENV")
    _refuse(desk, done.intent_id, "request_closed")
    gone = follow_up.note(desk, replace(known, id="gone"), "Perdue?")
    _refuse(desk, gone.intent_id, "request_not_found")
    with outbox_of(desk, FRENCH) as there:
        there.sees(REFUSED, REFUSED)
        there.hands.press("Down")
        there.hands.press("Alt+F")
        there.hears("Ce poste ne connaît aucune requête de ce numéro.")
        there.sees(REFUSED, REFUSED)


def test_what_was_undone_meanwhile_is_said_to_have_changed(desk: Desk, known: Request) -> None:
    done = follow_up.note(desk, known, "Oups.")
    with outbox_of(desk, FRENCH) as there:
        there.sees(WAITING)
        undoing.undo(desk, done.intent_id)
        there.hands.press("Return")
        there.hears("Son état a changé entre-temps")
        there.sees()


def _each_kind(desk: Desk, known: Request) -> None:
    follow_up.join(desk, known, Channel.PHONE, requester=Requester("Luce Roy", "450 555-0123"), description="Elle aussi.")
    follow_up.note(desk, known, "Pour vous.", public=True)
    place = Whereabouts.of(lookup.location(desk, "A00100"))
    follow_up.edit(desk, known, {"description": "Profond.", "urgent": True, "where": place, "answers/dim": "gros"})
    follow_up.transfer(desk, known, "ENV", reason="Un arbre.")
    follow_up.change_status(desk, known, RequestStatus.IN_PROGRESS)
    seen = replace(known, proposals=(Proposal("p", "description", "a", "b", "c"),))
    follow_up.decide_proposal(desk, seen, "p", accept=False)
    saved = capture.submit(desk, filled(desk, "NDP", POTHOLE, at="A00831"))
    store_outbox.seal(desk.store, [saved.intent_id])
    undoing.undo(desk, saved.intent_id)


@pytest.mark.parametrize("language", Language)
def test_every_kind_has_its_words_in_both_languages(desk: Desk, known: Request, language: Language) -> None:
    _each_kind(desk, known)
    words, lines = Words(language), outbox.lines(desk)
    rows = {str(row.line.item.kind): row for row in rows_of(lines, words, desk) if row.line.item}
    kinds = (
        "request.join",
        "request.note",
        "request.edit",
        "request.transfer",
        "request.status",
        "request.proposal",
        "intent.undo",
    )
    told = [(rows[kind].what, rows[kind].detail) for kind in kinds]
    facts = [[(fact.name, fact.value) for fact in facts_of(rows[kind].line, words, desk)] for kind in kinds]
    if language is Language.FR:
        assert told == [
            ("Autre demandeur", "Elle aussi."),
            ("Note", "Pour vous."),
            ("Modification", "Dimension, Description, Urgence, Lieu"),
            ("Transfert", "Travaux publics → Environnement et écocitoyenneté"),
            ("Changement de statut", "Transmise pour traitement → Prise en charge"),
            ("Décision sur une proposition", "Garder ce qui est là"),
            ("Annulation", "Requête"),
        ]
    else:
        assert told[0][0] == "One more requester"
        assert told[4] == ("Change of status", "Sent for processing → In progress")
    assert [dict(each)[words.text("Requête")] for each in facts[:-1]] == [known.number] * 6
    assert ("Luce Roy" in dict(facts[0]).values(), "450 555-0123" in dict(facts[0]).values()) == (True, True)
    assert words.text("La Ville et la personne") in dict(facts[1]).values()
    assert "Un arbre." in dict(facts[3]).values()


def test_a_line_that_the_server_has_offers_its_undo(desk: Desk, known: Request) -> None:
    done = follow_up.note(desk, known, "Reçue.")
    store_outbox.seal(desk.store, [done.intent_id])
    receipt = IntentReceipt(done.intent_id, IntentOutcome.APPLIED, effect={"requests/TP": 10**9})
    store_outbox.record(desk.store, [receipt])
    with outbox_of(desk, FRENCH) as there:
        there.sees(RECEIVED)
        there.hands.press("Return")  # what takes something away is asked for by its own key
        there.hands.press("Alt+A")
        there.hears("L’annulation partira au prochain échange.")
        until(lambda: len(there.rows) == 2, "the undo")
        assert len(there.said) == 1
    assert [item.state for item in shift.outbox_items(desk)] == [SyncState.ACCEPTED, SyncState.WAITING]


SETTINGS = [
    Setting(Language.FR, 100, (1440, 900)),
    Setting(Language.EN, 200, (1280, 720), "dark"),
    Setting(Language.FR, 200, (1280, 720), "contrast"),
]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_nothing_keeps_anybody_out_of_the_lines(desk: Desk, known: Request, setting: Setting) -> None:
    _each_kind(desk, known)
    done = follow_up.transfer(desk, known, "URB", reason="Non.")
    _refuse(desk, done.intent_id, "not_as_expected", expected="TP", found="ENV")
    with outbox_of(desk, setting) as there:
        until(lambda: len(there.rows) == 9, "all lines")
        with suppress(TimeoutError):  # what is shown anew is laid out a moment later; what stays wrong is told below
            until(lambda: not problems_of(there.window, setting), "everything laid out")
        assert [*problems_of(there.window, setting), *problems_of_focus(there.window)] == []
