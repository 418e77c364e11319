"""The real central server with the fictional city on this machine's loopback, a process of its own: for the demo and the tour."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import Unreachable

DEMO_USER, DEMO_PASSWORD = "mgagnon", "guichet-demo"
_PATIENCE_S = 60.0
_BETWEEN_LOOKS_S = 0.05


class LoopbackCentral:
    """A server that can be started, stopped and started again on the same port, with the same data."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def load_city(self) -> None:
        """Load the fictional city."""
        subprocess.run([*self._command(), "demo"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start now, stop at the end."""
        try:
            self.start()
            yield
        finally:
            self.stop()

    def start(self) -> None:
        """Start, and return once it answers.

        :raises Unreachable: it does not answer within a minute.
        """
        serve = [*self._command(), "serve", "--port", str(self._port)]
        self._process = subprocess.Popen(serve, stdout=subprocess.DEVNULL, env=os.environ.copy())
        deadline = time.monotonic() + _PATIENCE_S
        with closing(Transport(self.url)) as transport:
            while not _answers(transport):
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise Unreachable
                time.sleep(_BETWEEN_LOOKS_S)

    def stop(self) -> None:
        """Stop and wait for the end."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "guichet_sync.central.cli", "--data", str(self._data)]


def _answers(transport: Transport) -> bool:
    try:
        transport.hello()
    except Unreachable:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
