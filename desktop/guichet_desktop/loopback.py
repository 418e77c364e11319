"""The real central server with the fictional city on this machine's loopback, a process of its own: for the demo and the tour.

It ends with whoever started it, however that ends: the process serves while its standard input is open.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import Unreachable

DEMO_USER, DEMO_PASSWORD = "mgagnon", "guichet-demo"
_PATIENCE_S = 60.0
_BETWEEN_LOOKS_S = 0.05
_END_S = 20.0


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
        """Start where it does not run, and return once it answers.

        :raises Unreachable: it does not answer within a minute.
        """
        self.stop()
        serve = [sys.executable, "-m", __name__, "--data", str(self._data), "serve", "--port", str(self._port)]
        self._process = subprocess.Popen(serve, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=os.environ.copy())
        deadline = time.monotonic() + _PATIENCE_S
        with closing(Transport(self.url)) as transport:
            while not _answers(transport):
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise Unreachable
                time.sleep(_BETWEEN_LOOKS_S)

    def stop(self) -> None:
        """Stop and wait for the end."""
        process, self._process = self._process, None
        if process is not None:
            with process:  # closes its standard input, waits for its end
                process.terminate()
                try:
                    process.wait(_END_S)
                except subprocess.TimeoutExpired:
                    process.kill()

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


def main(arguments: list[str]) -> int:
    """``guichet-central`` with these arguments, until standard input closes; its exit status."""
    from guichet_sync.central.cli import main as central

    threading.Thread(target=_end_with_input, daemon=True).start()
    return central(arguments)


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
