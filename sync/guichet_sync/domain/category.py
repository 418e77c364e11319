"""The taxonomy: services, categories, and the questions a category asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .delay import StandardDelay
from .words import Bilingual

Answer = str | tuple[str, ...]
"""An answer as kept: text, or the keys chosen in a multi-valued list."""


class Nature(StrEnum):
    """What the person wants of the city."""

    REQUEST = "request"
    INFORMATION = "information"
    COMPLAINT = "complaint"
    COMMENT = "comment"


class Datatype(StrEnum):
    """Datatypes of Open311 GeoReport v2 attributes."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    SINGLE = "singlevaluelist"
    MULTI = "multivaluelist"


class PlaceKind(StrEnum):
    """Kinds of places a category can be about; a category with none needs no place."""

    ADDRESS = "address"
    INTERSECTION = "intersection"
    SEGMENT = "segment"
    PLACE = "place"
    ASSET = "asset"


class Identity(StrEnum):
    """Whether a category needs to know the person."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class DuplicateMode(StrEnum):
    """What to propose when a similar request is open: ask, propose joining, or never look."""

    ASK = "ask"
    JOIN = "join"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Service:
    """A municipal service (never a layer of code)."""

    code: str
    name: Bilingual
    phone: str = ""
    on_duty_phone: str = ""
    hours: Bilingual = Bilingual("")
    transfer: Bilingual = Bilingual("")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list question; ``key`` is what is stored."""

    key: str
    name: Bilingual


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a category's form."""

    code: str
    label: Bilingual
    datatype: Datatype
    required: bool = False
    values: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """How far (metres; 0 is the very same place) and how long back (days) a similar open request may be."""

    radius_m: float = 0
    window_days: int = 0
    mode: DuplicateMode = DuplicateMode.NEVER


@dataclass(frozen=True, slots=True)
class UrgentWhen:
    """A condition that makes a request urgent: always, or when ``question`` is answered by ``value``."""

    question: str = ""
    value: str = ""
    always: bool = False

    def holds(self, answers: dict[str, Answer]) -> bool:
        """Whether these answers make the request urgent."""
        if self.always:
            return True
        given = answers.get(self.question, "")
        return self.value == given or (isinstance(given, tuple) and self.value in given)


@dataclass(frozen=True, slots=True)
class Category:
    """A type of request: who deals with it, what is asked, how long it takes."""

    code: str
    service: str
    name: Bilingual
    nature: Nature = Nature.REQUEST
    delay: StandardDelay = StandardDelay()
    duplicate: DuplicateRule = DuplicateRule()
    places: tuple[PlaceKind, ...] = ()
    questions: tuple[Question, ...] = ()
    synonyms_fr: tuple[str, ...] = ()
    synonyms_en: tuple[str, ...] = ()
    urgent: tuple[UrgentWhen, ...] = ()
    urgent_note: Bilingual | None = None
    identity: Identity = Identity.OPTIONAL
    confidential: bool = False
    retired: bool = False

    def is_urgent(self, answers: dict[str, Answer]) -> bool:
        """Whether any of the urgent conditions holds for ``answers``."""
        return any(condition.holds(answers) for condition in self.urgent)
