"""The numbers that requests are called by: each names one request of the tenant, for ever."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, select, update

from . import schema
from .counters import in_gap, leave_gap, names, next_number
from .upsert import insert

_TABLE = schema.number
_OFFICIAL = re.compile(r"([0-9]{2})-([0-9]{6,9})")
_GAP, _ROUND = 5_000, 200
"""More than a city captures between two backups, and what the first number after a restore is a multiple of."""


def officials(connection: Connection, tenant: str, year: str, told: Sequence[str]) -> list[str]:
    """As many of the next numbers of ``year`` as there are in ``told``; the counter stays locked until the commit. Where one was
    told, it is given again: what was given before the server was restored from a backup that had lost it, as long as nobody else
    has it.
    """
    if not any(told):
        return _following(connection, tenant, year, len(told))
    next_number(connection, tenant, schema.NUMBERS, year, by=0)  # locked before the look: no other capture slips in between
    lost = [number if number and _was_lost(connection, tenant, number) else "" for number in told]
    following = iter(_following(connection, tenant, year, lost.count("")))
    return [number or next(following) for number in lost]


def _following(connection: Connection, tenant: str, year: str, count: int) -> list[str]:
    """So many numbers after the last one, without those that somebody brought from before a restore."""
    found: list[str] = []
    while len(found) < count:
        by = count - len(found)
        last = next_number(connection, tenant, schema.NUMBERS, year, by=by)
        drawn = [f"{year}-{each:06d}" for each in range(last - by + 1, last + 1)]
        taken = _taken(connection, tenant, drawn)
        found += [number for number in drawn if number not in taken]
    return found


def leave_gaps(connection: Connection, tenant: str, timezone: str, now: datetime) -> None:
    """After a restore: the numbers of every year, up to this one, that may have been given are not given again."""
    this_year = now.astimezone(ZoneInfo(timezone)).year % 100
    begun = {int(name) for name in names(connection, tenant, schema.NUMBERS)}
    since = max((year for year in begun if year <= this_year), default=this_year)
    for year in sorted(begun | set(range(since, this_year + 1))):
        leave_gap(connection, tenant, schema.NUMBERS, f"{year:02d}", beyond=_GAP, step=_ROUND)


def _was_lost(connection: Connection, tenant: str, number: str) -> bool:
    found = _OFFICIAL.fullmatch(number)
    lost = found is not None and in_gap(connection, tenant, schema.NUMBERS, found[1], int(found[2]))
    return lost and not _taken(connection, tenant, [number])


def _taken(connection: Connection, tenant: str, numbers: Sequence[str]) -> frozenset[str]:
    mine = (_TABLE.c.tenant == tenant, _TABLE.c.space == schema.NUMBERS, _TABLE.c.number.in_(numbers))
    return frozenset(connection.execute(select(_TABLE.c.number).where(*mine)).scalars())


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
