"""A post's files, filled by the test itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from guichet_sync.store.post import PostStore
from tests.helpers.stores import enrolled_store


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The folder of a profile."""
    return tmp_path / "profile"


@pytest.fixture
def store(profile: Path) -> Iterator[PostStore]:
    """The open files of somebody enrolled."""
    with closing(enrolled_store(profile)) as opened:
        yield opened
