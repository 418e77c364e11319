"""One death, what is done next morning, and what is found then."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from guichet_desktop.desk.desk import Desk
from guichet_sync.central import database as central
from guichet_sync.central.database import embedded_url
from guichet_sync.client import clock
from guichet_sync.client.engine import Exchange
from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import GuichetError
from guichet_sync.store import account, outbox
from tests.helpers.central import CentralServer

from .checks import found_at_post, found_at_server
from .cycles import Cycle, Victim
from .points import WritePoints
from .stage import Setting, Stage

_ROUNDS = 8
_APART = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went: the write points passed (all of them, where nobody died), and what was not as it must be."""

    died: bool
    labels: list[str]
    wrong: list[str]


def run(stage: Stage, cycle: Cycle, folder: Path, fatal: int) -> Outcome:
    """Let the victim of ``cycle`` die at its ``fatal``-th write point (at 0 never), repair what a person would, look at all.

    A server may answer on when this returns, until the process ends.
    """
    setting, said = stage.setting(cycle.server, folder), list[str]()
    cycle.prepare(setting, said.append)
    labels, server = _DEATHS[cycle.victim](cycle, setting, WritePoints(folder, fatal), said)
    setting.connect(server.url, *cycle.agents)
    return Outcome(labels is None, labels or [], list(_found(cycle, setting, server, said)))


# ── who dies ─────────────────────────────────────────────────────────────────

_Death = tuple[list[str] | None, CentralServer]
"""The write points passed by whoever was to die, None where they did; the server that answers now."""


def _answering(setting: Setting) -> CentralServer:
    server = CentralServer(embedded_url(setting.data), setting.data)
    server.start()
    return server


def _a_post_dies(cycle: Cycle, setting: Setting, points: WritePoints, said: list[str]) -> _Death:
    def post(say: Callable[[str], None], wait: Callable[[], None]) -> None:
        wait()
        points.watch()
        cycle.act(setting, say)

    child = _Child.forked(post, points)  # before there are threads
    server = _answering(setting)
    setting.connect(server.url, *cycle.agents)
    child.go_on()
    return child.ended(said), server


def _a_server_dies(cycle: Cycle, setting: Setting, points: WritePoints, said: list[str]) -> _Death:
    def serve(say: Callable[[str], None], wait: Callable[[], None]) -> None:
        points.watch()
        say(_answering(setting).url)
        wait()

    child = _Child.forked(serve, points)
    url = child.first_word()
    if url:
        setting.connect(url, *setting.connected())
        with suppress(GuichetError):
            cycle.act(setting, said.append)
    child.go_on()
    return child.ended([]), _answering(setting)


def _an_administrator_dies(cycle: Cycle, setting: Setting, points: WritePoints, said: list[str]) -> _Death:
    def administer(say: Callable[[str], None], _wait: Callable[[], None]) -> None:
        points.watch()
        cycle.act(setting, say)

    labels = _Child.forked(administer, points).ended(said)
    cycle.act(setting, said.append)  # whoever was interrupted does it again
    return labels, _answering(setting)


_DEATHS = {Victim.POST: _a_post_dies, Victim.SERVER: _a_server_dies, Victim.ADMINISTRATOR: _an_administrator_dies}


@dataclass(slots=True)
class _Child:
    """A forked process that says lines and can be told to go on."""

    pid: int
    heard: BinaryIO
    told: BinaryIO

    @classmethod
    def forked(cls, act: Callable[[Callable[[str], None], Callable[[], None]], None], points: WritePoints) -> _Child:
        """Fork; the child does ``act(say, wait)``, says its write points, and ends."""
        (hear, say), (wait, tell) = os.pipe(), os.pipe()
        pid = os.fork()
        if pid:
            os.close(say)
            os.close(wait)
            return cls(pid, os.fdopen(hear, "rb"), os.fdopen(tell, "wb"))
        os.close(hear)
        os.close(tell)
        status = 1
        try:
            act(lambda line: _write(say, line), lambda: _wait(wait))
            _write(say, json.dumps(points.labels))
            status = 0
        finally:
            os._exit(status)

    def go_on(self) -> None:
        """The child waits no more."""
        with suppress(BrokenPipeError):
            self.told.close()

    def first_word(self) -> str:
        """What it says first, empty where it died before."""
        return self.heard.readline().decode().strip()

    def ended(self, said: list[str]) -> list[str] | None:
        """Wait for its end; what it said is added to ``said``. Its write points, None where it was killed.

        :raises RuntimeError: it failed.
        """
        with self.heard:
            lines = [line.decode().strip() for line in self.heard]
        self.go_on()
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            said += lines
            return None
        if status or not lines:
            raise RuntimeError("the victim failed by itself")
        said += lines[:-1]
        labels: list[str] = json.loads(lines[-1])
        return labels


def _write(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())


def _wait(pipe: int) -> None:
    os.read(pipe, 1)


# ── what is found ────────────────────────────────────────────────────────────


def _found(cycle: Cycle, setting: Setting, server: CentralServer, said: list[str]) -> Iterator[str]:
    """Everything that is wrong once the post is opened again and has exchanged until nothing waits."""
    desks = {user: setting.desk(user) for user in cycle.agents}
    at_hand = [intent.intent_id for desk in desks.values() for intent, _ in outbox.unsettled(desk.store)]
    for desk in desks.values():
        yield from _quiet(desk)
    with central.reading(server.engine) as connection:
        yield from found_at_server(connection, said, at_hand, thorough=cycle.victim is not Victim.POST)
        for user, desk in desks.items():
            yield from found_at_post(connection, user, desk.store)
    for desk in desks.values():
        desk.close()


def _quiet(desk: Desk) -> Iterator[str]:
    """Exchange, hours apart, until nothing waits."""
    failure: GuichetError | None = None
    with closing(Transport(account.read(desk.store).server)) as transport:
        for round_ in range(_ROUNDS):
            now = clock.now()
            late = replace(now, at=now.at + round_ * _APART)
            failure = Exchange(desk.store, transport, moment=lambda late=late: late).run_once().failure  # type: ignore[misc]
            if failure is None and not outbox.unsettled(desk.store):
                return
    yield f"not quiet after {_ROUNDS} exchanges: {failure}"
