"""What a post, a server or an administrator does until it dies."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

from guichet_desktop.desk import capture, follow_up
from guichet_desktop.desk.desk import Desk
from guichet_sync.domain.request import Channel
from guichet_sync.domain.words import Language
from guichet_sync.store import projection
from tests.helpers.central import AGENT, SECOND_AGENT
from tests.helpers.posts import exchanged

from .stage import AGENTS, CITY, ERASED, NOWHERE, RESTORED, Setting, captured, erase

Say = Callable[[str], None]
"""Told the provisional number of each request that the desk called saved."""


class Victim(StrEnum):
    """Who dies."""

    POST = "post"
    SERVER = "server"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Cycle:
    """``prepare`` is done before anybody can die, ``act`` until somebody does: by the victim, or at a post whose server it is.
    ``agents`` are the people of the post who have a part in it.
    """

    name: str
    victim: Victim
    server: str
    act: Callable[[Setting, Say], None]
    prepare: Callable[[Setting, Say], None] = lambda _setting, _say: None
    agents: tuple[str, ...] = (AGENT,)


def _day(setting: Setting, say: Say) -> None:
    with closing(setting.desk()) as desk:
        _captures(desk, say, 2)
        capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
        follow_up.note(desk, projection.request(desk.store, setting.stage.known).request, "Rappelé.")
        exchanged(desk)
        _captures(desk, say, 1)
        exchanged(desk)


def _exchange(setting: Setting, _say: Say) -> None:
    with closing(setting.desk()) as desk:
        exchanged(desk)
        exchanged(desk)


def _carry(setting: Setting, say: Say) -> None:
    """One agent's exchange finds no server and leaves boxes; another's delivers them."""
    _leave_boxes(setting, say)
    _deliver(setting, say)


def _leave_boxes(setting: Setting, say: Say) -> None:
    setting.connect(NOWHERE, AGENT)
    with closing(setting.desk()) as desk:
        _captures(desk, say, 2)
        exchanged(desk)


def _deliver(setting: Setting, _say: Say) -> None:
    with closing(setting.desk(SECOND_AGENT)) as desk:
        exchanged(desk)


def _work_waits(setting: Setting, say: Say) -> None:
    with closing(setting.desk()) as desk:
        _captures(desk, say, 3)
        capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)


def _without_mirrors(setting: Setting, say: Say) -> None:
    """The post begins anew, with a request to send."""
    with closing(setting.desk()) as desk:
        _captures(desk, say, 1)
        mirrors = desk.store.files[:2]
    for each in mirrors:
        for suffix in ("", "-wal", "-shm"):
            each.with_name(each.name + suffix).unlink(missing_ok=True)


def _without_mirrors_nor_snapshots(setting: Setting, say: Say) -> None:
    _without_mirrors(setting, say)
    for each in (setting.data / "snapshots").glob("*"):
        each.unlink()


def _erase(setting: Setting, _say: Say) -> None:
    erase(setting.data, setting.stage.known)


def _captures(desk: Desk, say: Say, count: int) -> None:
    for _ in range(count):
        say(captured(desk).provisional_number)


CYCLES = (
    Cycle("a day: captures, push, receipts, pull, settle", Victim.POST, CITY, _day),
    Cycle("first mirror", Victim.POST, CITY, _exchange, _without_mirrors),
    Cycle("a server back from a backup", Victim.POST, RESTORED, _exchange, _work_waits),
    Cycle("people erased", Victim.POST, ERASED, _exchange, _work_waits),
    Cycle("boxes for a courier", Victim.POST, CITY, _carry, agents=AGENTS),
    Cycle("take-in and publish", Victim.SERVER, CITY, _exchange, _work_waits),
    Cycle("snapshots", Victim.SERVER, CITY, _exchange, _without_mirrors_nor_snapshots),
    Cycle("courier", Victim.SERVER, CITY, _deliver, _leave_boxes, AGENTS),
    Cycle("erasure", Victim.ADMINISTRATOR, CITY, _erase, _work_waits),
)
