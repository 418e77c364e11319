"""A request being captured: kept on disk while it is typed, faithful to what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from guichet_sync.domain.category import Answer, Nature
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Requester
from guichet_sync.protocol import codec
from guichet_sync.store import work_unit

from .desk import Desk


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds. ``answers`` are by question code; a category changed later loses none of them.

    A draft that was a request before (taken back, or refused) keeps the ``number`` its person was told and the instant they
    asked: both stand when it is saved anew. ``number_spent``: the server knows that number as another request's.
    """

    id: str
    channel: Channel = Channel.PHONE
    category: str = ""
    nature: Nature | None = None
    where: Whereabouts = Whereabouts()
    answers: dict[str, Answer] = field(default_factory=dict)
    description: str = ""
    requester: Requester | None = None
    urgent: bool = False
    interaction_id: str = ""
    updated_at: datetime | None = None
    number: str = ""
    number_spent: bool = False
    asked_at: datetime | None = None

    def is_blank(self) -> bool:
        """Whether nothing was typed or chosen yet."""
        return replace(self, updated_at=None) == Draft(self.id, self.channel, interaction_id=self.interaction_id)


def new(desk: Desk, channel: Channel, interaction_id: str = "") -> Draft:
    """An empty form, of an interaction under way or of one of its own. Nothing is written until something is typed."""
    return Draft(desk.new_id(), channel, interaction_id=interaction_id or desk.new_id())


def save(desk: Desk, draft: Draft) -> Draft:
    """Keep the draft as it stands; an empty one is forgotten."""
    if draft.is_blank():
        discard(desk, draft.id)
        return draft
    kept = replace(draft, updated_at=desk.now())
    with work_unit.work_unit(desk.store) as work:
        work.save_draft(kept.id, codec.encode(kept), desk.now())
    return kept


def discard(desk: Desk, draft_id: str) -> None:
    """Forget a draft."""
    with work_unit.work_unit(desk.store) as work:
        work.remove_draft(draft_id)


def find(desk: Desk, draft_id: str) -> Draft | None:
    """The draft as it stands on disk; None where it was sent or forgotten meanwhile."""
    return next((each for each in waiting(desk) if each.id == draft_id), None)


def waiting(desk: Desk) -> tuple[Draft, ...]:
    """All drafts, the last touched first."""
    return tuple(codec.decode(body, Draft) for body in work_unit.drafts(desk.store))
