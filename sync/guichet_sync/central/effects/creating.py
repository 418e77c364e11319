"""Captured requests: routed, numbered, and put in their services' spaces, one or many in the same statements."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.intents import CreateRequest
from guichet_sync.domain.request import Request, RequestStatus, TimelineEntry
from guichet_sync.domain.routing import Routing, RoutingRule, route
from guichet_sync.domain.spaces import TAXONOMY, requester_space, requests_space
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import RequesterOf, RoutingTable

from .. import records
from ..feed import spaces_of
from ..numbers import of_requests, officials, remember
from ..publish import Change, Publication
from . import standing
from .taken import ID, MAX_TEXT, Done, Refusal, Taken, decoded


def create_requests(takens: Sequence[Taken]) -> list[Done]:
    """New requests of one person, and their requesters in spaces of their own."""
    connection, tenant = takens[0].connection, takens[0].instance.tenant
    asked = [_asked(taken) for taken in takens]
    plans = _plans(connection, tenant, {each.category for each in asked})
    numbers = _official_numbers(takens)
    # Only now, under the lock of the numbers' counter: no other capture can slip in between this look and the commit.
    ids = {each.request_id for each in asked}
    if len(ids) < len(asked) or of_requests(connection, tenant, ids):
        raise Refusal("request_exists")
    requests = [
        _request(taken, each, plans[each.category], number) for taken, each, number in zip(takens, asked, numbers, strict=True)
    ]
    _give_numbers(connection, tenant, requests)
    publication = Publication(connection, tenant)
    news = zip(takens, asked, requests, strict=True)
    publication.put(change for taken, each, request in news for change in _changes(taken, each, request, plans[each.category]))
    heads = publication.commit_order()
    # A post waits for the effect it is told of: one in a space that it does not read would never come.
    readable = spaces_of(connection, takens[0].instance, takens[0].person)
    return [_done(request, heads, readable) for request in requests]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is known of requests of one category before anything is asked."""

    category: Category
    rules: tuple[RoutingRule, ...]


def _plans(connection: Connection, tenant: str, codes: Collection[str]) -> dict[str, _Plan]:
    bodies = records.bodies(connection, tenant, TAXONOMY, ("category", "routing"), codes)
    return {code: _plan(bodies.get(("category", code), ""), bodies.get(("routing", code), "")) for code in codes}


def _plan(category: str, routing: str) -> _Plan:
    if not category:  # a retired one is taken: an old post may still use it
        raise Refusal("unknown_category")
    rules = codec.decode(routing, RoutingTable).rules if routing else ()
    return _Plan(codec.decode(category, Category), rules)


def _give_numbers(connection: Connection, tenant: str, requests: Sequence[Request]) -> None:
    given = [(number, each) for each in requests for number in (each.number, each.provisional_number) if number]
    owners = {number: (each.id, requests_space(each.service)) for number, each in given}
    if len(owners) < len(given) or remember(connection, tenant, owners):
        raise Refusal("number_taken")


def _done(request: Request, heads: Mapping[str, int], readable: Container[str]) -> Done:
    space = requests_space(request.service)
    return Done(number=request.number, effect={space: heads[space]} if space in readable else {})


def _asked(taken: Taken) -> CreateRequest:
    """What is asked, as far as it can be judged without looking anything up."""
    asked = decoded(taken, CreateRequest)
    if not ID.fullmatch(asked.request_id):
        raise Refusal("intent_shape")
    if len(asked.description) > MAX_TEXT:
        raise Refusal("description_too_long")
    if asked.provisional_number:
        _check_number(asked.provisional_number, taken.code)
    return asked


def _check_number(provisional: str, code: str) -> None:
    """A number is of the enrolment that captured: nobody takes another's away."""
    try:
        number = ProvisionalNumber.parse(provisional)
    except InvalidInput as error:
        raise Refusal(error.code) from None
    if number.code != code or str(number) != provisional:
        raise Refusal("not_the_author")


def _official_numbers(takens: Sequence[Taken]) -> list[str]:
    """The next ones of the year it is in the city, or those that these captures had before a restore."""
    first = takens[0]
    year = f"{first.now.astimezone(ZoneInfo(first.instance.timezone)).year % 100:02d}"
    return officials(first.connection, first.instance.tenant, year, [taken.envelope.number for taken in takens])


def _request(taken: Taken, asked: CreateRequest, plan: _Plan, number: str) -> Request:
    category = plan.category
    routing = route(plan.rules, category.code, category.service, asked.where)
    return Request(
        id=asked.request_id,
        category=category.code,
        service=routing.service,
        status=RequestStatus.TRANSMITTED,
        captured_at=taken.captured.at,
        nature=asked.nature,
        channel=asked.channel,
        number=number,
        provisional_number=asked.provisional_number,
        unit=routing.unit.code if routing.unit else "",
        where=asked.where,
        answers=asked.answers,
        description=asked.description,
        urgent=asked.urgent or category.is_urgent(asked.answers or {}),
        promised_on=asked.promised_on,
        received_at=taken.now,
        sent_at=taken.now,
        requester_count=int(asked.requester is not None),
        approximate=taken.captured.approximate,
        timeline=_timeline(taken, routing),
    )


def _timeline(taken: Taken, routing: Routing) -> tuple[TimelineEntry, ...]:
    return (
        TimelineEntry(taken.captured.at, "captured", taken.person.display),
        TimelineEntry(taken.now, "transmitted", routing.unit.code if routing.unit else routing.service),
    )


def _changes(taken: Taken, asked: CreateRequest, request: Request, plan: _Plan) -> Iterator[Change]:
    """The request in its service's space, its requester in a space of their own."""
    intent = taken.envelope.intent_id
    yield Change(requests_space(request.service), "request", request.id, request, intent=intent)
    if asked.requester is not None:
        person = RequesterOf(request.id, asked.requester, asked.channel)
        space = requester_space(request.service, confidential=plan.category.confidential)
        yield Change(space, "requester", standing.requester_id(request, 1), person, intent=intent)
