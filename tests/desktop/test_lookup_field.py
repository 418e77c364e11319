from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guichet_desktop.tour import Hands, until
from guichet_desktop.widgets.lookup_field import LookupField, Match

MATCHES = (Match("un · A", "un", 1), Match("deux · B", "deux", 2), Match("trois · C", "trois", 3))


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A field and another one to go to."""
    window = QWidget()
    layout = QVBoxLayout(window)
    for _ in range(2):
        layout.addWidget(LookupField())
    qtbot.addWidget(window)
    window.show()
    until(window.isActiveWindow, "the window before the person")
    return window


def _field(window: QWidget) -> LookupField:
    field = window.findChildren(LookupField)[0]
    field.setFocus()
    return field


@pytest.mark.parametrize(("keys", "taken"), [(["Return"], 1), (["Down", "Return"], 1), (["Down", "Down", "Return"], 2)])
def test_enter_takes_what_is_highlighted_or_the_first(window: QWidget, keys: list[str], taken: int) -> None:
    field, chosen = _field(window), list[object]()
    field.chosen.connect(chosen.append)
    hands = Hands(window)
    hands.type("u")
    field.offer(MATCHES)
    assert field.is_choosing()
    hands.press(*keys)
    assert chosen == [taken]
    assert field.text() == MATCHES[taken - 1].name
    assert not field.is_choosing()


def test_nothing_is_taken_by_itself(window: QWidget) -> None:
    field, chosen = _field(window), list[object]()
    field.chosen.connect(chosen.append)
    hands = Hands(window)
    hands.type("u")
    field.offer(MATCHES)
    hands.press("Escape", "Return", "Tab")
    assert not chosen
    assert field.text() == "u"


def test_matches_that_come_after_the_person_left_do_not_pop_up(window: QWidget) -> None:
    field = _field(window)
    window.findChildren(LookupField)[1].setFocus()
    field.offer(MATCHES)
    assert not field.is_choosing()
    field.setFocus()
    field.offer(())
    assert not field.is_choosing()


def test_enter_never_takes_a_match_of_other_words_and_waits_for_those_of_these(window: QWidget) -> None:
    field, chosen = _field(window), list[object]()
    field.chosen.connect(chosen.append)
    hands = Hands(window)
    hands.type("u")
    field.offer(MATCHES)
    hands.type("n")
    hands.press("Return")
    assert not chosen
    field.offer((Match("quatre · D", "quatre", 4),))
    assert chosen == [4]
    assert field.text() == "quatre"
