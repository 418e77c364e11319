"""A record as it came down, its JSON made once for all that keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Body, FeedEntry


@dataclass(frozen=True, slots=True)
class Received:
    """``text`` is the canonical JSON of ``body``: unknown fields are in it too."""

    id: str
    revision: int
    body: Body
    text: str


def received(entries: Iterable[FeedEntry]) -> list[Received]:
    """The records that these entries bring, the last of each id; those whose body comes with a later entry are left out."""
    latest = {entry.id: entry for entry in entries if entry.body is not None}
    return [Received(each.id, each.revision, each.body or {}, codec.encode(each.body).decode()) for each in latest.values()]
