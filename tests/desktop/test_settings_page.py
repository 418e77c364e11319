"""*Réglages* as a person lives them: by keys alone, around a real desk and the file its settings are kept in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from guichet_desktop.actions import ACTIONS, action
from guichet_desktop.desk.desk import Desk
from guichet_desktop.models.key_rows import KeyColumn, KeyRow
from guichet_desktop.profiles import Profile
from guichet_desktop.screens.context import Taxonomy
from guichet_desktop.screens.key_choice import usable
from guichet_desktop.screens.settings_page import SettingsPage
from guichet_desktop.tour import live, until
from guichet_sync.domain.words import Language
from tests.helpers.announcements import announcements
from tests.helpers.desks import clock, desk, profile, synced_post
from tests.helpers.setting_pages import Sat, page_of
from tests.helpers.stages import Setting, problems_of, problems_of_focus

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")
FRENCH = Setting(Language.FR, 100, (1280, 720))
ENGLISH = Setting(Language.EN, 100, (1280, 720))
OWN_NAMES = ("'Français'", "'English'")
"""Each language is called by its own name in both of them."""


@pytest.fixture
def there(desk: Desk, profile: Profile) -> Iterator[Sat[SettingsPage]]:
    with page_of(SettingsPage, desk, profile, FRENCH) as sat:
        yield sat


def _row(there: Sat[SettingsPage], name: str) -> KeyRow:
    rows = there.page.keys.table.rows
    found = rows.row(rows.place_of(name))
    assert found is not None
    return found


def _at_row(there: Sat[SettingsPage], name: str) -> None:
    """Go down the table to an action, by keys."""
    table = there.page.keys.table
    table.setFocus()
    there.hands.press("Ctrl+Home")
    there.hands.press(*["Down"] * table.rows.place_of(name))
    row = table.row()
    assert row is not None
    assert row.id == name


def _gives(there: Sat[SettingsPage], name: str, key: str) -> str:
    """Give an action a key, by keys; what stands beside it then."""
    _at_row(there, name)
    there.hands.press("Return", key)
    live()
    return _row(there, name).remark


def test_arrows_choose_the_theme_and_it_is_worn_at_once(there: Sat[SettingsPage]) -> None:
    looks = []
    there.context.look.changed.connect(lambda: looks.append(there.context.theme.name))
    there.hands.press("Tab", "Right", "Right")
    there.keeps(theme="dark")
    assert looks[-1] == "dark"
    there.hands.press("Right")
    there.keeps(theme="contrast")


def test_the_language_is_the_window_s_own_and_arrows_ask_for_the_other(there: Sat[SettingsPage]) -> None:
    assert there.page.language.first().property("text") == "Français"
    there.hands.press("Down")
    there.keeps(language="en")


def test_the_size_of_the_text_is_said_and_grows_at_once(there: Sat[SettingsPage]) -> None:
    there.page.text_size.slider.setFocus()
    with announcements() as heard:
        there.hands.press("Right", "Right", "Right")
        there.keeps(scale=130)
    assert heard.said[-1] == "130\u00a0%"
    assert there.context.theme.scale == 1.3
    there.hands.press("Tab", "Space")
    there.keeps(scale=140)
    there.hands.press("Shift+Tab", "Shift+Tab", *["Space"] * 6)
    there.keeps(scale=100)
    assert there.page.text_size.percent.text() == "100\u00a0%"


def test_the_mode_follows_the_role_until_another_is_chosen(there: Sat[SettingsPage]) -> None:
    there.page.mode.first().setFocus()
    assert there.page.mode.first().property("text") == "Selon mon rôle\u00a0: Téléphone"
    there.hands.press("Down", "Down")
    there.keeps(mode="counter")
    there.hands.press("Up", "Up")
    there.keeps(mode="")


def test_an_action_takes_another_key_and_gives_it_up_again(there: Sat[SettingsPage]) -> None:
    assert _gives(there, "palette", "Ctrl+J") == "Changée; d’origine\u00a0: Ctrl+K"
    there.keeps(shortcuts={"palette": ["Ctrl+J"]})
    assert there.context.commands.keys("palette") == ("Ctrl+J",)
    assert there.said[-1][0] == "Ctrl+J\u00a0: Commandes."
    there.undoes()
    there.keeps(shortcuts={})
    assert _row(there, "palette").keys == "Ctrl+K"


def test_both_enters_are_one_key(there: Sat[SettingsPage]) -> None:
    _gives(there, "map", "Shift+F9")
    _gives(there, "map", "Ctrl+Shift+Return")
    there.keeps(shortcuts={"map": ["Ctrl+Shift+Return", "Ctrl+Shift+Enter"]})


def test_keys_are_given_back_for_one_action_or_for_all(there: Sat[SettingsPage]) -> None:
    for name, key in (("palette", "Ctrl+J"), ("map", "Alt+G"), ("search", "Ctrl+F")):
        _gives(there, name, key)
    there.context.commands.action("reset_key").trigger()
    there.keeps(shortcuts={"palette": ["Ctrl+J"], "map": ["Alt+G"]})
    there.context.commands.action("reset_keys").trigger()
    there.keeps(shortcuts={})
    assert not there.context.commands.action("reset_keys").isEnabled()
    there.undoes()
    there.keeps(shortcuts={"palette": ["Ctrl+J"], "map": ["Alt+G"]})


@pytest.mark.parametrize(
    ("name", "key", "sentence"),
    [
        ("palette", "F2", "F2 sert déjà à «\u00a0Rechercher\u00a0»."),
        ("search", "Ctrl+R", "Ctrl+R sert déjà à «\u00a0Réponse donnée\u00a0»."),
        ("answered", "Ctrl+K", "Ctrl+K sert déjà à «\u00a0Commandes\u00a0»."),
        ("search", "Ctrl+Alt+E", "Ctrl+Alt est la touche AltGr"),
        ("search", "Meta+E", "appartient au système"),
        ("search", "Ctrl+C", "Ctrl+C sert dans les champs"),
        ("search", "A", "A seule sert à écrire"),
        ("search", "Shift+A", "Maj+A seule sert à écrire"),
        ("search", "Space", "seule sert à écrire"),
        ("choose_result", "Ctrl+J", "Ces touches vont ensemble"),
    ],
)
def test_a_key_that_can_t_be_is_refused_in_words_beside_its_row(
    there: Sat[SettingsPage], name: str, key: str, sentence: str
) -> None:
    with announcements() as heard:
        remark = _gives(there, name, key)
    assert sentence in remark
    assert heard.urgent == [remark]
    assert there.context.commands.keys(name) == action(name).keys
    there.hands.press("Down")
    assert not _row(there, name).remark


def test_two_pages_may_have_the_same_key(there: Sat[SettingsPage]) -> None:
    assert "Ctrl+Shift+C" in action("copy_say").keys
    assert _gives(there, "open_only", "Alt+M").startswith("Changée")


@pytest.mark.parametrize("key", ["Escape", "Tab", "Backtab"])
def test_no_key_has_to_be_given(there: Sat[SettingsPage], key: str) -> None:
    _at_row(there, "palette")
    there.hands.press("Return", key)
    assert there.page.keys.table.hasFocus()
    assert _row(there, "palette").keys == "Ctrl+K"


def test_the_row_that_is_chosen_is_always_seen(there: Sat[SettingsPage]) -> None:
    table = there.page.keys.table
    _at_row(there, ACTIONS[-1].id)
    area = table.visualRect(table.currentIndex())
    at = table.viewport().mapTo(there.page, area.center())
    assert there.page.rect().contains(at)


def test_what_the_file_can_t_keep_is_told_where_it_was_changed(there: Sat[SettingsPage]) -> None:
    there.profile.folder.settings.unlink()
    there.profile.folder.settings.mkdir()
    there.page.appearance.first().setFocus()
    there.hands.press("Right")
    until(there.page.appearance.trouble, "a sentence")
    assert there.page.appearance.trouble().startswith(
        "Ce réglage vaut jusqu’à la fermeture de Guichet\u00a0: il n’a pas pu être gardé."
    )
    assert there.context.theme.name == "light"
    there.profile.folder.settings.rmdir()
    there.page.mode.first().setFocus()
    there.hands.press("Down")
    there.keeps(mode="phone")
    assert not there.page.appearance.trouble()


def test_the_account_is_told_in_words(desk: Desk, profile: Profile) -> None:
    profile.change(post_name="Comptoir 4")
    with page_of(SettingsPage, desk, profile, FRENCH, Taxonomy.read(desk)) as there:
        until(lambda: "Serveur central" in there.page.account.facts.toPlainText(), "the account")
        told = there.page.account.facts.toPlainText()
    assert all(each in told for each in ("M. Gagnon", "mgagnon", "Agent 311", "Comptoir 4 (code A01)", "http://127.0.0.1"))


def test_f6_goes_from_section_to_section(there: Sat[SettingsPage]) -> None:
    panes = there.page.panes()
    assert len(panes) == 6
    for room, first in panes:
        first.setFocus()
        assert QApplication.focusWidget() is first
        assert room.isAncestorOf(first)


def test_own_keys_of_another_version_do_no_harm() -> None:
    found = {"search": ["Ctrl+J"], "gone": ["F2"], "palette": ["Ctrl+Alt+P"], "undo": ["Ctrl+L"], "map": ["F2"]}
    assert usable(found) == {"search": ["Ctrl+J"], "map": ["F2"]}


def test_the_model_holds_together(there: Sat[SettingsPage]) -> None:
    rows = there.page.keys.table.rows
    QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert rows.rowCount() == len(ACTIONS)
    first = rows.index(0, KeyColumn.NAME, QModelIndex())
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "Rechercher, Partout, F2"


@pytest.mark.parametrize(
    "setting",
    [
        FRENCH,
        ENGLISH,
        Setting(Language.FR, 200, (1280, 720), "contrast"),
        Setting(Language.EN, 200, (1280, 720), "dark"),
        Setting(Language.FR, 130, (1920, 1080), "dark"),
    ],
    ids=str,
)
def test_it_keeps_nobody_out(desk: Desk, profile: Profile, setting: Setting) -> None:
    profile.change(theme=setting.theme, scale=setting.scale, shortcuts={"palette": ["Ctrl+J"]})
    with page_of(SettingsPage, desk, profile, setting, Taxonomy.read(desk)) as there:
        _gives(there, "search", "Ctrl+L")
        found = [each for each in problems_of(there.window, setting) if not each.endswith(OWN_NAMES)]
        assert found + problems_of_focus(there.window) == []
