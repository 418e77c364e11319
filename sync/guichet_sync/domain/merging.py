"""What becomes of an edit that may have met another one, and whether somebody built on what is to be undone.

Values are whatever two sides compare: equal values are the same value. Nothing here is ordered by a clock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from .request import RequestStatus, TimelineEntry

UNDONE = "undone"
"""The code of a timeline's entry that takes an earlier one back, whose code is its note."""
EDITED, PROPOSED = "edited", "proposed"
"""What a timeline says of an edit's fields: of those that changed, and of those that were kept as proposals."""
NOTE_WITHDRAWN = "note_withdrawn"
"""What stands in a timeline where a note was."""
TRANSFERRED = "transferred"
STATUS_CODES = frozenset(map(str, RequestStatus))
"""The codes of a timeline that tell of a status are the statuses' own."""


class Meeting(StrEnum):
    """How a field's edit meets what is found: it is applied, it asks for nothing (more), or it is kept as a proposal."""

    APPLIED = "applied"
    NOTHING = "nothing"
    PROPOSED = "proposed"


def meet(found: Any, base: Any, new: Any) -> Meeting:
    """What to do with an edit from ``base`` to ``new`` where the field is ``found`` to be now."""
    if new in (base, found):
        return Meeting.NOTHING
    return Meeting.APPLIED if found == base else Meeting.PROPOSED


def built_upon(timeline: Sequence[TimelineEntry], entry: int, codes: Collection[str] | None = None) -> bool:
    """Whether anything of these ``codes`` (of any, if None) came after the timeline's entry number ``entry`` and still stands."""
    standing: list[str] = []
    for each in timeline[entry + 1 :]:
        if each.code == UNDONE and each.note in standing:
            standing.remove(each.note)
        elif each.code != NOTE_WITHDRAWN and (codes is None or each.code in codes):
            standing.append(each.code)
    return bool(standing)
