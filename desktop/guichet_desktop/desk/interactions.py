"""One call or one visit of one person, and the basket of what was done for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from guichet_sync.domain.interaction import Outcome
from guichet_sync.domain.request import Channel

from .desk import Desk


@dataclass(frozen=True, slots=True)
class Entry:
    """Something done for the person: the intent that says so, ``label`` (a fiche's title, a category's code), its number."""

    intent_id: str
    outcome: Outcome
    label: str
    at: datetime
    number: str = ""


@dataclass(frozen=True, slots=True)
class Interaction:
    """An interaction under way. What was done is in the outbox already; the basket only tells it."""

    id: str
    channel: Channel
    started_at: datetime
    entries: tuple[Entry, ...] = ()

    def with_entry(self, entry: Entry) -> Interaction:
        """This was done too."""
        return replace(self, entries=(*self.entries, entry))

    def without(self, intent_id: str) -> Interaction:
        """That was undone."""
        return replace(self, entries=tuple(each for each in self.entries if each.intent_id != intent_id))


def begin(desk: Desk, channel: Channel, id_: str = "") -> Interaction:
    """A person is on the line, or stands at the counter, from now on; ``id_`` where a form has it already."""
    return Interaction(id_ or desk.new_id(), channel, desk.now())
