from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from guichet_desktop.models.results import ResultsModel, marked
from guichet_desktop.models.waiting import WaitingModel, WaitingRow
from guichet_sync.domain.article import Freshness, SearchHit, SearchResult
from guichet_sync.domain.words import Language

pytestmark = pytest.mark.usefixtures("qapp")
HITS = marked(
    SearchResult("neige", (SearchHit("A", "La neige", "TP", Freshness.VERIFIED, "Neiges d’antan", 1.0),)),
    Language.FR,
    {"verified": "Vérifiée"},
    {"TP": "Travaux publics"},
)


def test_a_result_is_one_value_for_who_draws_and_a_sentence_for_who_listens() -> None:
    model = ResultsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(HITS)
    row = model.index(0)
    assert row.data(Qt.ItemDataRole.UserRole) is HITS[0]
    assert row.data() == row.data(Qt.ItemDataRole.AccessibleTextRole) == "La neige. Vérifiée. Travaux publics. Neiges d’antan"
    assert row.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.data(QModelIndex()) is None
    assert (HITS[0].title_marks, HITS[0].snippet_marks) == (((3, 8),), ((0, 6),))


def test_what_waits_is_told_in_a_sentence_and_left_in_peace_when_it_is_the_same() -> None:
    model, resets = WaitingModel(), list[int]()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.modelReset.connect(lambda: resets.append(1))
    rows = (WaitingRow("1", "C07-0142-V", "En attente d’envoi", "text2"),)
    model.show(rows)
    model.show(rows)
    assert resets == [1]
    assert model.index(0).data() == "C07-0142-V. En attente d’envoi"
    assert model.index(0).data(Qt.ItemDataRole.UserRole) is rows[0]
    assert model.index(0).data(Qt.ItemDataRole.DecorationRole) is None
    assert model.data(QModelIndex()) is None
