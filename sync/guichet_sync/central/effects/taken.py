"""What a handler is given, what it answers, and how it says no."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from guichet_sync.domain.errors import BadReply, Value
from guichet_sync.domain.request import TimelineEntry
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentEnvelope, IntentOutcome, Person

from ..capture_time import CaptureTime
from ..instance import Instance

MAX_TEXT = 10_000
"""Characters of what a person writes at length."""
MAX_LINE = 1_000
ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_CODE = re.compile(r"[A-Za-z0-9._-]{0,64}")
_WORDS = re.compile(r"[^\x00-\x1f\x7f]{0,200}")
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters that no person writes: of all, a text keeps tabs and ends of lines."""
Body = TypeVar("Body")


@dataclass(eq=False, slots=True)
class Refusal(Exception):
    """The intent is understood and not taken: nothing of it is kept but this answer. ``values`` hold no personal datum."""

    code: str
    outcome: IntentOutcome = IntentOutcome.REFUSED
    values: dict[str, Value] = field(default_factory=dict)
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """One intent on its way in: who brings it, under which enrolment's code, and when it was captured."""

    connection: Connection
    instance: Instance
    person: Person
    envelope: IntentEnvelope
    code: str
    captured: CaptureTime
    now: datetime

    def told(self, code: str, note: str = "") -> TimelineEntry:
        """What a request's timeline says of this intent."""
        return TimelineEntry(self.captured.at, code, self.person.display, note)


@dataclass(frozen=True, slots=True)
class Deed:
    """What an intent changed, for an undo of it: names and instants, never what a person wrote.

    ``entry`` is the place of its entry in the request's timeline, ``fields`` those that it edited, ``requester`` the record it
    added, ``before`` an instant that it replaced.
    """

    entry: int = -1
    fields: tuple[str, ...] = ()
    requester: str = ""
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a handler answers. ``effect`` says how far in which feed, ``deed`` is kept for an undo."""

    outcome: IntentOutcome = IntentOutcome.APPLIED
    number: str = ""
    code: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    effect: dict[str, int] = field(default_factory=dict)
    retry_after_s: float | None = None
    deed: Deed = Deed()


def decoded(taken: Taken, kind: type[Body]) -> Body:
    """The intent's body as its kind says.

    :raises Refusal: ``intent_shape``.
    """
    return of_shape(taken.envelope.body, kind)


def of_shape(body: str, kind: type[Body]) -> Body:
    """A body that is a ``kind``.

    :raises Refusal: ``intent_shape``.
    """
    try:
        return codec.decode(body, kind)
    except BadReply:
        raise Refusal("intent_shape") from None


def check_words(*given: str) -> None:
    """Short words on one line.

    :raises Refusal: ``intent_shape``.
    """
    if not all(_WORDS.fullmatch(each) for each in given):
        raise Refusal("intent_shape")


def check_codes(*given: str) -> None:
    """Codes of services and units, which may be left out.

    :raises Refusal: ``intent_shape``.
    """
    if not all(_CODE.fullmatch(each) for each in given):
        raise Refusal("intent_shape")


def check_text(text: str, field_name: str, most: int = MAX_TEXT) -> None:
    """What a person wrote.

    :raises Refusal: ``too_long``, or ``intent_shape`` for what nobody writes.
    """
    if len(text) > most:
        raise Refusal("too_long", values={"field": field_name})
    if _UNWRITTEN.search(text):
        raise Refusal("intent_shape")
