"""The numbers that requests are called by: each names one request of the tenant, for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Select, select, update

from . import schema
from .upsert import insert

_TABLE = schema.number


def remember(connection: Connection, tenant: str, owners: Mapping[str, tuple[str, str]]) -> frozenset[str]:
    """Give numbers to requests (``number -> (request, its space)``); those that already name another request, which keep it."""
    rows = [
        {"tenant": tenant, "space": schema.NUMBERS, "number": number, "request_id": request, "request_space": space}
        for number, (request, space) in owners.items()
    ]
    if not rows:
        return frozenset()
    statement = insert(connection, _TABLE)
    moved = statement.on_conflict_do_update(
        index_elements=["tenant", "space", "number"],
        set_={"request_space": statement.excluded.request_space},
        where=_TABLE.c.request_id == statement.excluded.request_id,
    )
    given = connection.execute(moved.returning(_TABLE.c.number), rows).scalars().all()
    return frozenset(owners) - frozenset(given)


def of_requests(connection: Connection, tenant: str, requests: Iterable[str]) -> dict[str, tuple[str, str]]:
    """A number of each of these requests and the space it stands in; those nobody knows are left out."""
    return _named(connection, _of(tenant, requests))


def lock(connection: Connection, tenant: str, requests: Iterable[str]) -> dict[str, tuple[str, str]]:
    """As :func:`of_requests`; until the commit, nobody else changes these requests, nor where they stand."""
    return _named(connection, _of(tenant, requests).with_for_update())


def move(connection: Connection, tenant: str, request: str, space: str) -> None:
    """A request stands in another space: so say all its numbers."""
    mine = (_TABLE.c.tenant == tenant, _TABLE.c.space == schema.NUMBERS, _TABLE.c.request_id == request)
    connection.execute(update(_TABLE).where(*mine).values(request_space=space))


def _of(tenant: str, requests: Iterable[str]) -> Select[tuple[str, str, str]]:
    """In one order for all, so that two who lock the same rows never wait for each other in a circle."""
    mine = (_TABLE.c.tenant == tenant, _TABLE.c.space == schema.NUMBERS, _TABLE.c.request_id.in_(list(requests)))
    return select(_TABLE.c.request_id, _TABLE.c.number, _TABLE.c.request_space).where(*mine).order_by(_TABLE.c.number.desc())


def _named(connection: Connection, question: Select[tuple[str, str, str]]) -> dict[str, tuple[str, str]]:
    return {row.request_id: (row.number, row.request_space) for row in connection.execute(question)}
