"""A captured request: routed, numbered, and put in its service's space."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.intents import CreateRequest
from guichet_sync.domain.request import Request, RequestStatus, TimelineEntry
from guichet_sync.domain.routing import Routing, route
from guichet_sync.domain.spaces import TAXONOMY, requester_space, requests_space
from guichet_sync.protocol.records import RequesterOf

from .. import records
from ..feed import spaces_of
from ..numbers import of_requests, official, remember
from ..publish import Change, Publication
from . import standing
from .taken import ID, MAX_TEXT, Done, Refusal, Taken, decoded


def create_request(taken: Taken) -> Done:
    """A new request, and its requester in a space of their own."""
    asked = _asked(taken)
    tenant, intent_id = taken.instance.tenant, taken.envelope.intent_id
    category = records.one(taken.connection, tenant, (TAXONOMY, "category"), asked.category, Category)
    if category is None:  # a retired one is taken: an old post may still use it
        raise Refusal("unknown_category")
    number = _official_number(taken)
    # Only now, under the lock of the number's counter: no other capture can slip in between this look and the commit.
    if of_requests(taken.connection, tenant, [asked.request_id]):
        raise Refusal("request_exists")
    request = _request(taken, asked, category, number)
    space = requests_space(request.service)
    owners = {each: (request.id, space) for each in (number, asked.provisional_number) if each}
    if remember(taken.connection, tenant, owners):
        raise Refusal("number_taken")
    publication = Publication(taken.connection, tenant, intent_id)
    publication.put(_changes(asked, request, confidential=category.confidential))
    effect = publication.commit_order()
    # A post waits for the effect it is told of: one in a space that it does not read would never come.
    shown = {space: effect[space]} if space in spaces_of(taken.connection, taken.instance, taken.person) else {}
    return Done(number=number, effect=shown)


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


def _official_number(taken: Taken) -> str:
    """The next one of the year it is in the city, or the one that this capture had before a restore."""
    year = f"{taken.now.astimezone(ZoneInfo(taken.instance.timezone)).year % 100:02d}"
    return official(taken.connection, taken.instance.tenant, year, told=taken.envelope.number)


def _request(taken: Taken, asked: CreateRequest, category: Category, number: str) -> Request:
    rules = records.routing_rules(taken.connection, taken.instance.tenant, category.code)
    routing = route(rules, category.code, category.service, asked.where)
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


def _changes(asked: CreateRequest, request: Request, *, confidential: bool) -> list[Change]:
    """The request in its service's space, its requester in a space of their own."""
    changes = [Change(requests_space(request.service), "request", request.id, request)]
    if asked.requester is not None:
        person = RequesterOf(request.id, asked.requester, asked.channel)
        space = requester_space(request.service, confidential=confidential)
        changes.append(Change(space, "requester", standing.requester_id(request, 1), person))
    return changes
