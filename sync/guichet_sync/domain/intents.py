"""Intents: what a person did, as the one thing a post writes and a server takes in.

An intent is immutable from the first byte sent. Its id is made by the post (UUIDv7) and the server applies it once, whatever
happens to the replies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from .category import Answer, Nature
from .errors import Value
from .location import Whereabouts
from .request import Channel, Requester, RequestStatus, SyncState


class IntentKind(StrEnum):
    """What an intent asks of the server."""

    CREATE_REQUEST = "request.create"
    JOIN_REQUEST = "request.join"
    ADD_NOTE = "request.note"
    EDIT_REQUEST = "request.edit"
    TRANSFER_REQUEST = "request.transfer"
    CHANGE_STATUS = "request.status"
    DECIDE_PROPOSAL = "request.proposal"
    RECORD_ANSWER = "interaction.answer"
    UNDO = "intent.undo"


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """A captured request. ``promised_on`` is what the person was told: it stands."""

    request_id: str
    provisional_number: str
    interaction_id: str
    channel: Channel
    nature: Nature
    category: str
    service: str
    unit: str = ""
    where: Whereabouts = Whereabouts()
    answers: dict[str, Answer] | None = None
    description: str = ""
    requester: Requester | None = None
    urgent: bool = False
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """A fiche that answered a person: nature information, no place, no name."""

    interaction_id: str
    article: str
    channel: Channel
    language: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """One more person asks for what was asked already. An addition: it never conflicts, but with a request that is closed."""

    request_id: str
    channel: Channel
    interaction_id: str = ""
    requester: Requester | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class AddNote:
    """A note on a request, for the city's people or for the person who asked too. An addition: it never conflicts."""

    request_id: str
    text: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One field as its author saw it, and as they want it. Both are the field's JSON value."""

    base: Any = None
    new: Any = None


EDITABLE = ("description", "where", "urgent")
"""Fields of a request that an edit may name; an answer is named ``answers/QUESTION``."""
ANSWER_FIELD = "answers/"


@dataclass(frozen=True, slots=True)
class EditRequest:
    """Some fields of a request, each with its base. A field that nobody touched meanwhile is changed; where another change came
    first, that one stays and this one is kept beside it as a :class:`~.request.Proposal`.
    """

    request_id: str
    fields: dict[str, FieldEdit]


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """A request goes from the service (and unit) where its author saw it to another. Elsewhere already: a conflict."""

    request_id: str
    from_service: str
    service: str
    from_unit: str = ""
    unit: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """A request's status changes from the one its author saw. Another one already: a conflict. ``reason`` is a reason code."""

    request_id: str
    expected: RequestStatus
    status: RequestStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DecideProposal:
    """A proposal on a request is taken over, or dropped."""

    request_id: str
    proposal: str
    accept: bool


@dataclass(frozen=True, slots=True)
class UndoIntent:
    """What the same person's earlier intent of this lane did is undone, as far as nobody built on it: else a conflict."""

    intent_id: str


IntentBody = (
    CreateRequest
    | JoinRequest
    | AddNote
    | EditRequest
    | TransferRequest
    | ChangeStatus
    | DecideProposal
    | RecordAnswer
    | UndoIntent
)


@dataclass(frozen=True, slots=True)
class Intent:
    """An intent as kept in the outbox. ``lane`` is the target record: order holds within it, a failure stops it alone.

    ``body`` is the canonical JSON that is sent and hashed (``body_sha256``, hexadecimal). ``monotonic_ms`` and ``boot_id`` let
    the server find the true time when the post's clock is wrong. ``official_number`` is that of an earlier answer to it: it is
    no part of what was said, and goes with it should a server have lost both.
    """

    intent_id: str
    enrolment: str
    kind: str
    lane: str
    body: bytes
    body_sha256: str
    captured_at: datetime
    monotonic_ms: int = 0
    boot_id: str = ""
    base_revision: int = 0
    official_number: str = ""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """What a person sees of an intent that waits, was refused or is on its way. ``values`` are those of the server's reason,
    ``effect`` tells in which feeds, and how far, the effect of one that it took in stands.
    """

    intent_id: str
    kind: str
    number: str
    author: str
    state: SyncState
    attempts: int
    captured_at: datetime
    last_error: str = ""
    label: str = ""
    official_number: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    effect: dict[str, int] = field(default_factory=dict)
