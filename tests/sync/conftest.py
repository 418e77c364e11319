from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.central import CentralServer, copied_city
from tests.helpers.desks import SyncedPost, synced_post
from tests.helpers.desk_world import DeskWorld
from tests.helpers.faults import Faults

__all__ = ["synced_post"]


@pytest.fixture
def world(synced_post: SyncedPost, tmp_path: Path) -> Iterator[DeskWorld]:
    """An agent's post that mirrors the whole city, and its server behind a network that does as it is told."""
    faults = Faults()
    data = tmp_path / "central"
    server = CentralServer(copied_city(synced_post.central, data), data, faults.wrap)
    with server.running(), DeskWorld.of(synced_post.copied(tmp_path / "profile"), server, faults) as made:
        yield made


@pytest.fixture
def new_world(city_url: str, tmp_path: Path) -> Iterator[DeskWorld]:
    """An agent's post that mirrors nothing yet, and its server on each of the two engines."""
    faults = Faults()
    server = CentralServer(city_url, tmp_path / "central", faults.wrap)
    with server.running(), DeskWorld.enrolled(tmp_path / "profile", server, faults) as made:
        yield made
