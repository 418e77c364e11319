"""What the exchange process tells, one JSON object a line. No personal data: spaces, counts, ids and numbers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from guichet_sync.domain.errors import BadReply
from guichet_sync.protocol import codec


class Link(StrEnum):
    """How the post stands with the server."""

    WORKING = "working"
    ONLINE = "online"
    OFFLINE = "offline"
    SIGNED_OUT = "signed_out"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class State:
    """The link, why it is so (a reason code), and what waits."""

    link: Link
    pending: int = 0
    refused: int = 0
    quarantined: int = 0
    code: str = ""
    last_exchange_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a space's first mirror is, in records."""

    space: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Changes:
    """A space changed: the kinds touched and how many records."""

    space: str
    kinds: tuple[str, ...]
    records: int


@dataclass(frozen=True, slots=True)
class Settled:
    """An intent's effect is in the mirror: its two numbers."""

    intent_id: str
    provisional_number: str
    number: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server said no to an intent; it is now a task for its author."""

    intent_id: str
    code: str


Event = State | Progress | Changes | Settled | Refused
_KINDS: dict[str, type[Event]] = {
    "state": State,
    "progress": Progress,
    "changes": Changes,
    "settled": Settled,
    "refused": Refused,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def encode(event: Event) -> str:
    """The event as one line of JSON."""
    return msgspec.json.encode({"event": _NAMES[type(event)], **codec.to_body(event)}).decode()


def decode(line: str | bytes) -> Event:
    """The event of a line.

    :raises BadReply: if it is none.
    """
    body = codec.decode(line, dict)
    kind = _KINDS.get(str(body.get("event")))
    if kind is None:
        raise BadReply("unknown_event")
    return codec.from_body(body, kind)
