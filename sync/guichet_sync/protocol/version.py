"""Which protocol versions this code speaks.

A post states its range; the server answers in the highest version both know. A post that is too old may still push what it
captured, for the 24 months that :data:`OLDEST` follows :data:`OLDEST_READER`: only its pull stops.
"""

from __future__ import annotations

from dataclasses import dataclass

from guichet_sync.domain.errors import ProtocolMismatch

OLDEST = 1
"""The oldest version whose intents are taken."""
NEWEST = 1
OLDEST_READER = 1
"""The oldest version that may read feeds, snapshots and checksums."""
HEADER = "Guichet-Protocol"
"""Says the newest version a post speaks where no message does. Absent, it is the oldest one."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The versions one side speaks."""

    oldest: int = OLDEST
    newest: int = NEWEST
    oldest_reader: int = OLDEST_READER

    def agree(self, their_oldest: int, their_newest: int) -> int:
        """The highest version both sides know.

        :raises ProtocolMismatch: if there is none.
        """
        common = min(self.newest, their_newest)
        if common < max(self.oldest, their_oldest):
            raise ProtocolMismatch(ours=self.newest, theirs=their_newest)
        return common

    def check_reader(self, theirs: int) -> None:
        """A post whose newest version is ``theirs`` may read.

        :raises ProtocolMismatch: ``post_too_old``.
        """
        if theirs < self.oldest_reader:
            raise ProtocolMismatch("post_too_old", ours=self.oldest_reader, theirs=theirs)


OURS = Spoken()
