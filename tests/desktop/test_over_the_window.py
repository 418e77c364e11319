"""What comes over a window: a drawer, a toast."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from guichet_desktop.theme.look import Look
from guichet_desktop.tour import Hands, until
from guichet_desktop.widgets.drawer import Drawer
from guichet_desktop.widgets.toast import Toast
from tests.helpers.announcements import Announcements
from tests.helpers.part_windows import heard, look, show_in, window

__all__ = ["heard", "look", "window"]


# ── a drawer ─────────────────────────────────────────────────────────────────


@pytest.fixture
def column() -> QWidget:
    """Two buttons and a list."""
    column = QWidget()
    layout = QVBoxLayout(column)
    for part in (QPushButton("Un"), QPushButton("Deux"), QListView()):
        layout.addWidget(part)
    return column


@pytest.fixture
def drawer(window: QWidget, column: QWidget) -> Drawer:
    drawer = Drawer(window, column)
    show_in(window)
    window.findChildren(QLineEdit)[0].setFocus()
    return drawer


def test_escape_puts_a_drawer_away_and_the_focus_back(drawer: Drawer, window: QWidget, column: QWidget) -> None:
    told: list[str] = []
    drawer.opened.connect(lambda: told.append("opened"))
    drawer.closed.connect(lambda: told.append("closed"))
    drawer.open()
    assert column.findChildren(QPushButton)[0].hasFocus()
    assert column.isVisible()
    Hands(window).press("Escape", "Escape")
    assert told == ["opened", "closed"]
    assert window.findChildren(QLineEdit)[0].hasFocus()


def test_escape_is_the_drawer_s_before_it_is_the_window_s(drawer: Drawer, window: QWidget) -> None:
    heard: list[int] = []
    shortcut = QAction(window)
    shortcut.setShortcut("Escape")
    shortcut.triggered.connect(lambda: heard.append(1))
    window.addAction(shortcut)
    drawer.open()
    Hands(window).press("Escape")
    assert not drawer.is_open()
    assert not heard
    Hands(window).press("Escape")
    assert heard == [1]


def test_a_drawer_goes_where_one_works_elsewhere_and_leaves_the_focus_there(drawer: Drawer, window: QWidget) -> None:
    field = window.findChildren(QLineEdit)[0]
    drawer.open()
    field.setFocus()
    assert not drawer.is_open()
    assert field.hasFocus()
    drawer.open()
    Hands(window).press("Tab", "Tab", "Tab")
    assert not drawer.is_open()
    assert field.hasFocus()


def test_a_drawer_follows_its_window_and_leaves_a_part_of_it_in_sight(drawer: Drawer, window: QWidget, column: QWidget) -> None:
    drawer.open()
    window.resize(900, 500)
    until(lambda: drawer.size() == window.size(), "the new size")
    edge = column.mapTo(window, column.rect().topRight()).x()
    assert edge < window.width()
    QTest.mouseClick(drawer, Qt.MouseButton.LeftButton, pos=QPoint(window.width() - 3, 100))
    assert not drawer.is_open()


def test_what_a_drawer_holds_lives_on_and_can_stand_in_the_window_again(drawer: Drawer, window: QWidget, column: QWidget) -> None:
    drawer.open()
    gc.collect()
    assert len(column.findChildren(QListView)) == 1
    drawer.close_panel()
    layout = window.layout()
    assert layout is not None
    layout.addWidget(column)
    assert column.parentWidget() is window
    drawer.open()
    assert drawer.isAncestorOf(column)
    assert column.findChildren(QPushButton)[0].hasFocus()


# ── the toast ────────────────────────────────────────────────────────────────


@pytest.fixture
def toast(window: QWidget) -> Iterator[Toast]:
    toast = Toast(window, "Annuler (F8)")
    show_in(window)
    window.findChildren(QLineEdit)[0].setFocus()
    yield toast
    toast.undo()


def test_a_message_is_announced_with_what_undoes_it_and_undone_from_anywhere(toast: Toast, heard: Announcements) -> None:
    undone: list[str] = []
    assert not toast.can_undo()
    toast.say("Brouillon supprimé.", undo=lambda: undone.append("draft"))
    assert heard.said == ["Brouillon supprimé. Annuler (F8)"]
    assert toast.can_undo()
    toast.undo()
    assert undone == ["draft"]
    assert (toast.message(), toast.can_undo()) == ("", False)
    toast.undo()
    assert undone == ["draft"]


def test_a_notice_waits_until_the_undo_is_gone(toast: Toast, heard: Announcements) -> None:
    toast.say("Brouillon supprimé.", undo=lambda: None)
    toast.say("Tout est transmis.")
    assert toast.message() == "Brouillon supprimé."
    toast.undo()
    assert toast.message() == "Tout est transmis."
    assert not toast.undo_button.isVisible()
    assert heard.said == ["Brouillon supprimé. Annuler (F8)", "Tout est transmis."]


def test_the_time_stands_still_for_who_reaches_the_undo_by_tab(toast: Toast, window: QWidget) -> None:
    undone: list[str] = []
    field = window.findChildren(QLineEdit)[0]
    toast.say("Brouillon supprimé.", "Annuler", lambda: undone.append("draft"))
    assert toast.lasts()
    assert field.hasFocus()
    hands = Hands(window)
    hands.press("Tab")
    assert toast.undo_button.hasFocus()
    assert not toast.lasts()
    hands.press("Shift+Tab")
    assert toast.lasts()
    hands.press("Tab", "Space")
    assert undone == ["draft"]
    assert field.hasFocus()


def test_after_the_undo_the_focus_is_where_it_was(toast: Toast, window: QWidget) -> None:
    fields = [QLineEdit(), QLineEdit()]
    layout = window.layout()
    assert layout is not None
    for each in fields:
        layout.addWidget(each)
        each.show()
    toast.say("Brouillon supprimé.", undo=lambda: None)
    fields[1].setFocus()
    toast.undo_button.setFocus()
    Hands(window).press("Space")
    assert fields[1].hasFocus()


def test_the_time_stands_still_under_the_pointer(toast: Toast, window: QWidget) -> None:
    toast.say("Tout est transmis.")
    QTest.mouseMove(window.windowHandle(), toast.geometry().center())
    until(lambda: not toast.lasts(), "time standing still")
    QTest.mouseMove(window.windowHandle(), QPoint(5, 5))
    until(toast.lasts, "time going on")


def _stands_at(place: str, toast: Toast, window: QWidget) -> bool:
    """At the end of a narrow window, in the middle of a wide one."""
    left, right = toast.geometry().left(), window.width() - 1 - toast.geometry().right()
    return abs(left - right) <= 1 if place == "middle" else 0 <= right < left


def test_a_message_stays_in_its_window_at_any_size(toast: Toast, window: QWidget, look: Look) -> None:
    toast.say("Le brouillon « Nid-de-poule, rue Lauzon, devant le parc du Ruisseau » a été supprimé.", undo=lambda: None)
    for width, height, place in ((420, 300, "middle"), (900, 500, "end"), (1800, 500, "middle")):
        window.resize(width, height)
        until(partial(_stands_at, place, toast, window), place)
        assert window.rect().contains(toast.geometry())
    before = toast.height()
    look.wear("dark", 200)
    until(lambda: toast.height() > before, "more room")
    assert window.rect().contains(toast.geometry())
