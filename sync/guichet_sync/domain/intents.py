"""Intents: what a person did, as the one thing a post writes and a server takes in.

An intent is immutable from the first byte sent. Its id is made by the post (UUIDv7) and the server applies it once, whatever
happens to the replies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .category import Answer, Nature
from .location import Whereabouts
from .request import Channel, Requester, SyncState


class IntentKind(StrEnum):
    """What an intent asks of the server."""

    CREATE_REQUEST = "request.create"
    RECORD_ANSWER = "interaction.answer"


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


IntentBody = CreateRequest | RecordAnswer


@dataclass(frozen=True, slots=True)
class Intent:
    """An intent as kept in the outbox. ``lane`` is the target record: order holds within it, a failure stops it alone.

    ``body`` is the canonical JSON that is sent and hashed (``body_sha256``, hexadecimal). ``monotonic_ms`` and ``boot_id`` let
    the server find the true time when the post's clock is wrong.
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


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """What a person sees of an intent that waits, was refused or is on its way."""

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
