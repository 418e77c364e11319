"""Requests as the desk sees them: the mirror, overlaid with what this person did and the mirror does not show yet."""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, Connection, func, or_, select

from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.location import Whereabouts, box, distance_m
from guichet_sync.domain.request import Request, Requester, RequestSummary, RequestView, SyncState
from guichet_sync.language import fold
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import RequesterOf

from . import account, pending, schema
from .database import reading
from .instants import to_text
from .mirror_rows import request_words
from .pending import Unshown
from .post import PostStore

_TABLE = schema.request
_MAX_WORDS = 16


@dataclass(frozen=True, slots=True)
class Near:
    """A circle: ``point`` is ``(lat, lon)`` in degrees, ``radius_m`` in metres."""

    point: tuple[float, float]
    radius_m: float


class Order(StrEnum):
    """In which order to list: by the capture's instant, or the promise that falls first (those without one at the end)."""

    NEWEST = "newest"
    OLDEST = "oldest"
    PROMISED = "promised"


_ORDERS = {
    Order.NEWEST: (_TABLE.c.opened_at.desc(), _TABLE.c.id),
    Order.OLDEST: (_TABLE.c.opened_at, _TABLE.c.id.desc()),
    Order.PROMISED: (_TABLE.c.promised_on.is_(None), _TABLE.c.promised_on, _TABLE.c.opened_at.desc(), _TABLE.c.id),
}


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests to list. ``late_on`` keeps the open ones promised before that local date.

    Each word of ``text`` stands in a request's words or in one of its numbers, or names its category: ``named`` has the codes of
    the categories that a folded word names.
    """

    mine: bool = False
    service: str = ""
    open_only: bool = False
    late_on: date | None = None
    near: Near | None = None
    text: str = ""
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    order: Order = Order.NEWEST
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class RequestList:
    """A page of requests, newest first, and how many there are in all."""

    requests: tuple[RequestSummary, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request's line of a list, and where it stands between the post and the server."""

    summary: RequestSummary
    sync_state: SyncState


def request(store: PostStore, number: str) -> RequestView:
    """The request known by an official number, a provisional one, or its id.

    :raises NotFound: if this post knows none.
    """
    wanted = _storable(number).strip()
    own = pending.read(store)
    with reading(store.people) as connection:
        unshown = pending.unshown(connection, own)
        for view in unshown.captures:
            if wanted in _names(view.request):
                return view
        named = or_(_TABLE.c.number == wanted, _TABLE.c.provisional_number == wanted, _TABLE.c.id == wanted)
        body = connection.execute(select(_TABLE.c.body).where(named)).scalar() if wanted else None
        if body is None:
            raise NotFound("request_not_found")
        found = codec.decode(body, Request)
        seen, person = unshown.over(found), _requester(connection, found.id)
    moving = (seen.service, seen.unit) != (found.service, found.unit)
    return RequestView(seen, person, unshown.state(found.id), moving=moving)


def _names(known: Request) -> set[str]:
    return {known.provisional_number, known.id, known.number} - {""}


def _requester(connection: Connection, request_id: str) -> Requester | None:
    table = schema.requester
    first = select(table.c.body).where(table.c.request_id == request_id).order_by(table.c.id).limit(1)
    known = connection.execute(first).scalar()
    return codec.decode(known, RequesterOf).requester if known else None


def requests(store: PostStore, wanted: RequestFilter) -> RequestList:
    """A page of the requests that match: this person's unsent ones before all, newest first; the others after them, in the order
    wanted.

    :raises NotEnrolled: ``mine`` is wanted, and there is nobody yet.
    """
    own, mine = pending.read(store), _my_numbers(store, wanted)
    with reading(store.people) as connection:
        unshown = pending.unshown(connection, own)
        waiting = _waiting(unshown, wanted)
        page = waiting[wanted.offset : wanted.offset + wanted.limit]
        skipped = max(0, wanted.offset - len(waiting))
        sought = _sought(connection, unshown, wanted, mine)
        ids, total = _page(connection, wanted, sought, skipped, wanted.limit - len(page))
        bodies = _bodies(connection, ids)
    mirrored = (unshown.over(codec.decode(bodies[each], Request)) for each in ids)
    return RequestList(tuple(map(summary, (*page, *mirrored))), total + len(waiting))


def request_ids(store: PostStore, wanted: RequestFilter) -> tuple[str, ...]:
    """The ids of all the requests that match (``limit`` and ``offset`` left aside), in the order of :func:`requests`: what a long
    list holds, to read its lines where it is looked at.

    :raises NotEnrolled: ``mine`` is wanted, and there is nobody yet.
    """
    own, mine = pending.read(store), _my_numbers(store, wanted)
    with reading(store.people) as connection:
        unshown = pending.unshown(connection, own)
        waiting = [each.id for each in _waiting(unshown, wanted)]
        return (*waiting, *_matching(connection, wanted, _sought(connection, unshown, wanted, mine)))


