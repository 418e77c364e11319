"""The numbers that requests are called by: each names one request of the tenant, for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

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
    mine = (_TABLE.c.tenant == tenant, _TABLE.c.space == schema.NUMBERS, _TABLE.c.request_id.in_(list(requests)))
    rows = connection.execute(select(_TABLE.c.request_id, _TABLE.c.number, _TABLE.c.request_space).where(*mine))
    return {row.request_id: (row.number, row.request_space) for row in rows}
