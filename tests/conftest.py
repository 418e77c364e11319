"""What every test lives under: no screen, no network but loopback, no keyring, a home of its own, and nothing left behind."""

from __future__ import annotations

import os

# Before anything imports Qt or keyring: programs that tests start inherit both. The screen is as large as a desk's.
os.environ["QT_QPA_PLATFORM"] = os.environ.get(
    "QT_QPA_PLATFORM", f"offscreen:configfile={__file__.removesuffix('conftest.py')}helpers/screen.json"
)
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from guichet_sync.central.database import embedded_url
from tests.helpers.central import CentralServer, copied_city, load_city
from tests.helpers.postgres import PostgresServer, running_postgres
from tests.helpers.strictness import Records, left_behind, refuse_far_hosts, snapshot

refuse_far_hosts()
settings.register_profile("guichet", deadline=None)  # how long an example takes says more of the machine than of the code
settings.load_profile("guichet")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder and XDG folders nobody else has."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    monkeypatch.setenv("LOCALAPPDATA", str(home / "local"))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in ("GUICHET_PASSPHRASE", "GUICHET_DATABASE_URL", "GUICHET_DATA"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """A thread, a child process or a running timer that a test leaves behind fails it."""
    before = snapshot()
    yield
    remains = left_behind(before)
    if remains:
        pytest.fail("left behind: " + ", ".join(remains))


@pytest.fixture(autouse=True)
def log_records(request: pytest.FixtureRequest) -> Iterator[Records]:
    """A warning or an error in the log fails a test that does not ask for ``expected_logs``."""
    with Records.collected() as records:
        yield records
    if records.lines and "expected_logs" not in request.fixturenames:
        pytest.fail("unexpected log: " + " | ".join(records.lines))


@pytest.fixture
def expected_logs(log_records: Records) -> Records:
    """The log of warnings and errors of a test that expects some; it says which by ``expected_logs.lines``."""
    return log_records


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A new and empty PostgreSQL database, as a URL of SQLAlchemy."""
    with postgres.database() as url:
        yield url


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of a server with the fictional city, to be copied."""
    folder = tmp_path_factory.mktemp("city")
    load_city(embedded_url(folder))
    return folder / "central.db"


@pytest.fixture(scope="session")
def postgres_city(postgres: PostgresServer) -> Iterator[str]:
    """The name of a PostgreSQL database with the fictional city, to be used as a template."""
    with postgres.database() as url:
        load_city(url)
        yield url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def city_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the fictional city, on each of the two engines."""
    if request.param == "sqlite":
        yield copied_city(request.getfixturevalue("city"), tmp_path / "central")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database(template=request.getfixturevalue("postgres_city")) as url:
        yield url


@pytest.fixture
def central(city: Path, tmp_path: Path) -> Iterator[CentralServer]:
    """A running server of the fictional city on embedded SQLite."""
    data = tmp_path / "central"
    with CentralServer(copied_city(city, data), data).running() as server:
        yield server


@pytest.fixture
def any_central(city_url: str, tmp_path: Path) -> Iterator[CentralServer]:
    """A running server of the fictional city, on each of the two engines."""
    with CentralServer(city_url, tmp_path / "central").running() as server:
        yield server