def request_lines(store: PostStore, ids: Sequence[str]) -> dict[str, RequestLine]:
    """The lines of these requests, by id, at most a few hundred; those that left this post's reach meanwhile are missing."""
    own = pending.read(store)
    with reading(store.people) as connection:
        unshown = pending.unshown(connection, own)
        bodies = _bodies(connection, ids)
    mirrored = (unshown.over(codec.decode(body, Request)) for body in bodies.values())
    lines = {each.id: RequestLine(summary(each), unshown.state(each.id)) for each in mirrored}
    captured = (view for view in unshown.captures if view.request.id in ids)
    return lines | {view.request.id: RequestLine(summary(view.request), view.sync_state) for view in captured}


@dataclass(frozen=True, slots=True)
class _Sought:
    """Which rows of the mirror a list holds: those that ``conditions`` hold for, but of the ``touched`` ones, which changes are
    laid over, those that are ``kept``: they are judged by what they become. No change moves a request in the order of a list,
    since neither its capture nor its promise ever changes.
    """

    conditions: list[ColumnElement[bool]]
    touched: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


def _sought(connection: Connection, unshown: Unshown, wanted: RequestFilter, my_numbers: str) -> _Sought:
    conditions = list(_conditions(wanted, my_numbers))
    if not unshown.changes:
        return _Sought(conditions)
    bodies = _bodies(connection, list(unshown.changes))
    seen = [unshown.over(codec.decode(body, Request)) for body in bodies.values()]
    kept = (each.id for each in seen if _keeps(wanted, each) and each.provisional_number.startswith(my_numbers))
    return _Sought(conditions, frozenset(bodies), frozenset(kept))


def _waiting(unshown: Unshown, wanted: RequestFilter) -> list[Request]:
    """Captured requests that the mirror does not show yet and the filter keeps, newest first."""
    return [view.request for view in reversed(unshown.captures) if _keeps(wanted, view.request)]


def _page(connection: Connection, wanted: RequestFilter, sought: _Sought, skipped: int, taken: int) -> tuple[Sequence[str], int]:
    """Ids of the mirror from the ``skipped``-th on, and how many there are in all; an exact distance looks at them all, and so
    does a list that changes bring requests into or take them from.
    """
    if wanted.near is not None or _of_touched(connection, sought) != sought.kept:
        inside = _matching(connection, wanted, sought)
        return inside[skipped : skipped + taken], len(inside)
    ordered = select(_TABLE.c.id).where(*sought.conditions).order_by(*_ORDERS[wanted.order])
    total = connection.execute(select(func.count()).select_from(_TABLE).where(*sought.conditions)).scalar_one()
    return connection.execute(ordered.limit(taken).offset(skipped)).scalars().all(), total


def _of_touched(connection: Connection, sought: _Sought) -> set[str]:
    """Those of the touched rows that the conditions hold for as they stand in the mirror."""
    if not sought.touched:
        return set()
    here = select(_TABLE.c.id).where(*sought.conditions, _TABLE.c.id.in_(sought.touched))
    return set(connection.execute(here).scalars())


def _matching(connection: Connection, wanted: RequestFilter, sought: _Sought) -> Sequence[str]:
    ids = _mirrored(connection, wanted, sought)
    here = sought.touched.intersection(ids) if wanted.near else _of_touched(connection, sought)
    gone, come = here - sought.kept, sought.kept - here
    if gone:
        ids = [each for each in ids if each not in gone]
    return _with(connection, ids, come, wanted.order) if come else ids


def _mirrored(connection: Connection, wanted: RequestFilter, sought: _Sought) -> list[str]:
    """The ids of the rows that the conditions hold for, in their order."""
    order = _ORDERS[wanted.order]
    if wanted.near is None:
        listed = select(_TABLE.c.id).where(*sought.conditions).order_by(*order).subquery()
        # One value, made by SQLite alone: 60,000 rows made by Python would keep the window's thread waiting. SQLite keeps the
        # order of a subquery under this aggregate.
        ids: list[str] = json.loads(connection.execute(select(func.json_group_array(listed.c.id))).scalar_one())
        return ids
    situated = select(_TABLE.c.id, _TABLE.c.lat, _TABLE.c.lon).where(*sought.conditions).order_by(*order)
    near = wanted.near
    return [row.id for row in connection.execute(situated) if distance_m(near.point, (row.lat, row.lon)) <= near.radius_m]


