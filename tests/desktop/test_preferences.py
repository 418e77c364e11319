"""A person's preferences: worn at once, then kept in the file of their profile, or said not to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from guichet_desktop import settings
from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.screens.preferences import Preferences
from guichet_desktop.screens.text_size import resize
from guichet_desktop.settings import Settings
from guichet_desktop.tour import until
from guichet_sync.domain.errors import GuichetError

pytestmark = pytest.mark.usefixtures("qapp")


class Told(QObject):
    """Preferences kept in a file, and what they tell."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.thread_of_the_desk = DeskThread(self)
        asking = Asking(self.thread_of_the_desk, self)
        self.preferences = Preferences(Settings(), lambda **changes: settings.change(file, **changes), asking, self)
        self.changed: list[Settings] = []
        self.failed: list[GuichetError] = []
        self.preferences.changed.connect(self.changed.append)
        self.preferences.failed.connect(self.failed.append)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where they are kept."""
    return tmp_path / "settings.toml"


@pytest.fixture
def told(file: Path) -> Iterator[Told]:
    made = Told(file)
    yield made
    made.thread_of_the_desk.close()


def test_a_change_is_worn_before_it_is_on_disk_and_then_is(told: Told, file: Path) -> None:
    told.preferences.change(theme="dark", scale=130)
    assert [(each.theme, each.scale) for each in told.changed] == [("dark", 130)]
    until(lambda: settings.read(file) == told.preferences.settings, "the file")
    assert told.failed == []


def test_what_the_disk_refuses_is_worn_all_the_same_and_told(told: Told, file: Path) -> None:
    file.mkdir()
    told.preferences.change(theme="contrast")
    assert told.preferences.settings.theme == "contrast"
    until(lambda: told.failed, "why it could not be kept")
    assert [each.code for each in told.failed] == ["store_error"]


def test_two_changes_in_a_row_are_both_kept(told: Told, file: Path) -> None:
    told.preferences.change(language="en")
    told.preferences.change(mode="counter")
    until(lambda: settings.read(file).mode == "counter", "the second")
    assert settings.read(file).language == "en"


@pytest.mark.parametrize(("steps", "percent", "changes"), [(1, 110, 1), (10, 200, 1), (11, 200, 1), (-1, 100, 0), (0, 100, 0)])
def test_text_grows_by_steps_as_far_as_it_goes(told: Told, steps: int, percent: int, changes: int) -> None:
    assert resize(told.preferences, steps) == percent
    assert (told.preferences.settings.scale, len(told.changed)) == (percent, changes)
