"""How far each enrolment says it is in each space: what acknowledges an erasure.

Written after the reading that it goes with, in a transaction of its own, only where something changed and seldom: a post that
reads costs no write each time. What could not be written now is written with one of the next requests.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.exc import DBAPIError

from guichet_sync.protocol.messages import FeedReply, FeedRequest, Operation

from . import schema
from .database import is_contention, writing
from .instance import Instance
from .upsert import insert

GAP_S = 5.0
"""Between two writes for one enrolment, and after one that another transaction did not let through."""
_FARTHEST = 2**63
_TABLE = schema.reader
_log = logging.getLogger(__name__)

Place = tuple[str, int]
"""An epoch and a place in its feed; :data:`_UNKNOWN` where a post holds something, nobody knows what."""
_UNKNOWN: Place = ("", 0)


@dataclass(slots=True)
class _Noted:
    """What was written last for an enrolment. ``urgent``: a removal is on its way to it, its next word is awaited."""

    places: dict[str, Place] = field(default_factory=dict)
    readable: tuple[str, ...] = ()
    at: float = float("-inf")
    urgent: bool = False


class Readers:
    """Notes, in one process, how far enrolments are."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._noted: dict[str, _Noted] = {}
        self._writing = threading.Lock()
        self._resting_until = float("-inf")

    def heard(self, instance: Instance, enrolment: str, asked: FeedRequest, reply: FeedReply) -> None:
        """An enrolment said where it is, and was told this."""
        now, last = self._clock(), self._noted.setdefault(enrolment, _Noted())
        places = _places(instance, asked, reply)
        changed = (places, reply.readable) != (last.places, last.readable)
        if changed and now >= self._resting_until and (last.urgent or now - last.at >= GAP_S):
            self._write(instance, enrolment, _Noted(places, reply.readable, now))
        self._noted[enrolment].urgent = _awaited(asked, reply)

    def _write(self, instance: Instance, enrolment: str, new: _Noted) -> None:
        """One thread at a time writes: behind a long transaction, the others go on answering."""
        if not self._writing.acquire(blocking=self._noted[enrolment].urgent):
            return
        try:
            with writing(self._engine) as connection:
                note(connection, instance.tenant, enrolment, new.places, new.readable)
            self._noted[enrolment] = new
        except DBAPIError as error:
            self._resting_until = self._clock() + GAP_S
            if not is_contention(error):
                _log.warning("readers not noted: %s", type(error.orig).__name__)
        finally:
            self._writing.release()


def _places(instance: Instance, asked: FeedRequest, reply: FeedReply) -> dict[str, Place]:
    """Where the post is, by its own words, and what it begins to hold by ours."""
    places = {cursor.space: _place(instance, cursor.epoch, cursor.seq) for cursor in asked.cursors}
    for page in reply.pages:
        places.setdefault(page.space, _UNKNOWN)
    return places


def _place(instance: Instance, epoch: str, seq: int) -> Place:
    return (epoch, seq) if epoch == instance.epoch and 0 <= seq < _FARTHEST else _UNKNOWN


def _awaited(asked: FeedRequest, reply: FeedReply) -> bool:
    """Whether the post was just told to erase or remove something, or to give a space up."""
    if any(cursor.space not in reply.readable for cursor in asked.cursors):
        return True
    return any(entry.operation is not Operation.PUT for page in reply.pages for entry in page.entries)


def note(connection: Connection, tenant: str, enrolment: str, places: Mapping[str, Place], readable: Collection[str]) -> None:
    """Write where an enrolment is. A space it no longer names is one it begins anew, or gave up where it may not read it."""
    mine = (_TABLE.c.tenant == tenant, _TABLE.c.enrolment == enrolment)
    rows = connection.execute(select(_TABLE.c.space, _TABLE.c.epoch, _TABLE.c.seq).where(*mine))
    old: dict[str, Place] = {space: (epoch, seq) for space, epoch, seq in rows}
    new = {space: place for space, place in places.items() if space in readable or space in old}
    new |= {space: _UNKNOWN for space in old if space not in new and space in readable}
    given_up = old.keys() - new.keys()
    if given_up:
        connection.execute(delete(_TABLE).where(*mine, _TABLE.c.space.in_(given_up)))
    moved = {space: place for space, place in new.items() if old.get(space) != place}
    if moved:
        _upsert(connection, tenant, enrolment, moved)


def _upsert(connection: Connection, tenant: str, enrolment: str, places: Mapping[str, Place]) -> None:
    now = datetime.now(UTC)
    rows = [
        {"tenant": tenant, "space": space, "enrolment": enrolment, "epoch": epoch, "seq": seq, "at": now}
        for space, (epoch, seq) in sorted(places.items())
    ]
    statement = insert(connection, _TABLE)
    said = {name: statement.excluded[name] for name in ("epoch", "seq", "at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant", "space", "enrolment"], set_=said), rows)