def _with(connection: Connection, ids: list[str], come: Iterable[str], order: Order) -> list[str]:
    """The ids, in their order, with a few more in their places: only as many rows are looked at as a search by halves needs."""

    @cache
    def place(id_: str) -> _Place:
        columns = (_TABLE.c.id, _TABLE.c.opened_at, _TABLE.c.promised_on)
        return _Place(order, *connection.execute(select(*columns).where(_TABLE.c.id == id_)).one())

    for each in come:
        insort(ids, each, key=place)
    return ids


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a request stands in a list, as :data:`_ORDERS` has it."""

    order: Order
    id: str
    opened_at: str
    promised_on: str | None

    def __lt__(self, other: _Place) -> bool:
        mine, theirs = (each.promised_on or "9999" for each in (self, other))
        if self.order is Order.PROMISED and mine != theirs:
            return mine < theirs
        newest = self.opened_at > other.opened_at if self.opened_at != other.opened_at else self.id < other.id
        return not newest if self.order is Order.OLDEST else newest


def _bodies(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    rows = connection.execute(select(_TABLE.c.id, _TABLE.c.body).where(_TABLE.c.id.in_(ids)))
    return {row.id: row.body for row in rows}


def open_near(store: PostStore, category: Category, where: Whereabouts, since: datetime) -> tuple[RequestSummary, ...]:
    """Open requests of ``category`` that may be similar to one at ``where``, this person's unsent ones included; what is pending
    was judged by all but its place.
    """
    conditions = [_TABLE.c.is_open == 1, _TABLE.c.category == category.code, _TABLE.c.opened_at >= to_text(since)]
    if where.point is None or category.duplicate.radius_m == 0:
        if not where.id:
            return ()
        conditions.append(_TABLE.c.location_id == where.id)
    else:
        conditions += _box(Near(where.point, category.duplicate.radius_m))

    def may_be_similar(each: Request) -> bool:
        return each.status.is_open and each.category == category.code and each.captured_at >= since

    own = pending.read(store)
    with reading(store.people) as connection:
        unshown = pending.unshown(connection, own)
        near = dict(connection.execute(select(_TABLE.c.id, _TABLE.c.body).where(*conditions)).all())
        touched = _bodies(connection, list(unshown.changes))
    mirrored = (unshown.over(codec.decode(body, Request)) for body in (near | touched).values())
    seen = (*(view.request for view in unshown.captures), *mirrored)
    return tuple(summary(each) for each in seen if may_be_similar(each))


def revision(store: PostStore, request_id: str) -> int:
    """The revision of a request that the mirror holds; 0 where it holds none."""
    table = schema.people.tables["held"]
    held = select(func.max(table.c.revision)).where(table.c.kind == "request", table.c.id == request_id)
    with reading(store.people) as connection:
        return connection.execute(held).scalar() or 0


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


def _my_numbers(store: PostStore, wanted: RequestFilter) -> str:
    """What the numbers of this person's own requests begin with, where only those are wanted."""
    return f"{account.read(store).code}-" if wanted.mine else ""


def _conditions(wanted: RequestFilter, my_numbers: str) -> Iterable[ColumnElement[bool]]:
    if my_numbers:
        yield _TABLE.c.provisional_number.startswith(my_numbers, autoescape=True)
    if wanted.service:
        yield _TABLE.c.service == wanted.service
    if wanted.late_on or wanted.open_only:
        yield _TABLE.c.is_open + 0 == 1  # a sum, so that the index of whole lists is used rather than that of similar requests
    if wanted.late_on:
        yield _TABLE.c.promised_on < wanted.late_on.isoformat()
    if wanted.near:
        yield from _box(wanted.near)
    for word in _wanted_words(wanted):
        said = (_TABLE.c.words, func.lower(_TABLE.c.number), func.lower(_TABLE.c.provisional_number))
        yield or_(*(func.instr(each, word) > 0 for each in said), _TABLE.c.category.in_(wanted.named.get(word, ())))


def _wanted_words(wanted: RequestFilter) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(_storable(wanted.text)).split()))[:_MAX_WORDS]


def _storable(typed: str) -> str:
    """``typed`` without the half characters that UTF-8 can't say, hence no file holds."""
    return typed.encode(errors="ignore").decode()


def _box(near: Near) -> list[ColumnElement[bool]]:
    """The rectangle around a circle: an index narrows to it, the exact distance decides afterwards."""
    south, north, west, east = box(near.point, near.radius_m)
    return [_TABLE.c.lat.between(south, north), _TABLE.c.lon.between(west, east)]


def _is_near(near: Near, where: Whereabouts) -> bool:
    return where.point is not None and distance_m(near.point, where.point) <= near.radius_m


def _keeps(wanted: RequestFilter, each: Request) -> bool:
    """Whether a request passes the filter, but for whose it is."""
    open_ = each.status.is_open or not (wanted.open_only or wanted.late_on)
    late = wanted.late_on is None or (each.promised_on is not None and each.promised_on < wanted.late_on)
    near = wanted.near is None or _is_near(wanted.near, each.where)
    return (
        open_
        and late
        and near
        and wanted.service in ("", each.service)
        and all(_says(wanted, each, word) for word in _wanted_words(wanted))
    )


def _says(wanted: RequestFilter, each: Request, word: str) -> bool:
    texts = (request_words(each), each.number.lower(), each.provisional_number.lower())
    return any(word in text for text in texts) or each.category in wanted.named.get(word, ())
