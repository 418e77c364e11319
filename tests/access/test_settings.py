from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guichet_desktop import settings
from guichet_desktop.settings import Settings
from guichet_sync.domain.errors import DiskFull, GuichetError, StoreDamaged, StoreError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_settings_are_kept_and_what_this_version_does_not_know_is_left_alone(path: Path) -> None:
    path.write_text('theme = "dark"\nfuture = { a = [1, 2] }\n', encoding="utf-8")
    changed = settings.change(path, scale=150, post_name="Comptoir « Été »")
    assert changed == settings.read(path) == Settings(theme="dark", scale=150, post_name="Comptoir « Été »")
    assert tomllib.loads(path.read_text(encoding="utf-8"))["future"] == {"a": [1, 2]}


def test_keys_of_one_s_own_are_kept_and_given_up_again(path: Path) -> None:
    settings.change(path, shortcuts={"search": ["Ctrl+J"], "palette": []}, mode="counter", geometry="AAEC/w==", map_open=True)
    found = settings.read(path)
    assert found.shortcuts == {"search": ["Ctrl+J"], "palette": []}
    assert (found.mode, found.geometry, found.map_open) == ("counter", "AAEC/w==", True)
    settings.change(path, shortcuts={"search": ["Ctrl+J"]})
    assert settings.read(path).shortcuts == {"search": ["Ctrl+J"]}


def test_no_settings_are_the_usual_ones(path: Path) -> None:
    assert settings.read(path) == Settings()


def test_settings_saved_by_a_simple_editor_are_read(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbflanguage = "en"\r\nscale = 125\r\n')
    assert settings.read(path) == Settings(language="en", scale=125)


@pytest.mark.parametrize(
    "line",
    [
        "scale = true",
        "scale = 1e3",
        'scale = "150"',
        "scale = 0",
        "scale = 100000000000000000000",
        "scale = 2026-11-24",
        "theme = 1",
        'theme = "rose"',
        'language = "xx"',
        "post = ['a']",
        "person = { a = 1 }",
        f'post_name = "{"x" * 300}"',
        'mode = "telephone"',
        "map_open = 1",
        'geometry = "pas du base64"',
        f'geometry = "{"A" * 2_000}"',
        f'city_theme = "{"x" * 2_000}"',
        'city_theme = "\\u0000"',
        'shortcuts = ["F2"]',
        'shortcuts = { search = "F2" }',
        "shortcuts = { search = [2] }",
        'shortcuts = { search = ["F2\\n"] }',
        'shortcuts = { "no such id" = ["F2"] }',
        f"shortcuts = {{ search = {['F2'] * 9} }}",
        f'shortcuts = {{ search = ["{"x" * 50}"] }}',
        "shortcuts = { " + ", ".join(f'a{"_" * n} = ["F2"]' for n in range(201)) + " }",
    ],
)
def test_a_value_that_can_not_be_used_is_the_usual_one(path: Path, line: str) -> None:
    path.write_text(f'keys = "passphrase"\n{line}\n', encoding="utf-8")
    assert settings.read(path) == Settings(keys="passphrase")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"scale =",
        b"scale = 1\nscale = 2\n",
        b"x = " + b"[" * 20_000,
        b"x = " + b"9" * 5_000,
        b"x = 2026-99-99",
        b"#" * 70_000,
        b"\0" * 16,
    ],
)
def test_a_file_that_is_no_settings_is_told_by_its_name_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreDamaged) as unread:
        settings.read(path)
    with pytest.raises(StoreDamaged) as unchanged:
        settings.change(path, scale=150)
    assert unread.value.values == unchanged.value.values == {"file": "settings.toml"}
    assert path.read_bytes() == content


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=80) | st.text(alphabet='scale=truepost"[]{}\n123.', max_size=40).map(str.encode))
def test_whatever_the_file_holds_settings_or_a_sentence_come_of_it(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        found = settings.read(path)
    except GuichetError:
        return
    assert all(type(getattr(found, name)) is type(getattr(Settings(), name)) for name in Settings.__slots__)


def test_a_folder_in_the_place_of_the_file_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError) as unreadable:
        settings.read(path)
    assert unreadable.value.code == "store_error"


def test_settings_that_can_not_be_written_leave_the_old_ones_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.change(path, theme="dark")
    before = path.read_bytes()
    with pytest.raises(DiskFull):
        settings.change(path.parent / "gone" / path.name, theme="dark")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        settings.change(path, theme="light")
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_change_that_changes_nothing_writes_nothing(path: Path) -> None:
    settings.change(path, theme="dark")
    before = path.stat().st_ino
    settings.change(path, theme="dark")
    assert path.stat().st_ino == before
