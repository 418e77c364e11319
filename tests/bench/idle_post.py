"""What a post that nobody touches costs its network: requests and bytes, counted between its exchange process and the server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from guichet_desktop.desk import enrolment
from guichet_desktop.loopback import DEMO_PASSWORD, DEMO_USER
from guichet_sync.client.engine import Exchange
from guichet_sync.client.events import Link, State
from guichet_sync.client.transport import Transport
from guichet_sync.store import account
from tests.helpers.posts import new_profile
from tests.helpers.watching import Watching, keys_line

from .full_city import served
from .report import Row

_SECONDS, _LEAST_S, _SETTLING_S = 600, 60, 5
_HOUR_S = 3_600


@dataclass(slots=True)
class Counting:
    """Stands on loopback before a server and counts: ``requests`` by the lines that begin one, bytes of HTTP in the clear."""

    to: tuple[str, int]
    requests: int = 0
    up: int = 0
    down: int = 0
    _listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    @contextmanager
    def running(self) -> Iterator[Counting]:
        """Let through from now on."""
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            for each in (self._listening, *self._open):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                post, _ = self._listening.accept()
                server = socket.create_connection(self.to)
                self._open += [post, server]
                for source, target in ((post, server), (server, post)):
                    threading.Thread(target=self._pump, args=(source, target, source is post), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, upwards: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if upwards:
                    self.up += len(data)
                    self.requests += data.count(b" HTTP/1.1\r\n")
                else:
                    self.down += len(data)
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


def measure(folder: Path, scale: float) -> list[Row]:
    """Rows of the report: what was counted, as of an hour. A token is bought once an hour, which is not in it."""
    seconds = max(_LEAST_S, _SECONDS * scale)
    with served(folder / "central") as city, city.central.running():
        parts = urlsplit(city.central.url)
        profile = new_profile(folder / "post")
        with (
            Counting((str(parts.hostname), int(parts.port or 0))).running() as counting,
            closing(enrolment.enrol(profile, counting.url, DEMO_USER, DEMO_PASSWORD)) as desk,
        ):
            with closing(Transport(account.read(desk.store).server)) as transport:
                Exchange(desk.store, transport).run_once()
            with Watching.started(folder / "post", keys_line(profile, desk.store.person)) as child:
                child.wait_for(State, link=Link.ONLINE)
                time.sleep(_SETTLING_S)
                before = counting.requests, counting.up, counting.down
                time.sleep(seconds)
                after = counting.requests, counting.up, counting.down
    requests, up, down = ((late - early) * _HOUR_S / seconds for early, late in zip(before, after, strict=True))
    title = f"an idle post, an hour, from {seconds:.0f} s"
    return [
        Row(f"{title}: requests", requests, "/h"),
        Row(f"{title}: up", up / 1e3, "kB/h"),
        Row(f"{title}: down", down / 1e3, "kB/h"),
    ]
