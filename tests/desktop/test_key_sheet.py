from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from guichet_desktop.actions import ACTIONS, SCOPES, Scope, action, shown_key
from guichet_desktop.desk.desk import Desk
from guichet_desktop.screens.command_palette import CommandPalette
from guichet_desktop.screens.key_sheet import KeySheet
from guichet_desktop.screens.privacy_screen import PrivacyScreen
from guichet_desktop.tour import live
from guichet_desktop.widgets.key_block import KeyBlock
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.helpers.announcements import announcements
from tests.helpers.boards import Board, board
from tests.helpers.desks import clock, desk, profile, synced_post
from tests.helpers.stages import Setting, problems_of, problems_of_focus

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")
FRENCH = Setting(Language.FR, 100, (1280, 720))
SETTINGS = [(100, (1440, 900)), (130, (1280, 720)), (200, (1280, 720)), (200, (800, 600))]


@pytest.fixture
def at(desk: Desk) -> Iterator[Board]:
    with board(desk, FRENCH) as there:
        yield there


def _texts(of: QWidget) -> list[str]:
    return [each.text() for each in of.findChildren(QLabel)]


def _told(sheet: KeySheet) -> list[str]:
    """All that stands on a sheet."""
    blocks = sheet.findChildren(KeyBlock)
    rows = [row for block in blocks for row in block.rows]
    return [each.accessibleName() for each in blocks] + [word for row in rows for word in (*row.keys, row.name, row.says)]


@pytest.mark.parametrize("language", list(Language))
def test_the_sheet_has_every_action_of_the_table_with_its_sentence_and_keys(desk: Desk, language: Language) -> None:
    words = Words(language)
    with board(desk, Setting(language, 100, (1440, 900))) as there:
        sheet = KeySheet(there.context, there.page)
        sheet.open()
        told = _told(sheet)
    for each in ACTIONS:
        assert words.text(each.text) in told
        assert words.text(each.says) in told
        assert each.which or all(shown_key(key, words) in told for key in each.keys), each.id
    assert words.text("{first} à {last}", first="Alt+1", last="Alt+8") in told
    scopes = [words.text(SCOPES[scope]) for scope in Scope if any(each.scope is scope for each in ACTIONS)]
    assert [each for each in scopes if each not in told] == []


def test_it_shows_the_persons_own_keys_of_now(at: Board) -> None:
    sheet = KeySheet(at.context, at.page)
    sheet.open()
    assert "F4" in _told(sheet)
    sheet.close_panel()
    at.context.commands.remap({"new_request": ["Ctrl+F12"], "keys": ["Shift+F1"]})
    live()
    sheet.open()
    live()
    assert "Ctrl+F12" in _told(sheet)
    assert "F4" not in _told(sheet)
    at.hands.press("F1")
    assert sheet.is_open()
    at.hands.press("Shift+F1")
    assert not sheet.is_open()


@pytest.mark.parametrize("key", ["Escape", "F1"])
def test_escape_and_its_own_key_close_it(at: Board, key: str) -> None:
    sheet = KeySheet(at.context, at.page)
    sheet.open()
    at.hands.press("F4", "Ctrl+Return")
    at.hands.type("x")
    at.hands.press(key)
    assert not sheet.is_open()
    assert at.done == []
    assert at.window.focusWidget() is at.field
    assert at.field.text() == ""


def test_it_is_read_to_its_foot_by_keys_alone(desk: Desk) -> None:
    with board(desk, Setting(Language.FR, 200, (1280, 720))) as there:
        sheet = KeySheet(there.context, there.page)
        sheet.open()
        live()
        bar = sheet.room.verticalScrollBar()
        assert bar.maximum() > 0
        assert sheet.room.horizontalScrollBar().maximum() == 0
        there.hands.press("PgDown")
        assert bar.value() > 0
        there.hands.press(*["PgDown"] * 40)
        assert bar.value() == bar.maximum()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("scale", "size"), SETTINGS)
