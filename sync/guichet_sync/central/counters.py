"""Counter rows: numbers that are given once, in the order of the commits that gave them."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from . import schema
from .upsert import insert


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
    table = schema.counter
    mine = (table.c.tenant == tenant, table.c.space == space, table.c.name == name)
    last = connection.execute(select(table.c.last).where(*mine).with_for_update()).scalar() or 0
    if least > last:
        next_number(connection, tenant, space, name, by=least - last)
