from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """These posts have no keyring."""
    monkeypatch.setenv("GUICHET_PASSPHRASE", "une phrase de passe")


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """The folder of a post's profile."""
    return tmp_path / "post"
