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


def official_of(connection: Connection, tenant: str, requests: Iterable[str]) -> dict[str, str]:
    """The numbers these requests already have."""
    mine = (_TABLE.c.tenant == tenant, _TABLE.c.space == schema.NUMBERS, _TABLE.c.request_id.in_(list(requests)))
    return dict(connection.execute(select(_TABLE.c.request_id, _TABLE.c.number).where(*mine)).all())
