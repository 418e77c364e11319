"""Counter rows: numbers that are given once, in the order of the commits that gave them.

A backup knows less than what was given: after a restore each counter goes on far beyond, and what lies between is remembered.
Nobody is given a number of such a gap, but who brings one that they had before.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select, update

from . import schema
from .upsert import insert

_LEAPS = 500


def next_number(connection: Connection, tenant: str, space: str, name: str, *, by: int = 1) -> int:
    """The last of the ``by`` next values of a counter row, from 1. The row stays locked until the commit: none is given twice."""
    table = schema.counter
    mine = (table.c.tenant == tenant, table.c.space == space, table.c.name == name)
    raised = update(table).where(*mine).values(last=table.c.last + by).returning(table.c.last)
    last = connection.execute(raised).scalar()
    if last is None:
        first = insert(connection, table).values(tenant=tenant, space=space, name=name, last=0)
        connection.execute(first.on_conflict_do_nothing())
        last = connection.execute(raised).scalar_one()
    return int(last)


def raise_to(connection: Connection, tenant: str, space: str, name: str, least: int) -> None:
    """Make a counter row go on after ``least``."""
    last = value(connection, tenant, space, name, lock=True)
    if least > last:
        next_number(connection, tenant, space, name, by=least - last)


def value(connection: Connection, tenant: str, space: str, name: str, *, lock: bool = False) -> int:
    """A counter row's last value, 0 without a row; ``lock`` keeps others from it until the commit."""
    table = schema.counter
    question = select(table.c.last).where(table.c.tenant == tenant, table.c.space == space, table.c.name == name)
    return int(connection.execute(question.with_for_update() if lock else question).scalar() or 0)


def leave_gap(connection: Connection, tenant: str, space: str, name: str, *, beyond: int, step: int) -> None:
    """Make a counter row go on at a multiple of ``step``, more than ``beyond`` further: which one is drawn among 500, since the
    same backup may be restored twice, and knows nothing of what was given in between. Remember how far that may have been.
    """
    last = next_number(connection, tenant, space, name, by=0)
    first = (last + beyond) // step + 1
    lifted = (first + secrets.randbelow(_LEAPS)) * step
    next_number(connection, tenant, space, name, by=lifted - last)
    raise_to(connection, tenant, _gaps(space), f"{name}/{last + 1}", (first + _LEAPS) * step + beyond)


def in_gap(connection: Connection, tenant: str, space: str, name: str, value: int) -> bool:
    """Whether this value of a counter row may have been given before a restore."""
    table = schema.counter
    gaps = select(table.c.name, table.c.last).where(table.c.tenant == tenant, table.c.space == _gaps(space))
    for gap, last in connection.execute(gaps).all():
        of, _, first = gap.rpartition("/")
        if of == name and int(first) <= value <= last:
            return True
    return False


def names(connection: Connection, tenant: str, space: str) -> tuple[str, ...]:
    """The counter rows of a space."""
    table = schema.counter
    rows = select(table.c.name).where(table.c.tenant == tenant, table.c.space == space).order_by(table.c.name)
    return tuple(connection.execute(rows).scalars())


def _gaps(space: str) -> str:
    return f"{space}/gaps"