def test_nobody_is_kept_out_of_the_sheet(desk: Desk, language: Language, scale: int, size: tuple[int, int]) -> None:
    setting = Setting(language, scale, size)
    with board(desk, setting) as there:
        sheet = KeySheet(there.context, there.page)
        sheet.open()
        live()
        assert problems_of(there.window, setting) == []
        if size[1] >= 720:  # below, no side of the largest block fits on the screen whole
            assert problems_of_focus(sheet) == []


# ── the cover ────────────────────────────────────────────


@pytest.fixture
def cover(at: Board) -> PrivacyScreen:
    at.field.setText("Mme Gagnon, 450 555-0142")
    at.field.setSelection(0, 3)
    return PrivacyScreen(at.context, at.page)


def test_under_the_cover_nothing_can_be_seen_typed_into_or_reached(at: Board, cover: PrivacyScreen) -> None:
    plain = at.window.grab().toImage()
    cover.open()
    at.hands.type("x")
    at.hands.press("Tab", "Backspace", "F4", "Ctrl+Return", "Ctrl+K")
    at.field.setFocus()
    at.hands.type("x")
    assert at.done == []
    assert at.field.text() == "Mme Gagnon, 450 555-0142"
    covered = at.window.grab().toImage()
    ground = at.context.look.theme.colour("rail")
    row = at.field.mapTo(at.window, at.field.rect().center()).y()
    edges = [(x, row) for x in (*range(0, 300, 3), *range(1000, 1280, 3))]
    assert {covered.pixelColor(*each).name() for each in edges} == {ground.name()}
    at.hands.press("F9")
    assert not cover.is_open()
    assert at.window.grab().toImage() == plain


def test_all_is_as_it_was_once_the_cover_is_gone(at: Board, cover: PrivacyScreen) -> None:
    for key in ("F9", "Escape"):
        cover.open()
        at.hands.press(key)
        assert at.window.focusWidget() is at.field
        assert at.field.selectedText() == "Mme"
        assert at.page.isVisible()
    assert at.done == []


def test_screen_readers_are_told_of_the_cover_alone(at: Board, cover: PrivacyScreen) -> None:
    with announcements() as heard:
        cover.open()
    assert heard.said == ["Écran masqué — F9 ou Échap pour revenir"]
    assert QAccessible.queryAccessibleInterface(at.field).state().invisible
    cover.close_panel()
    assert not QAccessible.queryAccessibleInterface(at.field).state().invisible


def test_a_click_uncovers_nothing_and_locking_goes_on_working(at: Board, cover: PrivacyScreen) -> None:
    cover.open()
    QTest.mouseClick(cover, Qt.MouseButton.LeftButton, pos=cover.rect().center())
    QTest.mouseClick(cover, Qt.MouseButton.LeftButton)
    assert cover.is_open()
    at.hands.press("Ctrl+L")
    assert at.done == ["lock"]


def test_it_covers_an_open_palette_too(at: Board, cover: PrivacyScreen) -> None:
    palette = CommandPalette(at.context, at.page)
    palette.open()
    at.hands.type("verr")
    cover.open()
    assert not palette.isVisible()
    at.hands.type("ouiller")
    at.hands.press("F9")
    assert palette.isVisible()
    assert at.window.focusWidget() is palette.line
    assert palette.line.text() == "verr"


def test_the_clock_runs_only_while_it_is_seen(at: Board, cover: PrivacyScreen) -> None:
    cover.open()
    assert "10 h 00" in _texts(cover)
    assert cover.ticks()
    at.hands.press("Escape")
    assert not cover.ticks()


def test_it_goes_with_what_it_covered(at: Board, cover: PrivacyScreen) -> None:
    gone: list[bool] = []
    cover.destroyed.connect(lambda: gone.append(True))
    cover.open()
    at.window.setCentralWidget(QWidget())  # type: ignore[attr-defined]
    live()
    live()
    assert gone == [True]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("scale", "size"), SETTINGS)
def test_the_cover_reads_well(desk: Desk, language: Language, scale: int, size: tuple[int, int]) -> None:
    setting = Setting(language, scale, size)
    with board(desk, setting) as there:
        PrivacyScreen(there.context, there.page).open()
        live()
        assert problems_of(there.window, setting) == []
        assert action("privacy").always
