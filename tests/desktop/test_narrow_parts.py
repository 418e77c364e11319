"""Parts that make do with little room: lines that wrap, a search field, a sentence at the foot, columns that are put away."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget

from guichet_desktop.models.waiting import WaitingModel, WaitingRow
from guichet_desktop.theme.look import Look
from guichet_desktop.tour import live, until
from guichet_desktop.widgets.columns import Columns
from guichet_desktop.widgets.flow import FlowLayout
from guichet_desktop.widgets.overlay import Overlay
from guichet_desktop.widgets.search_edit import SearchEdit
from tests.helpers.accessible import LEAST_TARGET

pytestmark = pytest.mark.usefixtures("qapp")
HINTS = ("Chercher une réponse : arrosage, bac brun, permis…", "Chercher", "")


@pytest.fixture
def window() -> Iterator[QMainWindow]:
    made = QMainWindow()
    made.resize(600, 300)
    yield made
    made.close()
    made.deleteLater()
    live()


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look(qapp, "light")
    yield made
    made.wear("light", 100)
    made.deleteLater()


def _shown(window: QMainWindow, part: QWidget) -> None:
    window.setCentralWidget(part)
    window.show()
    until(window.isActiveWindow, "the window")


def test_a_line_inside_a_column_wraps_and_does_without_a_part_that_is_gone(window: QMainWindow) -> None:
    page, line = QWidget(), FlowLayout(8)
    buttons = [QPushButton(name) for name in ("Réponse donnée", "Créer la requête", "Copier")]
    for button in buttons:
        line.addWidget(button)
    QVBoxLayout(page).addLayout(line)
    _shown(window, page)
    wide, narrow = line.heightForWidth(2000), line.heightForWidth(buttons[0].sizeHint().width())
    assert narrow == 3 * wide + 2 * 8
    buttons[2].deleteLater()
    live()
    gc.collect()
    assert line.count() == 2
    assert line.heightForWidth(buttons[0].sizeHint().width()) == 2 * wide + 8


def test_what_is_searched_for_is_cleared_by_a_named_target_that_grows_with_the_text(window: QMainWindow, look: Look) -> None:
    field = SearchEdit(look, HINTS, "Effacer la recherche")
    _shown(window, field)
    assert field.clear_button.isHidden()
    field.setText("bac brun")
    at_100 = field.clear_button.size()
    assert field.clear_button.isVisible()
    assert field.clear_button.accessibleName() == "Effacer la recherche"
    assert min(at_100.toTuple()) >= LEAST_TARGET
    look.wear("light", 200)
    live()
    assert field.clear_button.width() > at_100.width()
    field.clear_button.click()
    assert field.text() == ""
    assert field.clear_button.isHidden()


def test_a_hint_that_would_be_cut_is_a_shorter_one(window: QMainWindow, look: Look) -> None:
    field = SearchEdit(look, HINTS, "Effacer la recherche")
    _shown(window, field)
    assert field.placeholderText() == HINTS[0]
    window.resize(220, 300)
    live()
    assert field.placeholderText() == HINTS[1]
    window.resize(600, 300)
    live()
    assert field.placeholderText() == HINTS[0]


def test_columns_that_are_put_away_take_no_focus_as_the_window_changes(window: QMainWindow) -> None:
    behind = QLineEdit()
    _shown(window, behind)
    sheet, columns = Overlay(window, "Raccourcis"), Columns(10)
    for name in ("un", "deux", "trois"):
        columns.add(QPushButton(name))
    sheet.set_content(columns)
    behind.setFocus()
    sheet.open()
    assert not behind.hasFocus()
    sheet.close_panel()
    assert behind.hasFocus()
    columns.resize(120, 500)
    columns.grab()
    assert behind.hasFocus(), "the keys go on to what is seen"


def test_a_line_that_may_be_cut_has_its_words_on_the_tip() -> None:
    model = WaitingModel()
    model.show((WaitingRow("1", "C07-0142-K  ·  Nid-de-poule", "En attente d’envoi", "text2"),))
    index = model.index(0, 0, QModelIndex())
    assert index.data(Qt.ItemDataRole.ToolTipRole) == index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Nid-de-poule" in index.data(Qt.ItemDataRole.ToolTipRole)
