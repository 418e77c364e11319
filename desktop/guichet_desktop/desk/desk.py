"""A desk: one signed-in person at one post, with what verbs need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import uuid_utils

from guichet_sync.protocol.messages import Person
from guichet_sync.store.post import PostStore


def new_id() -> str:
    """A UUIDv7: unique without a server, in the order of time."""
    return str(uuid_utils.uuid7())


def utc_now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk it is and where it keeps its work. ``now`` gives instants, ``new_id`` identifiers."""

    store: PostStore
    person: Person
    enrolment: str
    timezone: str
    now: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = new_id

    def local(self, at: datetime) -> datetime:
        """An instant on the city's own clock."""
        return at.astimezone(ZoneInfo(self.timezone))

    def local_now(self) -> datetime:
        """Now on the city's own clock."""
        return self.local(self.now())

    def today(self) -> date:
        """Today in the city."""
        return self.local_now().date()

    def close(self) -> None:
        """Close the files."""
        self.store.close()
