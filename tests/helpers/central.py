"""A real central server on loopback, in a thread of the tests' process: the same application, HTTP and database as in a city."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import Engine
from starlette.types import ASGIApp

from guichet_sync.central import demo, instance, migrate
from guichet_sync.central.app import create_app
from guichet_sync.central.database import embedded_url, open_engine, writing
from guichet_sync.central.serve import Connection
from guichet_sync.central.settings import Settings
from guichet_sync.domain.words import Bilingual

TENANT = "val-des-ormes"
AGENT, SECOND_AGENT, CLERK, EMPLOYEE, AUTHOR, SUPERVISOR = "mgagnon", "stremblay", "clavoie", "nroy", "acote", "dlevesque"
"""Names of the fictional city's users, by what they do; `demo.PASSWORD` is everyone's."""


def initialise(engine: Engine, tenant: str = TENANT) -> None:
    """Give a database the newest schema and an identity."""
    migrate.upgrade(engine)
    with writing(engine) as connection:
        instance.create(connection, tenant, Bilingual("Val-des-Ormes"), "America/Toronto", demonstration=False)


def load_city(url: str) -> None:
    """Make an empty database the fictional city's."""
    engine = open_engine(url)
    try:
        initialise(engine)
        demo.load(engine, lambda _name: lambda _count: None)
    finally:
        engine.dispose()


class _Announcing(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answering.set()


class CentralServer:
    """The server of ``database_url``. It can stop and start again: same port, same data."""

    def __init__(
        self, database_url: str, data: Path, wrap: Callable[[ASGIApp], ASGIApp] = lambda app: app, **settings: Any
    ) -> None:
        self.settings = Settings(database_url, data, **settings)
        self.engine = open_engine(database_url)
        self._wrap = wrap
        self._port = 0
        self._server: _Announcing | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it answers, or answered."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Answer from now on."""
        listening = _listening(self._port)
        self._port = listening.getsockname()[1]
        app = self._wrap(create_app(self.settings))
        self._server = _Announcing(
            uvicorn.Config(
                app, http=Connection, log_config=None, access_log=False, timeout_graceful_shutdown=2, server_header=False
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=([listening],), name="guichet central")
        self._thread.start()
        assert self._server.answering.wait(30)

    def stop(self) -> None:
        """Answer no more: connections are refused."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
            self._server = self._thread = None

    @contextmanager
    def running(self) -> Iterator[CentralServer]:
        """Start now, stop at the end."""
        self.start()
        try:
            yield self
        finally:
            self.stop()
            self.engine.dispose()


def _listening(port: int) -> socket.socket:
    """A socket that says it is TCP, so that the event loop sends each reply at once instead of waiting for 40 ms."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen()
    return listening


def copied_city(city: Path, folder: Path) -> str:
    """The URL of a copy of the fictional city's SQLite file, for one test alone."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(city, folder / "central.db")
    return embedded_url(folder)
