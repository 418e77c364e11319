"""Finding: fiches, categories, places, requests. All from the post's own disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guichet_sync.domain.article import Article, SearchResult
from guichet_sync.domain.category import Category, Service
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.location import Collection, Location, Material, Whereabouts
from guichet_sync.domain.request import RequestView
from guichet_sync.domain.routing import Unit
from guichet_sync.domain.words import Language
from guichet_sync.store import catalogue, places, projection
from guichet_sync.store import search as fiches
from guichet_sync.store.place_words import place_words
from guichet_sync.store.projection import RequestFilter, RequestLine, RequestList

from .desk import Desk

COLLECTIONS_SHOWN = 12
_CANDIDATES = 50


def search(desk: Desk, text: str, language: Language, limit: int = 20) -> SearchResult:
    """The fiches that answer ``text``, best first."""
    return fiches.search(desk.store, text, language, limit, desk.today())


def article(desk: Desk, article_id: str) -> Article:
    """A fiche, all its parts.

    :raises NotFound: there is none of that id on this post.
    """
    return fiches.article(desk.store, article_id)


def addresses(desk: Desk, text: str, limit: int = 8) -> tuple[Location, ...]:
    """Places whose words begin as typed."""
    return places.addresses(desk.store, text, limit)


def location(desk: Desk, location_id: str) -> Location:
    """A known place.

    :raises NotFound: there is none of that id on this post.
    """
    return places.location(desk.store, location_id)


def place_named(desk: Desk, text: str) -> Whereabouts:
    """The one place that bears all the words of ``text`` (or no other word); words that begin no known place are kept: a place
    to be located.

    :raises InvalidInput: ``location_ambiguous`` where several places would do: a machine does not guess.
    """
    found = addresses(desk, text, _CANDIDATES)
    wanted = set(place_words(text))
    named = [place for place in found if wanted.issubset(place_words(place.label))]
    whole = [place for place in named if wanted.issuperset(place_words(place.label))]
    if len(whole or named) == 1:
        return Whereabouts.of((whole or named)[0])
    if found:
        raise InvalidInput("location_ambiguous", field="location", count=len(named or found))
    return Whereabouts(label=text)


def collections(desk: Desk, location_id: str, since: date | None = None) -> tuple[str, tuple[Collection, ...]]:
    """The collection sector of a place, and its next collections from ``since`` (today) on.

    :raises NotFound: there is no such place on this post.
    """
    sector = places.location(desk.store, location_id).sector
    return sector, places.collections(desk.store, sector, since or desk.today(), COLLECTIONS_SHOWN)


def materials(desk: Desk) -> dict[str, Material]:
    """What is collected, by key."""
    return {material.key: material for material in places.materials(desk.store)}


def categories(desk: Desk) -> tuple[Category, ...]:
    """The categories in use."""
    return catalogue.categories(desk.store)


def category(desk: Desk, code: str) -> Category:
    """A category.

    :raises InvalidInput: ``unknown_category``.
    """
    return catalogue.category(desk.store, code)


def services(desk: Desk) -> dict[str, Service]:
    """The city's services, by code."""
    return {service.code: service for service in catalogue.services(desk.store)}


def unit(desk: Desk, category_code: str, unit_code: str) -> Unit | None:
    """A team that requests of a category may go to, or None where this post knows none of that code."""
    rules = catalogue.routing_rules(desk.store, category_code)
    return next((rule.unit for rule in rules if rule.unit.code == unit_code), None)


def request(desk: Desk, number: str) -> RequestView:
    """The request of an official or provisional number (as typed), or of an id.

    :raises NotFound: this post knows none. :raises InvalidInput: ``number_check``, a character of it is wrong.
    """
    return projection.request(desk.store, _tidy(number))


def requests(desk: Desk, wanted: RequestFilter) -> RequestList:
    """A page of requests, newest first."""
    return projection.requests(desk.store, wanted)


def request_ids(desk: Desk, wanted: RequestFilter) -> tuple[str, ...]:
    """The ids of all the requests that match, in the order of their list: its lines are read where one looks."""
    return projection.request_ids(desk.store, wanted)


def request_lines(desk: Desk, ids: Sequence[str]) -> dict[str, RequestLine]:
    """The lines of these requests by id, a few hundred at most; those that left this post's reach are missing."""
    return projection.request_lines(desk.store, ids)


def _tidy(number: str) -> str:
    try:
        return str(ProvisionalNumber.parse(number))
    except InvalidInput as error:
        if error.code == "number_check":
            raise
        return number.strip()
