"""A record as it came down, its JSON made once for all that keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import FeedEntry

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Received:
    """``data`` is the canonical JSON of the body, in UTF-8: unknown fields are in it too."""

    id: str
    revision: int
    data: bytes

    @property
    def text(self) -> str:
        """The body as it is stored."""
        return self.data.decode()

    def read(self, kind: type[Record]) -> Record:
        """The domain record.

        :raises BadReply: it has not that shape.
        """
        return codec.decode_record(self.data, kind)


def received(entries: Iterable[FeedEntry]) -> list[Received]:
    """The records that these entries bring, the last of each id; those whose body comes with a later entry are left out."""
    latest = {entry.id: entry for entry in entries if entry.body is not None}
    return [Received(each.id, each.revision, codec.encode(each.body)) for each in latest.values()]
