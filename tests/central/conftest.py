"""The command line of the central server, on empty databases of both engines."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from guichet_sync.central import cli
from guichet_sync.central.database import embedded_url, open_engine
from tests.helpers.central import AGENT, CLERK, CentralServer, initialise
from tests.helpers.wire import Post

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a table, on each of the two engines."""
    if request.param == "sqlite":
        (tmp_path / "central").mkdir()
        return embedded_url(tmp_path / "central")
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def new_url(empty_url: str) -> str:
    """An initialised database without a city."""
    engine = open_engine(empty_url)
    initialise(engine)
    engine.dispose()
    return empty_url


@pytest.fixture
def city_engine(city_url: str) -> Iterator[Engine]:
    """An engine on the fictional city."""
    engine = open_engine(city_url)
    yield engine
    engine.dispose()


@pytest.fixture
def agent(any_central: CentralServer) -> Post:
    """An agent's post."""
    return Post.enrol(any_central.url, AGENT)


@pytest.fixture
def clerk(any_central: CentralServer) -> Post:
    """A clerk's post."""
    return Post.enrol(any_central.url, CLERK)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """``run(url, "user", "list")``: exit status, standard output, standard error."""

    def command(url: str, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        status = cli.main(["--database", url, "--data", str(tmp_path / "data"), *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


@pytest.fixture
def document(run: Run) -> Callable[..., Any]:
    """The one JSON document a verb prints; it must succeed."""

    def of(url: str, *arguments: str, typed: str = "") -> Any:
        status, out, err = run(url, "--json", *arguments, typed=typed)
        assert status == 0, err
        return json.loads(out)

    return of
