"""Requests as the desk sees them: the mirror, overlaid with what this person captured and the mirror does not show yet."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select

from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.intents import CreateRequest, Intent, IntentKind, OutboxItem
from guichet_sync.domain.location import Whereabouts, distance_m
from guichet_sync.domain.request import (
    Request,
    Requester,
    RequestStatus,
    RequestSummary,
    RequestView,
    SyncState,
    TimelineEntry,
)
from guichet_sync.language import fold
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import RequesterOf

from . import outbox, schema
from .database import reading
from .instants import to_text
from .post import PostStore

_TABLE = schema.request
_METRES_PER_DEGREE = 111_195


@dataclass(frozen=True, slots=True)
class Near:
    """A circle: ``point`` is ``(lat, lon)`` in degrees, ``radius_m`` in metres."""

    point: tuple[float, float]
    radius_m: float


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests to list. ``late_on`` keeps the open ones promised before that local date."""

    mine: bool = False
    service: str = ""
    late_on: date | None = None
    near: Near | None = None
    text: str = ""
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class RequestList:
    """A page of requests, newest first, and how many there are in all."""

    requests: tuple[RequestSummary, ...]
    total: int


def request(store: PostStore, number: str) -> RequestView:
    """The request known by an official number, a provisional one, or its id.

    :raises NotFound: if this post knows none.
    """
    wanted = number.strip()
    for view in _pending_views(store):
        if wanted in (view.request.provisional_number, view.request.id, view.request.number):
            return view
    with reading(store.people) as connection:
        body = connection.execute(
            select(_TABLE.c.body).where(
                or_(_TABLE.c.number == wanted, _TABLE.c.provisional_number == wanted, _TABLE.c.id == wanted)
            )
        ).scalar()
        if body is None:
            raise NotFound("request_not_found")
        found = codec.decode(body, Request)
        table = schema.requester
        known = connection.execute(
            select(table.c.body).where(table.c.request_id == found.id).order_by(table.c.id).limit(1)
        ).scalar()
    person = codec.decode(known, RequesterOf).requester if known else None
    return RequestView(found, person, SyncState.SETTLED)


def requests(store: PostStore, wanted: RequestFilter) -> RequestList:
    """A page of the requests that match, newest first, this person's unsent ones before all."""
    waiting = [] if wanted.offset else [each for each in _pending_summaries(store) if _keeps(wanted, each)]
    conditions = list(_conditions(wanted, _my_numbers(store) if wanted.mine else ""))
    with reading(store.people) as connection:
        if wanted.near is None:
            page = _page(conditions).limit(wanted.limit).offset(wanted.offset)
            mirrored = [codec.decode(body, Request) for body in connection.execute(page).scalars()]
            total = connection.execute(select(func.count()).select_from(_TABLE).where(*conditions)).scalar_one()
        else:
            inside = [codec.decode(body, Request) for body in connection.execute(_page(conditions)).scalars()]
            inside = [each for each in inside if _is_near(wanted.near, each.where)]
            mirrored, total = inside[wanted.offset : wanted.offset + wanted.limit], len(inside)
    rows = (*waiting, *map(summary, mirrored))
    return RequestList(tuple(rows[: wanted.limit]), total + len(waiting))


def open_near(store: PostStore, category: Category, where: Whereabouts, since: datetime) -> tuple[RequestSummary, ...]:
    """Open requests of ``category`` that may be similar to one at ``where``, this person's unsent ones included."""
    conditions = [_TABLE.c.is_open == 1, _TABLE.c.category == category.code, _TABLE.c.opened_at >= to_text(since)]
    if where.point is None or category.duplicate.radius_m == 0:
        if not where.id:
            return ()
        conditions.append(_TABLE.c.location_id == where.id)
    else:
        conditions += _box(Near(where.point, category.duplicate.radius_m))
    with reading(store.people) as connection:
        bodies = connection.execute(select(_TABLE.c.body).where(*conditions)).scalars().all()
    mirrored = [summary(codec.decode(body, Request)) for body in bodies]
    return (*(each for each in _pending_summaries(store) if each.category == category.code), *mirrored)


