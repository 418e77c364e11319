"""Kinds of records that travel down a feed, and the domain type of each body.

==============  ==================  =============================================
kind            space               body
==============  ==================  =============================================
article         kb                  :class:`~guichet_sync.domain.article.Article`
service         taxonomy            :class:`~guichet_sync.domain.category.Service`
category        taxonomy            :class:`~guichet_sync.domain.category.Category`
routing         taxonomy            :class:`RoutingTable` (one a category)
closed_day      taxonomy            :class:`ClosedDay`
material        places              :class:`~guichet_sync.domain.location.Material`
location        places              :class:`~guichet_sync.domain.location.Location`
collections     places              :class:`CollectionCalendar` (one a sector)
request         requests/CODE       :class:`~guichet_sync.domain.request.Request`
requester       people/CODE,        :class:`RequesterOf`
                confidential/CODE
==============  ==================  =============================================
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guichet_sync.domain import spaces
from guichet_sync.domain.article import Article
from guichet_sync.domain.category import Category, Service
from guichet_sync.domain.location import Collection, Location, Material
from guichet_sync.domain.request import Request, Requester
from guichet_sync.domain.routing import RoutingRule
from guichet_sync.domain.words import Bilingual


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """All routing rows of one category."""

    category: str
    rules: tuple[RoutingRule, ...]


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which working days do not run."""

    on: date
    name: Bilingual


@dataclass(frozen=True, slots=True)
class CollectionCalendar:
    """All pick-ups of one sector."""

    sector: str
    name: Bilingual
    collections: tuple[Collection, ...]


@dataclass(frozen=True, slots=True)
class RequesterOf:
    """A requester of a request; the record's id is ``REQUEST/RANK`` since several people may join one request."""

    request_id: str
    requester: Requester
    channel: str = ""


KINDS: dict[str, type] = {
    "article": Article,
    "service": Service,
    "category": Category,
    "routing": RoutingTable,
    "closed_day": ClosedDay,
    "material": Material,
    "location": Location,
    "collections": CollectionCalendar,
    "request": Request,
    "requester": RequesterOf,
}
"""The body's type by kind. A kind that is not here is kept raw by a post, for the update that knows it."""

_SPACES = {
    spaces.KNOWLEDGE: {"article"},
    spaces.TAXONOMY: {"service", "category", "routing", "closed_day"},
    spaces.PLACES: {"material", "location", "collections"},
    "requests": {"request"},
    "people": {"requester"},
    "confidential": {"requester"},
}


def belongs(kind: str, space: str) -> bool:
    """Whether records of this known ``kind`` may stand in ``space``."""
    return kind in _SPACES.get(space.partition("/")[0], ())


def request_of(kind: str, record_id: str) -> str:
    """The request that a record is about: the one a requester asked for, else itself. An imported one is called by its number,
    which may have a slash.
    """
    return record_id.rpartition("/")[0] if kind == "requester" else record_id
