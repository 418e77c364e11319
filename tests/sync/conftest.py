from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import world_stage
from tests.helpers.central import CentralServer, copied_city
from tests.helpers.desk_world import DeskWorld, World
from tests.helpers.desks import SyncedPost, synced_post
from tests.helpers.faults import Faults
from tests.helpers.postgres import PostgresServer
from tests.helpers.world_stage import Stage

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


_CAST = "A B C ENV TP S"


@pytest.fixture(scope="session")
def sqlite_stage(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Where stories of several posts begin, on the embedded engine."""
    return world_stage.sqlite_stage(city, tmp_path_factory.mktemp("stage"), _CAST)


@pytest.fixture(scope="session")
def postgres_stage(postgres: PostgresServer, postgres_city: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Where stories of several posts begin, on PostgreSQL."""
    with world_stage.postgres_stage(postgres, postgres_city, tmp_path_factory.mktemp("stage"), _CAST) as stage:
        yield stage


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.full), "postgresql"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Where stories of several posts begin: on a city's engine in any run, on the embedded one in the long proof too."""
    found: Stage = request.getfixturevalue("sqlite_stage" if request.param == "sqlite" else "postgres_stage")
    return found


@pytest.fixture
def town(stage: Stage, tmp_path: Path) -> Iterator[World]:
    """Several posts and their server."""
    with stage.world(tmp_path) as world:
        yield world
