"""A request as everyone sees it, whatever the channel it came by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from .category import Answer, Nature
from .location import Whereabouts


class Channel(StrEnum):
    """How a person reached the city."""

    PHONE = "phone"
    COUNTER = "counter"
    WEB = "web"
    MOBILE = "mobile"
    EMAIL = "email"
    MAIL = "mail"


class RequestStatus(StrEnum):
    """The life of a request; ``WAITING`` exists only on the post that captured it."""

    WAITING = "waiting"
    TRANSMITTED = "transmitted"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    PENDING_REQUESTER = "pending_requester"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    REOPENED = "reopened"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self not in (RequestStatus.DONE, RequestStatus.REFUSED, RequestStatus.CANCELLED)

    def may_become(self, other: RequestStatus) -> bool:
        """Whether a person may change this status into ``other``: an open one into any that follows, a closed one is reopened."""
        if not self.is_open:
            return other is RequestStatus.REOPENED
        return other not in (self, RequestStatus.WAITING, RequestStatus.TRANSMITTED, RequestStatus.REOPENED)


class Capacity(StrEnum):
    """In which capacity a person asks."""

    CITIZEN = "citizen"
    TENANT = "tenant"
    OWNER = "owner"
    ORGANISATION = "organisation"
    ELECTED = "elected"
    EMPLOYEE = "employee"


@dataclass(frozen=True, slots=True)
class Requester:
    """A person tied to a request. Every field may stay empty; an anonymous request has no requester at all."""

    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = "fr"
    prefers: str = ""
    on_behalf_of: str = ""
    capacity: Capacity = Capacity.CITIZEN

    @property
    def is_reachable(self) -> bool:
        """Whether the city could get back to this person."""
        return bool(self.phone or self.email)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened to a request: a code, who did it and when, and its reason."""

    at: datetime
    code: str
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit that met another one: ``found`` stands, ``proposed`` is what its author wanted instead of the ``base`` they saw.

    ``id`` is that of its intent and field. Values are the field's JSON; both authors see them until somebody decides.
    """

    id: str
    field: str
    proposed: Any = None
    base: Any = None
    found: Any = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request without its requester, who stands in a space of its own (see ``spaces``).

    ``captured_at`` is when the person asked, ``received_at`` when the server had it, ``sent_at`` when the service had it: the
    standard delay runs from ``sent_at``, the citizen's wait from ``captured_at``, and the promise told at capture stands.
    """

    id: str
    category: str
    service: str
    status: RequestStatus
    captured_at: datetime
    nature: Nature = Nature.REQUEST
    channel: Channel = Channel.PHONE
    number: str = ""
    provisional_number: str = ""
    unit: str = ""
    where: Whereabouts = Whereabouts()
    answers: dict[str, Answer] | None = None
    description: str = ""
    urgent: bool = False
    promised_on: date | None = None
    received_at: datetime | None = None
    sent_at: datetime | None = None
    closed_at: datetime | None = None
    requester_count: int = 0
    approximate: bool = False
    timeline: tuple[TimelineEntry, ...] = ()
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestSummary:
    """A line of a list of requests. ``opened_at`` is the capture's instant."""

    id: str
    number: str
    provisional_number: str
    category: str
    service: str
    status: RequestStatus
    opened_at: datetime
    where: Whereabouts = Whereabouts()
    promised_on: date | None = None
    urgent: bool = False
    requester_count: int = 0


class SyncState(StrEnum):
    """Where a piece of work stands between the post and the server."""

    WAITING = "waiting"
    SEALED = "sealed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    QUARANTINED = "quarantined"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as a desk shows it: mirrored row or pending capture, its requester where the role may know, its sync state.

    ``moving``: it is not where it is shown yet, a transfer is on its way to the server.
    """

    request: Request
    requester: Requester | None
    sync_state: SyncState
    refusal: str = ""
    moving: bool = False
