from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guichet_desktop.theme.apply import apply_theme
from guichet_desktop.theme.theme import load_theme
from guichet_desktop.tour import Hands
from guichet_desktop.widgets.labels import label
from guichet_desktop.widgets.overlay import ALWAYS, Overlay


class Room:
    """A window with two fields behind a panel with two others."""

    def __init__(self) -> None:
        self.window = QWidget()
        self.window.resize(900, 600)
        self.behind = _fields(self.window)
        self.content = QWidget()
        self.inside = _fields(self.content)
        self.overlay = Overlay(self.window, "Réponses")
        self.overlay.set_content(self.content, self.inside[1])
        self.hands = Hands(self.window)

    def focus(self) -> QWidget | None:
        return QApplication.focusWidget()


def _fields(parent: QWidget) -> tuple[QLineEdit, QLineEdit]:
    layout = QVBoxLayout(parent)
    fields = QLineEdit(), QLineEdit()
    for field in fields:
        layout.addWidget(field)
    return fields


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    there = Room()
    qtbot.addWidget(there.window)
    with qtbot.waitActive(there.window):
        there.window.show()
    there.behind[1].setFocus()
    there.behind[1].setText("Deuxième avenue")
    there.behind[1].setSelection(0, 8)
    yield there
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_theme(application, load_theme("light"))


def test_the_focus_goes_in_round_and_back_where_it_was(room: Room) -> None:
    room.overlay.open()
    assert room.focus() is room.inside[1]
    reached = []
    for _ in range(4):
        room.hands.press("Tab")
        reached.append(room.focus())
    assert reached == [room.inside[0], room.inside[1]] * 2
    room.hands.press("Shift+Tab")
    assert room.focus() is room.inside[0]
    room.hands.press("Escape")
    assert not room.overlay.is_open()
    assert room.focus() is room.behind[1]
    assert room.behind[1].selectedText() == "Deuxième"
    room.hands.press("Tab")
    assert room.focus() is room.behind[0], "what is behind can be reached again"


def test_what_happens_behind_takes_no_focus(room: Room) -> None:
    room.overlay.open()
    room.behind[0].setFocus()
    assert room.focus() is room.inside[1]
    room.hands.type("x")
    assert [each.text() for each in room.behind] == ["", "Deuxième avenue"]
    room.overlay.close_panel()
    assert room.focus() is room.behind[1]


def test_a_panel_without_a_field_keeps_what_is_typed_from_what_is_behind(room: Room) -> None:
    bare = Overlay(room.window, "Message")
    bare.set_content(label("Rien à faire ici."))
    bare.open()
    assert room.focus() is bare
    room.hands.type("x")
    room.hands.press("Tab", "Backspace", "Return")
    assert room.behind[1].text() == "Deuxième avenue"
    assert room.focus() is bare
    room.hands.press("Escape")
    assert room.focus() is room.behind[1]


def test_keys_of_the_window_rest_but_those_that_always_act(room: Room) -> None:
    done: list[str] = []
    for name, always in (("F4", False), ("F9", True)):
        acting = QAction(name, room.window)
        acting.setShortcut(name)
        acting.setProperty(ALWAYS, always)
        acting.triggered.connect(lambda _checked=False, name=name: done.append(name))
        room.window.addAction(acting)
    room.hands.press("F4", "F9")
    assert done == ["F4", "F9"]
    room.overlay.answer_to(["F1"], lambda: done.append("F1"))
    room.overlay.open()
    room.hands.press("F4", "F9", "F1")
    assert done == ["F4", "F9", "F9", "F1"]
    room.overlay.close_panel()
    room.hands.press("F4", "F1")
    assert done == ["F4", "F9", "F9", "F1", "F4"]


def test_one_panel_over_another_closes_first(room: Room) -> None:
    room.overlay.open()
    over = Overlay(room.window, "Par-dessus")
    button = QPushButton("D’accord")
    over.set_content(button)
    over.open()
    assert room.focus() is button
    room.hands.press("Escape")
    assert (over.is_open(), room.overlay.is_open()) == (False, True)
    assert room.focus() is room.inside[1]
    room.hands.press("Escape")
    assert room.focus() is room.behind[1]


def test_it_tells_that_it_closed_once_and_opens_again(room: Room) -> None:
    closed: list[bool] = []
    room.overlay.closed.connect(lambda: closed.append(True))
    for _ in range(2):
        room.overlay.open()
        room.overlay.open()
        room.overlay.close_panel()
        room.overlay.close_panel()
    assert closed == [True, True]
    assert room.focus() is room.behind[1]


def test_it_closes_where_what_had_the_focus_is_gone(room: Room) -> None:
    room.overlay.open()
    room.behind[1].deleteLater()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    room.hands.press("Escape")
    assert not room.overlay.is_open()


def test_a_click_beside_closes_and_one_inside_does_not(room: Room) -> None:
    room.overlay.open()
    QTest.mouseClick(room.overlay.panel, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert room.overlay.is_open()
    QTest.mouseClick(room.overlay, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert not room.overlay.is_open()


def test_it_follows_the_size_of_its_host_and_of_the_text(room: Room) -> None:
    room.overlay.open()
    room.window.resize(1200, 700)
    QApplication.processEvents()
    assert room.overlay.rect() == room.window.rect()
    panel = room.overlay.panel.geometry()
    assert panel.center().x() == pytest.approx(600, abs=1)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_theme(application, load_theme("light", 200))
    QApplication.processEvents()
    assert room.overlay.panel.width() > panel.width() * 1.5
    assert room.overlay.panel.height() > panel.height()


def test_it_scrolls_where_there_is_no_room(room: Room) -> None:
    room.content.layout().addWidget(label("Une ligne\n" * 80))  # type: ignore[union-attr]
    last = QLineEdit()
    room.content.layout().addWidget(last)  # type: ignore[union-attr]
    room.window.resize(400, 300)
    room.overlay.open()
    QApplication.processEvents()
    assert room.overlay.rect().contains(room.overlay.panel.geometry())
    assert room.overlay.room.verticalScrollBar().maximum() > 0
    room.hands.press("Tab")
    assert room.focus() is last
    view = room.overlay.room.viewport()
    assert view.rect().contains(last.mapTo(view, last.rect().center())), "Tab brings what it reaches into sight"


def test_screen_readers_meet_a_dialog_by_its_name(room: Room) -> None:
    room.overlay.open()
    panel = QAccessible.queryAccessibleInterface(room.overlay.panel)
    assert panel.role() is QAccessible.Role.Dialog
    assert panel.text(QAccessible.Text.Name) == "Réponses"
    assert not panel.state().modal
    assert not room.overlay.panel.isWindow()
