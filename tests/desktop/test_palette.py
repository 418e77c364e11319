from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from guichet_desktop.actions import ACTIONS, Scope
from guichet_desktop.desk.desk import Desk
from guichet_desktop.models.palette import entry, found
from guichet_desktop.screens.command_palette import CommandPalette
from guichet_desktop.tour import live
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.helpers.announcements import announcements
from tests.helpers.boards import Board, board
from tests.helpers.desks import clock, desk, profile, synced_post
from tests.helpers.stages import Setting, problems_of, problems_of_focus

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")
FRENCH = Setting(Language.FR, 100, (1280, 720))


@pytest.fixture
def at(desk: Desk) -> Iterator[Board]:
    with board(desk, FRENCH) as there:
        yield there


@pytest.fixture
def palette(at: Board) -> CommandPalette:
    made = CommandPalette(at.context, at.page)
    live()
    made.open()
    return made


def _best(typed: str, language: Language = Language.FR) -> str:
    both = [Words(each) for each in Language]
    entries = [entry(each, each.keys, Words(language), both) for each in ACTIONS]
    return next((each.id for each in found(entries, typed)), "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nouvelle req", "new_request"),
        ("REQUÊTES", "requests"),
        ("requetes", "requests"),
        ("reglages", "settings"),
        ("settings", "settings"),
        ("lock", "lock"),
        ("quitter", "lock"),
        ("save", "save"),
        ("sauvegarder", "save"),
        ("aide", "keys"),
        ("help", "keys"),
        ("F9", "privacy"),
        ("maj f6", "previous_pane"),
        ("echange terminer", "end_interaction"),
        ("read back", "read_back"),
        ("grossir", "larger"),
        ("erifier", "read_back"),
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_an_action_is_found_by_the_words_of_both_languages_its_key_and_what_else_it_is_called(
    typed: str, meant: str, language: Language
) -> None:
    assert _best(typed, language) == meant


def test_what_nothing_is_called_finds_nothing() -> None:
    assert _best("zzz") == ""
    assert _best("requête zzz") == ""
    assert _best("   ") == ACTIONS[0].id


def test_enter_does_what_is_chosen_once_the_palette_is_gone_and_the_focus_back(at: Board, palette: CommandPalette) -> None:
    at.hands.type("verrou")
    assert palette.shown()[0] == "lock"
    at.hands.press("Return")
    assert at.done == ["lock"]
    assert at.focus_when_done == [at.field]
    assert not palette.is_open()


def test_arrows_choose_and_stop_at_both_ends(at: Board, palette: CommandPalette) -> None:
    listed = palette.shown()
    at.hands.press("Up")
    assert palette.chosen() is not None
    assert palette.chosen().id == listed[0]  # type: ignore[union-attr]
    at.hands.press("Down", "Down", "Up")
    assert palette.chosen().id == listed[1]  # type: ignore[union-attr]
    at.hands.press(*["PgDown"] * 20)
    assert palette.chosen().id == listed[-1]  # type: ignore[union-attr]
    at.hands.press("Enter")
    assert at.done == [listed[-1]]


def test_its_own_key_and_escape_close_it_and_do_nothing(at: Board, palette: CommandPalette) -> None:
    for key in ("Escape", "Ctrl+K"):
        palette.open()
        at.hands.type("verr")
        at.hands.press("Home", key)
        assert not palette.is_open()
        assert palette.line.text() == "verr", "to a line of text Ctrl+K means to cut off its end"
    assert at.done == []
    palette.open()
    assert palette.line.text() == ""


@pytest.mark.usefixtures("palette")
def test_while_it_is_open_no_other_key_acts_but_those_that_always_do(at: Board) -> None:
    at.hands.press("F4", "Alt+3", "F2", "F9", "Ctrl+L")
    assert at.done == ["privacy", "lock"]


def test_what_was_used_last_comes_first_the_next_time(at: Board, palette: CommandPalette) -> None:
    for typed in ("verrou", "relire"):
        palette.open()
        at.hands.type(typed)
        at.hands.press("Return")
    palette.open()
    assert palette.shown()[:2] == ("read_back", "lock")
    at.hands.type("re")
    assert palette.shown()[0] != "lock", "words that are typed come before habits"


def test_it_lists_what_can_be_done_now_by_its_name_alone(at: Board, palette: CommandPalette) -> None:
    assert not {"palette", "choose_result"} & set(palette.shown())
    palette.close_panel()
    at.context.commands.action("save").setEnabled(False)
    palette.open()
    here = {each.id for each in ACTIONS if each.scope in (Scope.EVERYWHERE, Scope.HOME)}
    assert set(palette.shown()) == here - {"palette", "choose_result", "save"}


def test_keys_are_the_persons_own(at: Board, palette: CommandPalette) -> None:
    palette.close_panel()
    at.context.commands.remap({"lock": ["Ctrl+F12"], "palette": ["Ctrl+Shift+P"]})
    palette.open()
    at.hands.type("verrou")
    assert palette.chosen().keys == ("Ctrl+F12",)  # type: ignore[union-attr]
    at.hands.press("Ctrl+Shift+P")
    assert not palette.is_open()


def test_no_match_says_so_and_enter_does_nothing(at: Board, palette: CommandPalette) -> None:
    with announcements() as heard:
        at.hands.type("zzz")
    assert palette.none.isVisible()
    assert palette.none.text() == "Aucune commande pour «\u00a0zzz\u00a0»."
    assert "Aucune commande pour «\u00a0zzz\u00a0»." in heard.said
    at.hands.press("Return")
    assert palette.is_open()
    assert at.done == []


def test_what_is_chosen_is_said_while_the_focus_stays_in_the_line(at: Board, palette: CommandPalette) -> None:
    with announcements() as heard:
        at.hands.press("Down")
    assert [each for each in heard.said if each.startswith("Nouvelle requête")] != []
    assert at.window.focusWidget() is palette.line


def test_tab_reaches_the_list_where_the_same_keys_act(at: Board, palette: CommandPalette) -> None:
    at.hands.press("Tab")
    assert at.window.focusWidget() is palette.rows
    wanted = palette.shown()[2]
    at.hands.press("Down", "Down", "Return")
    assert at.done == [wanted]


def test_a_click_does_it_too(at: Board, palette: CommandPalette) -> None:
    live()
    third = palette.rows.visualRect(palette.rows.model().index(2, 0))
    wanted = palette.shown()[2]
    QTest.mouseClick(palette.rows.viewport(), Qt.MouseButton.LeftButton, pos=third.center() + QPoint(0, 1))
    assert at.done == [wanted]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("scale", "size"), [(100, (1440, 900)), (200, (1280, 720)), (200, (800, 600))])
def test_nobody_is_kept_out_of_it(desk: Desk, language: Language, scale: int, size: tuple[int, int]) -> None:
    setting = Setting(language, scale, size)
    with board(desk, setting) as there:
        made = CommandPalette(there.context, there.page)
        made.open()
        live()
        assert problems_of(there.window, setting) == []
        assert problems_of_focus(made) == []
        there.hands.type("zzz")
        live()
        assert problems_of(there.window, setting) == []
