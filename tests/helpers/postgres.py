"""A PostgreSQL server of the tests' own: made in a temporary folder, reached on loopback, gone at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

_SERVER_OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60 -c shared_buffers=32MB "
    "-c listen_addresses=127.0.0.1 -c timezone=UTC -c track_commit_timestamp=on"
)
DURABLE_OPTIONS = "-c max_connections=120 -c shared_buffers=256MB -c listen_addresses=127.0.0.1 -c timezone=UTC"
"""Each commit reaches the disk, as in a city: for measures."""
_OWNER = "guichet"
_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server that gives a fresh database to whoever asks."""

    port: int

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL (SQLAlchemy's form, psycopg driver) of a new database, a copy of ``template``, dropped at the end."""
        name = f"g{uuid4().hex}"
        self.copy(template, name)
        try:
            yield f"postgresql+psycopg://{_OWNER}@127.0.0.1:{self.port}/{name}"
        finally:
            self.drop(name)

    def copy(self, template: str, name: str) -> None:
        """Make a database as a copy of another, to which nobody is connected."""
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        """Drop a database, and whoever is connected to it."""
        self._administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        with psycopg.connect(f"host=127.0.0.1 port={self.port} user={_OWNER} dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres(options: str = _SERVER_OPTIONS) -> Iterator[PostgresServer]:
    """Start a server, stop it at the end. Without PostgreSQL on this machine: a named skip, in CI a failure."""
    programs = _programs()
    if programs is None:
        reason = "PostgreSQL server not found: install Debian's `postgresql`"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="guichet-pg-", ignore_cleanup_errors=True) as folder:
        yield from _serve(programs, Path(folder), options)


def _serve(programs: Path, folder: Path, options: str) -> Iterator[PostgresServer]:
    user = _server_user()
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    _as(
        user,
        programs / "initdb",
        "-D",
        data,
        "-U",
        _OWNER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
        "--no-instructions",
    )
    port = _free_port()
    control = (programs / "pg_ctl", "-D", data, "-w", "-s")
    _as(user, *control, "-l", folder / "server.log", "-o", f"{options} -p {port} -k {folder}", "start")
    try:
        yield PostgresServer(port)
    finally:
        _as(user, *control, "-m", "immediate", "stop")


def _programs() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``, of the newest version installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((each.parent for each in versions), key=lambda each: int(each.parent.name), default=None)


def _server_user() -> str | None:
    """The account the server runs under: PostgreSQL refuses to run as root."""
    if os.name == "nt" or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in known)


def _as(user: str | None, *command: str | Path) -> None:
    words = [str(each) for each in command]
    groups: list[str | int] | None = [] if user else None
    done = subprocess.run(
        words,
        user=user,
        group=_group(user),
        extra_groups=groups,
        capture_output=True,
        text=True,
        cwd=tempfile.gettempdir(),
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"{Path(words[0]).name}: {done.stderr or done.stdout}")


def _group(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd

    return pwd.getpwnam(user).pw_gid


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
