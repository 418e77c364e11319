"""The rows and the facts of *À transmettre*, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from guichet_desktop.desk import capture, drafts, outbox
from guichet_desktop.desk.desk import Desk
from guichet_desktop.models.outbox import OutboxModel, rows_of
from guichet_desktop.models.outbox_facts import facts_of
from guichet_sync.domain.category import Nature
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, SyncState
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.helpers.desks import Clock, clock, desk, filled, profile, synced_post
from tests.helpers.outboxes import PERSON, one_of_each

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")


def test_a_row_is_read_whole_and_left_in_peace_when_it_is_the_same(desk: Desk) -> None:
    one_of_each(desk)
    words, model, resets = Words(Language.FR), OutboxModel(Words(Language.FR)), list[int]()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.modelReset.connect(lambda: resets.append(1))
    rows = rows_of(outbox.lines(desk), words, desk)
    assert model.show(rows)
    assert not model.show(rows_of(outbox.lines(desk), words, desk))
    assert resets == [1]
    first = model.index(0, 0)
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == rows[0].sentence
    assert rows[0].sentence.startswith(f"{rows[0].number}. Nid-de-poule. ")
    assert "1 essai  ·  Cette catégorie n’est pas connue." in rows[0].sentence
    assert model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == f"Nid-de-poule. {rows[0].detail}"
    assert first.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.data(QModelIndex()) is None
    assert [row.number for row in rows][3] == "26-000123"
    assert model.place_of("rien") == -1


def test_facts_are_told_as_the_form_would_show_them(desk: Desk, clock: Clock) -> None:
    words = Words(Language.FR)
    typed = filled(desk, "VALVE", {"act": "ouvrir", "quand": "2026-11-25T08:00", "perdue": ("a", "b")}, requester=PERSON)
    drafts.save(desk, replace(typed, nature=Nature.COMPLAINT, urgent=True, where=Whereabouts(lat=46.0, lon=-73.0)))
    clock.at += timedelta(days=1)
    facts = {fact.name: fact.value for fact in facts_of(outbox.lines(desk)[0], words, desk)}
    assert (facts["Nature"], facts["Urgence"], facts["Lieu"]) == ("Plainte", "Dite urgente", "Point sur la carte")
    assert facts["perdue"] == "a, b"
    assert "25 nov. 2026, 08 h 00" in facts.values()
    assert facts["Brouillon gardé"] == "24 nov. 2026, 10 h 00"


@pytest.mark.parametrize(("typed", "told"), [("demain", "demain"), ("2026-11-25", "25 nov. 2026")])
def test_a_date_is_told_as_it_was_typed_where_it_is_none(desk: Desk, typed: str, told: str) -> None:
    drafts.save(desk, filled(desk, "VALVE", {"quand": typed}))
    assert told in [fact.value for fact in facts_of(outbox.lines(desk)[0], Words(Language.FR), desk)]


def test_an_anonymous_request_and_an_unknown_fiche_are_told_so(desk: Desk) -> None:
    words = Words(Language.FR)
    capture.submit(desk, filled(desk, "COMM", {"txt": "Merci!"}))
    capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
    request, answer = outbox.lines(desk)
    assert "Anonyme" in [fact.value for fact in facts_of(request, words, desk)]
    unknown = replace(answer, article=None)
    assert next(fact.value for fact in facts_of(unknown, words, desk)) == "COL-001"
    (row,) = rows_of([unknown], words, desk)
    assert (row.what, row.detail) == ("Réponse donnée", "COL-001")
    (kept,) = rows_of([replace(request, category=None)], words, desk)
    assert kept.what == "COMM"
    assert request.item is not None
    assert request.item.state is SyncState.WAITING
