"""Which protocol versions this code speaks.

A post states its range; the server answers in the highest version both know. A post that is too old may still push what it
captured: only its pull stops.
"""

from __future__ import annotations

from guichet_sync.domain.errors import ProtocolMismatch

OLDEST = 1
NEWEST = 1


def agree(their_oldest: int, their_newest: int) -> int:
    """The highest version both sides know.

    :raises ProtocolMismatch: if there is none.
    """
    common = min(NEWEST, their_newest)
    if common < max(OLDEST, their_oldest):
        raise ProtocolMismatch(ours=NEWEST, theirs=their_newest)
    return common
