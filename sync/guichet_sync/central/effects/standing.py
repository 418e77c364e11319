"""A request as it stands, held until the commit: the one place where handlers find requests and put them back.

What names a request (its rows in ``number``) is locked first, before any record and any space, by everybody who changes it:
wherever it stands and whoever moves it, two of them take turns, and never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection, select

from guichet_sync.domain.request import Request, TimelineEntry
from guichet_sync.domain.spaces import confidential_space, people_space, requests_space
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Body, IntentOutcome, Operation

from .. import numbers, records, schema
from ..feed import spaces_of
from ..instance import restored_at
from ..publish import Change, Publication
from .taken import Refusal, Taken

MAX_REQUEST_BYTES = 1024 * 1024
"""Of a request's body, whose timeline grows: it travels whole at each change."""
MAX_ID = 200
AWAITED = timedelta(days=7)
"""Posts keep what they settled for as long, and send it again to a server that lost it."""
AWAITED_RETRY_S = 30.0
JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Standing:
    """A request that an intent is about. ``readable`` says whether the intent's author may read it today."""

    request: Request
    readable: bool


def find(taken: Taken, request_id: str) -> Request:
    """The request, locked, if the person may read it today.

    :raises Refusal: ``request_not_found``, for one that does not exist as for one that they may not read.
    """
    standing = find_any(taken, request_id)
    if not standing.readable:
        raise Refusal("request_not_found")
    return standing.request


def find_any(taken: Taken, request_id: str) -> Standing:
    """The request, locked, whoever may read it.

    :raises Refusal: ``request_not_found``.
    """
    if not request_id.isprintable() or len(request_id) > MAX_ID:  # an imported one is called by its number, whatever its form
        raise Refusal("request_not_found")
    tenant = taken.instance.tenant
    found = numbers.lock(taken.connection, tenant, [request_id])
    if request_id not in found:
        raise _unknown(taken)
    _number, space = found[request_id]
    request = records.one(taken.connection, tenant, (space, "request"), request_id, Request)
    if request is None:
        raise Refusal("request_not_found")
    return Standing(request, space in spaces_of(taken.connection, taken.instance, taken.person))


def _unknown(taken: Taken) -> Refusal:
    """Nobody ever heard of this request. After a restore it may have been lost, and be on its way from who captured it: what was
    done with it before that comes back.
    """
    restored = restored_at(taken.connection, taken.instance.tenant)
    if restored is None or not taken.captured.at <= restored or taken.now > restored + AWAITED:
        return Refusal("request_not_found")
    return Refusal("request_awaited", IntentOutcome.RETRY, retry_after_s=AWAITED_RETRY_S)


def put(taken: Taken, before: Request, after: Request, *others: Change, reason: str = "") -> dict[str, int]:
    """Put a request as it is now, moved with its requesters where its service changed; how far the feeds are that tell of it,
    of those the person reads: a post waits for the effect it is told of, and one in another space would never come.

    :raises Refusal: ``request_full``.
    """
    if len(codec.canonical(after)) > MAX_REQUEST_BYTES:
        raise Refusal("request_full")
    tenant = taken.instance.tenant
    publication = Publication(taken.connection, tenant, taken.envelope.intent_id, reason)
    publication.put([*changed(taken.connection, tenant, before, after), *others])
    heads = publication.commit_order()
    shown = {requests_space(each.service) for each in (before, after)} & set(
        spaces_of(taken.connection, taken.instance, taken.person)
    )
    return {space: head for space, head in heads.items() if space in shown}


def changed(connection: Connection, tenant: str, before: Request, after: Request) -> Iterator[Change]:
    """A request that is put, and where its service changed: that leaves its old space, with its requesters and its numbers."""
    old, new = requests_space(before.service), requests_space(after.service)
    yield Change(new, "request", after.id, after)
    if old == new:
        return
    numbers.move(connection, tenant, after.id, new)
    yield Change(old, "request", before.id, None, Operation.EVICT)
    for space_of in (people_space, confidential_space):
        here = (space_of(before.service), "requester")
        for record, body in _bodies(connection, tenant, here, requester_ids(before)):
            yield Change(here[0], "requester", record, None, Operation.EVICT)
            yield Change(space_of(after.service), "requester", record, body)


def requester_ids(request: Request) -> list[str]:
    """The ids of all requesters that were ever tied to a request: who captured it, then one for each who joined."""
    joined = sum(each.code == JOINED for each in request.timeline)
    return [requester_id(request, rank) for rank in range(1, joined + 2)]


def requester_id(request: Request, rank: int) -> str:
    """The id of a requester's record; ranks count from 1."""
    return f"{request.id}/{rank}"


def _bodies(connection: Connection, tenant: str, place: tuple[str, str], ids: Sequence[str]) -> list[tuple[str, Body]]:
    table, (space, kind) = schema.record, place
    here = (table.c.tenant == tenant, table.c.space == space, table.c.kind == kind, table.c.id.in_(ids), table.c.body != "")
    rows = connection.execute(select(table.c.id, table.c.body).where(*here).order_by(table.c.id))
    return [(row.id, codec.decode(row.body, Body)) for row in rows]


def appended(request: Request, *entries: TimelineEntry) -> Request:
    """The request with more in its timeline."""
    return replace(request, timeline=(*request.timeline, *entries))
