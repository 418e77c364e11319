from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.ctl.programs import PASSPHRASE, Ctl, under_a_passphrase
from tests.helpers.desks import SyncedPost, clock, desk, profile, synced_post

__all__ = ["clock", "desk", "profile", "synced_post"]


@pytest.fixture(scope="session")
def guarded_post(synced_post: SyncedPost, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return under_a_passphrase(synced_post, tmp_path_factory.mktemp("guarded") / "profile")


@pytest.fixture
def new_ctl(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ctl:
    """``guichetctl`` on a profile that is not there yet."""
    monkeypatch.setenv("GUICHET_PASSPHRASE", PASSPHRASE)
    return Ctl(tmp_path / "post", capsys, monkeypatch)


@pytest.fixture
def ctl(guarded_post: Path, new_ctl: Ctl) -> Ctl:
    """``guichetctl`` on a post that mirrors the city; its server is away."""
    shutil.copytree(guarded_post, new_ctl.profile)
    return new_ctl
