"""The rail: which page is shown, how much waits there, in words as well as in a badge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow

from guichet_desktop.theme.look import Look
from guichet_desktop.tour import Hands, live, until
from guichet_desktop.widgets.rail import Rail, RailButton

NAMES = {"home": "Accueil", "outbox": "À transmettre", "settings": "Réglages"}


class Railed:
    """A rail in a window, and what its actions did."""

    def __init__(self, look: Look) -> None:
        self.look, self.window, self.done = look, QMainWindow(), list[str]()
        self.actions = {name: self._action(name, text) for name, text in NAMES.items()}
        self.buttons = {name: RailButton(look, made, "send") for name, made in self.actions.items()}
        self.rail = Rail([self.buttons["home"], self.buttons["outbox"]], [self.buttons["settings"]])
        self.window.setCentralWidget(self.rail)
        self.window.resize(140, 500)
        self.window.show()
        until(self.window.isActiveWindow, "the window")

    def _action(self, name: str, text: str) -> QAction:
        made = QAction(text, self.window)
        made.setData(name)
        made.setToolTip(text)
        made.triggered.connect(lambda: self.done.append(name))
        return made

    def checked(self) -> list[str]:
        return [name for name, button in self.buttons.items() if button.isChecked()]


@pytest.fixture
def railed(qapp: QApplication) -> Iterator[Railed]:
    look = Look(qapp, "light")
    made = Railed(look)
    yield made
    made.window.close()
    made.window.deleteLater()
    look.deleteLater()
    live()


def test_the_page_that_is_shown_is_the_one_checked(railed: Railed) -> None:
    railed.rail.show_current("outbox")
    assert railed.checked() == ["outbox"]
    railed.rail.show_current("settings")
    assert railed.checked() == ["settings"]


def test_a_button_does_what_its_action_does_by_a_key_and_says_its_key(railed: Railed) -> None:
    railed.buttons["outbox"].setFocus()
    Hands(railed.window).press("Space")
    assert railed.done == ["outbox"]
    railed.actions["outbox"].setToolTip("À transmettre (Ctrl+3)")
    assert railed.buttons["outbox"].toolTip() == "À transmettre (Ctrl+3)"


def test_what_waits_is_counted_in_words_and_in_a_badge(railed: Railed) -> None:
    button = railed.buttons["outbox"]
    assert button.accessibleName() == "À transmettre"
    pictures = [button.grab().toImage()]
    for count in (3, 99, 120):
        railed.rail.show_count("outbox", count)
        assert button.accessibleName() == f"À transmettre, {count}"
        pictures.append(button.grab().toImage())
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])
    railed.rail.show_count("outbox", 140)
    assert button.grab().toImage() == pictures[-1], "99+ from there on"
    railed.rail.show_count("outbox", 0)
    assert button.accessibleName() == "À transmettre"
    assert button.grab().toImage() == pictures[0]


@pytest.mark.parametrize("theme", ["dark", "contrast"])
def test_another_look_is_worn_at_once(railed: Railed, theme: str) -> None:
    railed.rail.show_count("outbox", 3)
    before, size = railed.buttons["outbox"].grab().toImage(), railed.buttons["outbox"].iconSize()
    railed.look.wear(theme, 200)
    live()
    assert railed.buttons["outbox"].iconSize() == size * 2
    assert railed.buttons["outbox"].grab().toImage() != before


def test_where_there_is_no_room_for_words_icons_stay_and_keep_their_names(railed: Railed) -> None:
    railed.rail.show_words(shown=False)
    styles = {each.toolButtonStyle() for each in railed.buttons.values()}
    assert styles == {Qt.ToolButtonStyle.ToolButtonIconOnly}
    assert [each.accessibleName() for each in railed.buttons.values()] == list(NAMES.values())
    railed.rail.show_words(shown=True)
    assert railed.buttons["home"].toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextUnderIcon
