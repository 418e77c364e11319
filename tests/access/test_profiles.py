from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from guichet_desktop import profiles, settings
from guichet_desktop.credentials import PassphraseChain, key_for
from guichet_desktop.profiles import POST_KEY, default_path, open_profile, private_files
from guichet_sync.domain.errors import DiskFull, GuichetError, InvalidInput, StoreBusy, StoreDamaged, WrongKey

BEGIN = """
import sys
from pathlib import Path
from guichet_desktop.profiles import open_profile
profile = open_profile(Path(sys.argv[1]))
print(profile.settings.post, profile.keys.read("post").hex)
"""


def answering(*passphrases: str) -> Callable[[], str]:
    said = iter(passphrases)
    return lambda: next(said)


def refused(path: Path, *passphrases: str) -> str:
    with pytest.raises(GuichetError) as error:
        open_profile(path, answering(*passphrases) if passphrases else None)
    return error.value.code


def test_without_a_keyring_a_passphrase_is_chosen_twice_and_asked_for_once_ever_after(tmp_path: Path) -> None:
    begun = open_profile(tmp_path / "post", answering("une phrase", "une phrase"))
    assert begun.settings.keys == "passphrase"
    assert len(begun.settings.post) == 16
    again = open_profile(tmp_path / "post", answering("une phrase"))
    assert again.keys.read(POST_KEY) == begun.keys.read(POST_KEY) is not None
    assert again.settings == begun.settings


def test_a_passphrase_in_the_environment_is_used_without_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUICHET_PASSPHRASE", "l’été ☃ 'quoted'")
    begun = open_profile(tmp_path / "post")
    assert open_profile(tmp_path / "post").keys.read(POST_KEY) == begun.keys.read(POST_KEY)
    monkeypatch.setenv("GUICHET_PASSPHRASE", "une autre")
    assert refused(tmp_path / "post") == "wrong_passphrase"


def test_without_a_keyring_or_a_passphrase_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "post"
    assert refused(path) == "keyring_missing"
    assert refused(path, "") == "keyring_missing"
    assert refused(path, "une phrase", "une autre") == "passphrases_differ"
    monkeypatch.setenv("GUICHET_PASSPHRASE", "")
    assert refused(path) == "keyring_missing"
    assert not settings.read(path / "settings.toml").post
    assert not (path / "keys.db").exists()


def test_a_profile_under_a_passphrase_says_that_it_needs_it(tmp_path: Path) -> None:
    open_profile(tmp_path / "post", answering("une phrase", "une phrase"))
    assert refused(tmp_path / "post") == "passphrase_needed"
    assert refused(tmp_path / "post", "") == "passphrase_needed"
    assert refused(tmp_path / "post", "une autre") == "wrong_passphrase"


def test_a_profile_whose_keys_are_in_a_keyring_is_never_begun_again_under_a_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "post"
    path.mkdir()
    settings.change(path / "settings.toml", post="0123456789abcdef", keys="keyring")
    monkeypatch.setenv("GUICHET_PASSPHRASE", "une phrase")
    assert refused(path, "une phrase") == "keyring_lost"
    assert not (path / "keys.db").exists()


def test_settings_that_were_lost_leave_the_keys_where_they_are(tmp_path: Path) -> None:
    begun = open_profile(tmp_path / "post", answering("une phrase", "une phrase"))
    begun.folder.settings.unlink()
    again = open_profile(tmp_path / "post", answering("une phrase"))
    assert again.keys.read(POST_KEY) == begun.keys.read(POST_KEY)
    assert again.settings.post


def test_keys_lost_beside_a_mirror_are_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "post"
    path.mkdir()
    (path / "public.db").write_bytes(b"x" * 4096)
    begun = open_profile(path, answering("une phrase", "une phrase"))
    assert begun.keys.read(POST_KEY) is None


def test_two_processes_that_begin_one_profile_agree_on_its_id_and_key(tmp_path: Path) -> None:
    environment = os.environ | {"GUICHET_PASSPHRASE": "une phrase"}
    command = [sys.executable, "-c", BEGIN, str(tmp_path / "post")]
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = {each.communicate()[0] for each in running}
    assert len(told) == 1
    assert [each.returncode for each in running] == [0, 0]


def test_a_profile_that_another_program_is_beginning_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "WAIT_FOR_OTHER_S", 0.0)
    (tmp_path / "post").mkdir()
    with FileLock(tmp_path / "post" / "profile.lock"), pytest.raises(StoreBusy):
        open_profile(tmp_path / "post", answering("une phrase", "une phrase"))


def test_a_place_that_can_hold_no_profile_is_told_with_what_to_do(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("here already")
    for path in (occupied, occupied / "post"):
        with pytest.raises(DiskFull) as unusable:
            open_profile(path, answering("une phrase", "une phrase"))
        assert unusable.value.code == "profile_not_writable"
    locked = tmp_path / "post"
    (locked / "profile.lock").mkdir(parents=True)
    with pytest.raises(DiskFull):
        open_profile(locked, answering("une phrase", "une phrase"))


def test_damaged_settings_are_told_before_a_passphrase_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "post"
    path.mkdir()
    (path / "settings.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(StoreDamaged):
        open_profile(path, answering())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes; its profiles are the person's own")
def test_nobody_else_reads_a_profile_even_where_files_are_usually_shared(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with private_files():
            begun = open_profile(tmp_path / "deep" / "post", answering("une phrase", "une phrase"))
            key_for(begun.keys, "person")
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep" / "post").rglob("*")}
    assert modes.keys() == {"keys.db", "settings.toml", "profile.lock"}
    assert all(mode & 0o077 == 0 for mode in modes.values())
    assert stat.S_IMODE((tmp_path / "deep" / "post").stat().st_mode) == 0o700


def test_by_itself_a_profile_is_in_the_persons_own_data(own_home: Path) -> None:
    assert default_path().is_relative_to(own_home)
    assert default_path().name == "profile"


def test_a_profile_tells_its_settings_as_they_are_now(tmp_path: Path) -> None:
    begun = open_profile(tmp_path / "post", answering("une phrase", "une phrase"))
    begun.change(theme="dark")
    assert begun.settings.theme == "dark"
    assert isinstance(begun.keys, PassphraseChain)
    with pytest.raises((InvalidInput, WrongKey)):
        PassphraseChain(begun.folder.keys, "\0")