def summary(found: Request) -> RequestSummary:
    """The line of a list for a request."""
    return RequestSummary(
        id=found.id,
        number=found.number,
        provisional_number=found.provisional_number,
        category=found.category,
        service=found.service,
        status=found.status,
        opened_at=found.captured_at,
        where=found.where,
        promised_on=found.promised_on,
        urgent=found.urgent,
        requester_count=found.requester_count,
    )


def _page(conditions: list[ColumnElement[bool]]) -> Select[tuple[str]]:
    return select(_TABLE.c.body).where(*conditions).order_by(_TABLE.c.opened_at.desc(), _TABLE.c.id)


def _conditions(wanted: RequestFilter, my_numbers: str) -> Iterable[ColumnElement[bool]]:
    if my_numbers:
        yield _TABLE.c.provisional_number.startswith(my_numbers, autoescape=True)
    if wanted.service:
        yield _TABLE.c.service == wanted.service
    if wanted.late_on:
        yield _TABLE.c.is_open == 1
        yield _TABLE.c.promised_on < wanted.late_on.isoformat()
    if wanted.near:
        yield from _box(wanted.near)
    for word in fold(wanted.text).split():
        yield _TABLE.c.words.contains(word, autoescape=True)


def _box(near: Near) -> list[ColumnElement[bool]]:
    """The rectangle around a circle: an index narrows to it, the exact distance decides afterwards."""
    lat, lon = near.point
    rise = near.radius_m / _METRES_PER_DEGREE
    run = rise / max(0.01, math.cos(math.radians(lat)))
    return [_TABLE.c.lat.between(lat - rise, lat + rise), _TABLE.c.lon.between(lon - run, lon + run)]


def _is_near(near: Near, where: Whereabouts) -> bool:
    return where.point is not None and distance_m(near.point, where.point) <= near.radius_m


def _keeps(wanted: RequestFilter, each: RequestSummary) -> bool:
    """Whether a pending request passes the filter (it is always this person's)."""
    late = wanted.late_on is None or (each.promised_on is not None and each.promised_on < wanted.late_on)
    near = wanted.near is None or _is_near(wanted.near, each.where)
    said = all(word in fold(each.where.label) for word in fold(wanted.text).split())
    return late and near and said and wanted.service in ("", each.service)


def _my_numbers(store: PostStore) -> str:
    """How the provisional numbers given by this enrolment begin."""
    table = schema.account
    with reading(store.work) as connection:
        code = connection.execute(select(table.c.value).where(table.c.name == "code")).scalar_one()
    return f"{codec.decode(code, str)}-"


def _pending_summaries(store: PostStore) -> tuple[RequestSummary, ...]:
    return tuple(summary(view.request) for view in _pending_views(store))


def _pending_views(store: PostStore) -> tuple[RequestView, ...]:
    return tuple(
        _pending_view(intent, item) for intent, item in outbox.pending(store) if intent.kind == IntentKind.CREATE_REQUEST
    )


def _pending_view(intent: Intent, item: OutboxItem) -> RequestView:
    body = codec.decode(intent.body, CreateRequest)
    person: Requester | None = body.requester
    pending = Request(
        id=body.request_id,
        category=body.category,
        service=body.service,
        status=RequestStatus.WAITING,
        captured_at=intent.captured_at,
        nature=body.nature,
        channel=body.channel,
        number=item.official_number,
        provisional_number=body.provisional_number,
        unit=body.unit,
        where=body.where,
        answers=body.answers,
        description=body.description,
        urgent=body.urgent,
        promised_on=body.promised_on,
        requester_count=int(person is not None),
        timeline=(TimelineEntry(intent.captured_at, "captured"),),
    )
    return RequestView(pending, person, item.state, item.last_error)
