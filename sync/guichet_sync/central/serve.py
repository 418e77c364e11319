"""Answering posts: one process, or several that share one listening socket."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.supervisors import Multiprocess

from guichet_sync.domain.errors import InvalidInput

from . import migrate
from .database import open_engine
from .hints import ENDING
from .settings import Settings

KEEP_ALIVE_S = 120
"""A post that polls, or that is told of news every other minute, keeps its connection."""


def serve(settings: Settings, host: str, port: int, workers: int, listening: Callable[[str], None]) -> None:
    """Answer until SIGTERM or Ctrl-C; ``listening`` hears the address once connections are taken.

    :raises InvalidInput: ``cannot_listen`` at this address. :raises NotFound: ``not_initialised``.
    :raises StoreError: ``schema_out_of_date`` or ``schema_newer``.
    """
    engine = open_engine(settings.database_url)
    try:
        migrate.check_current(engine)
    finally:
        engine.dispose()
    os.environ["GUICHET_DATABASE_URL"] = settings.database_url
    os.environ["GUICHET_DATA"] = str(settings.data)
    with _listening_at(host, port) as opened:
        shown = f"[{host}]" if ":" in host else host
        listening(f"http://{shown}:{opened.getsockname()[1]}")
        _run(opened, workers)


class Connection(H11Protocol):
    """A connection of a server that ends the live streams first, and then waits for what is under way."""

    def shutdown(self) -> None:
        """The server ends."""
        super().shutdown()
        end = self.app_state.get(ENDING)
        if end is not None:
            end()


def _listening_at(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        opened = socket.create_server((host, port), family=family, backlog=256)
    except OSError:
        raise InvalidInput("cannot_listen", field="port", host=host, port=port) from None
    # What is accepted inherits it: else the second half of a reply waits for the post's delayed acknowledgement, 40 ms.
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _run(opened: socket.socket, workers: int) -> None:
    config = uvicorn.Config(
        "guichet_sync.central.asgi:create",
        factory=True,
        http=Connection,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=10,
    )
    # uvicorn gives the signal that ended it back to us once it has finished: that is an end like another.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    with suppress(KeyboardInterrupt):
        if workers > 1:
            opened.set_inheritable(True)
            Multiprocess(config, sockets=[opened]).run()
        else:
            uvicorn.Server(config).run(sockets=[opened])
