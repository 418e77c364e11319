"""The one file of the set-up: what it accepts, what it knows of this machine, and that the standard library is all it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dev


def _dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(dev.ROOT / "dev.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_runs_on_the_standard_library_alone() -> None:
    done = _dev("--help")
    assert done.returncode == 0
    for verb in ("demo", "test", "check", "bench", "lock", "setup"):
        assert verb in done.stdout


def test_wrong_usage_is_status_two() -> None:
    assert _dev("dance").returncode == 2
    assert _dev("check", "--dance").returncode == 2


def test_words_after_test_go_to_pytest() -> None:
    assert dev.parse(["test", "-k", "delay", "-x"]).rest == ["-k", "delay", "-x"]
    assert dev.parse(["demo", "--keep"]).rest == ["--keep"]
    assert dev.parse(["check", "--full"]).full


def test_a_library_is_found_or_missed_by_the_loader() -> None:
    assert not dev.can_open("libguichet-absent.so.0")
    if sys.platform.startswith("linux"):
        assert dev.can_open("libc.so.6")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no apt")
def test_who_is_not_root_is_told_the_one_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 9\n", encoding="ascii")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(dev.CannotGoOn, match="sudo apt-get install libegl1 libgl1"):
        dev.provide_packages(["libegl1", "libgl1"])
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(dev.CannotGoOn, match=r"This failed: .*apt-get update"):
        dev.provide_packages(["libegl1"])


def test_a_catalogue_is_compiled_again_when_it_is_newer(tmp_path: Path) -> None:
    source, compiled = tmp_path / "guichet.po", tmp_path / "guichet.mo"
    source.touch()
    assert dev.is_stale(source)
    compiled.touch()
    os.utime(source, (1, 1))
    assert not dev.is_stale(source)
    os.utime(compiled, (0, 0))
    assert dev.is_stale(source)


def test_a_red_gate_shows_what_it_said(capfd: pytest.CaptureFixture[str]) -> None:
    red = dev.Gate("sizes", (sys.executable, "-c", "print('m.py: too long'); raise SystemExit(1)"))
    green = dev.Gate("types", (sys.executable, "-c", "print('all well')"))
    assert not dev.passes(red)[0]
    assert dev.passes(green)[0]
    said = capfd.readouterr().out
    assert "m.py: too long" in said
    assert "all well" not in said


def test_the_lock_s_digest_follows_the_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "dev.txt"
    lock.write_text("babel==2.18.0", encoding="utf-8")
    monkeypatch.setattr(dev, "LOCK", lock)
    before = dev.lock_digest()
    assert dev.lock_digest() == before
    lock.write_text("babel==2.18.1", encoding="utf-8")
    assert dev.lock_digest() != before
