"""The keys of the table on the keyboards of the city: Canadian French, Canadian Multilingual and US, under a real X server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit

from guichet_desktop.actions import ACTIONS, Action, Scope, clashes
from tests.helpers.keyboards import Keyboard, Layout, keyboard

DIGITS = range(10, 20)
PRINTING = (*range(10, 22), *range(24, 36), *range(38, 50), *range(51, 62), 94)
"""Where the digits are, and all keys that type something, as codes of X."""

_STANDARD = QKeySequence.StandardKey
EDITING = (
    *(_STANDARD.Copy, _STANDARD.Cut, _STANDARD.Paste, _STANDARD.Undo, _STANDARD.Redo, _STANDARD.SelectAll, _STANDARD.Delete),
    *(
        each
        for each in _STANDARD
        if each.name.startswith(("MoveTo", "Select", "DeleteStart", "DeleteEndOfWord", "DeleteComplete"))
    ),
)
ON_ROWS = {"Return", "Enter", "Delete"}
"""Keys of a list's rows: in a field they are the field's, and it is the field that wins."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A layout, and what it types with AltGr on the digits 1 to 0 and on the keys beside Return."""

    layout: Layout
    digits: str
    beside: dict[int, str]


CANADIAN_FRENCH = Typed(Layout("ca", "fr"), "±@£¢¤¬¦²³¼", {34: "[", 35: "]", 48: "{", 51: "}", 47: "~", 49: "\\", 58: "µ"})
MULTILINGUAL = Typed(Layout("ca", "multix"), "±@£¢¤¬{}[]", {49: "|", 48: "{", 51: "}", 35: "~", 59: "<", 60: ">"})
US = Layout("us")
LAYOUTS = (CANADIAN_FRENCH.layout, MULTILINGUAL.layout, US)


@pytest.fixture(params=LAYOUTS, ids=str)
def hands(request: pytest.FixtureRequest) -> Iterator[Keyboard]:
    with keyboard(request.param) as there:
        yield there


def _heard_there(scope: Scope) -> list[Action]:
    return [each for each in ACTIONS if each.scope in (Scope.EVERYWHERE, scope)]


def test_each_key_of_the_table_does_its_action_once(hands: Keyboard) -> None:
    for scope in Scope:
        if scope is Scope.EVERYWHERE:
            continue
        for in_field in (True, False):
            pressed = [(key, each.id) for each in _heard_there(scope) for key in each.keys if (key in ON_ROWS) is not in_field]
            hands.show(scope, in_field=in_field)
            heard = hands.press([key for key, _action in pressed])
            assert heard.done == [action for _key, action in pressed]
            assert heard.text == ""


@pytest.mark.parametrize("typed", [CANADIAN_FRENCH, MULTILINGUAL], ids=lambda typed: str(typed.layout))
def test_alt_gr_gives_its_characters_and_no_action(typed: Typed) -> None:
    with keyboard(typed.layout) as there:
        for scope in Scope:
            there.show(scope)
            heard = there.strike(DIGITS, alt_gr=True)
            assert (heard.text, heard.done) == (typed.digits, [])
        heard = there.strike(tuple(typed.beside), alt_gr=True)
        assert (heard.text, heard.done) == ("".join(typed.beside.values()), [])


@pytest.mark.full
def test_no_key_that_types_something_does_anything_else(hands: Keyboard) -> None:
    for scope in Scope:
        hands.show(scope)
        for alt_gr, shift in ((False, False), (False, True), (True, True)):
            heard = hands.strike(PRINTING, alt_gr=alt_gr, shift=shift)
            assert heard.done == []
            assert alt_gr or len(heard.text) > 30


# ── the table alone ────────────────────────────────────────────


def test_no_two_actions_share_a_key_in_one_place() -> None:
    assert clashes({each.id: each.keys for each in ACTIONS}) == ()


def test_no_key_is_alt_gr_by_another_name() -> None:
    for each in ACTIONS:
        for key in each.keys:
            assert not {"Ctrl", "Alt"} <= set(key.split("+")), each.id
            assert "Meta" not in key, each.id


@pytest.mark.usefixtures("qapp")
def test_no_key_is_one_that_a_field_edits_by() -> None:
    editing = {binding.toString() for each in EDITING for binding in QKeySequence.keyBindings(each)}
    assert {"Ctrl+Z", "Ctrl+V", "Ctrl+Left", "Ctrl+A"} <= editing
    taken = [(key, each.id) for each in ACTIONS for key in each.keys if key in editing and not _on_rows(each, key)]
    assert taken == []


@pytest.mark.usefixtures("qapp")
def test_no_key_is_one_that_a_field_keeps_for_itself() -> None:
    field = QLineEdit("douze")
    kept = [(key, each.id) for each in ACTIONS for key in each.keys if _keeps(field, key) and not _on_rows(each, key)]
    assert kept == []
    assert _keeps(field, "Ctrl+V")


def _on_rows(action: Action, key: str) -> bool:
    return key in ON_ROWS and action.scope not in (Scope.EVERYWHERE, Scope.HOME)


def _keeps(field: QLineEdit, key: str) -> bool:
    """Whether a field answers, as Qt asks it before any action, that the key is its own."""
    combination = QKeySequence(key)[0]  # type: ignore[index]
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, combination.key(), combination.keyboardModifiers())
    asked.ignore()
    QApplication.sendEvent(field, asked)
    return asked.isAccepted()
