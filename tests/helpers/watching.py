"""The exchange process as the window starts it: a child, keys by its standard input, one event a line of its output."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeVar

from guichet_desktop.profiles import POST_KEY, Profile
from guichet_sync.client import events
from guichet_sync.client.events import Event

Kind = TypeVar("Kind", bound=Event)
PATIENCE_S = 30.0
"""How long a test waits for what must come; nothing is proved by its length."""


def keys_line(profile: Profile, person: str) -> str:
    """The first line that the child reads."""
    keys = {name: profile.keys.read(name) for name in (POST_KEY, person)}
    return json.dumps({"person": person, "keys": {name: key.hex for name, key in keys.items() if key}})


def command(folder: Path, *verb: str) -> list[str]:
    """The command line of ``guichetctl`` on a profile."""
    return [sys.executable, "-m", "guichet_desktop.ctl", "--profile", str(folder), *verb]


@dataclass(slots=True)
class Watching:
    """A running exchange process; ``heard`` are its events so far."""

    process: subprocess.Popen[bytes]
    heard: list[Event] = field(default_factory=list)
    _rest: bytes = b""

    @classmethod
    @contextmanager
    def started(cls, folder: Path, first_line: str) -> Iterator[Watching]:
        """Start the child; at the end it is gone."""
        process = subprocess.Popen(
            command(folder, "sync", "--watch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with process:
            watching = cls(process)
            watching.say(first_line)
            try:
                yield watching
            finally:
                process.kill()

    def say(self, line: str) -> None:
        """Give the child a line, if it still listens."""
        with suppress(BrokenPipeError):
            _pipe(self.process.stdin).write(f"{line}\n".encode())
            _pipe(self.process.stdin).flush()

    def hang_up(self) -> None:
        """Close the child's input."""
        _pipe(self.process.stdin).close()

    def wait_for(self, kind: type[Kind], **values: object) -> Kind:
        """The next event of this kind that has these values."""
        while True:
            event = self._next()
            assert event is not None, f"no {kind.__name__} {values} came, but {self.heard[-3:]} {self.complaint()}"
            if isinstance(event, kind) and all(getattr(event, name) == value for name, value in values.items()):
                return event

    def killed(self, after_s: float) -> None:
        """Let it run for so long, then kill -9."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(after_s)
        self.process.kill()
        self.process.wait()

    def ended(self) -> int:
        """The child's exit status, once it has ended by itself; what it still said is heard."""
        while self._next() is not None:
            pass
        return self.process.wait(PATIENCE_S)

    def complaint(self) -> str:
        """What a child that has ended said on its standard error."""
        return _pipe(self.process.stderr).read().decode() if self.process.poll() is not None else ""

    def _next(self) -> Event | None:
        until = time.monotonic() + PATIENCE_S
        while b"\n" not in self._rest:
            ready, _, _ = select.select([_pipe(self.process.stdout)], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"nothing came for {PATIENCE_S} s after {self.heard[-3:]}"
            came = os.read(_pipe(self.process.stdout).fileno(), 65_536)
            if not came:
                return None
            self._rest += came
        line, _, self._rest = self._rest.partition(b"\n")
        self.heard.append(events.decode(line))
        return self.heard[-1]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
