"""Reading records as domain values. A removed record keeps its row with an empty body: it is as if it were not there."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from sqlalchemy import Connection, bindparam, select

from guichet_sync.domain.spaces import TAXONOMY
from guichet_sync.protocol import codec

from . import schema

Record = TypeVar("Record")
_TABLE = schema.record
_SERVICES = (
    select(_TABLE.c.id)
    .where(_TABLE.c.tenant == bindparam("of"), _TABLE.c.space == TAXONOMY, _TABLE.c.kind == "service", _TABLE.c.body != "")
    .order_by(_TABLE.c.id)
)
"""Asked at each request: made once."""


def one(connection: Connection, tenant: str, place: tuple[str, str], record_id: str, kind: type[Record]) -> Record | None:
    """The record at ``place`` (space, kind), or None."""
    space, name = place
    here = (_TABLE.c.tenant == tenant, _TABLE.c.space == space, _TABLE.c.kind == name, _TABLE.c.id == record_id)
    body = connection.execute(select(_TABLE.c.body).where(*here)).scalar()
    return codec.decode(body, kind) if body else None


def every(connection: Connection, tenant: str, place: tuple[str, str], kind: type[Record]) -> tuple[Record, ...]:
    """All records at ``place`` (space, kind)."""
    space, name = place
    here = (_TABLE.c.tenant == tenant, _TABLE.c.space == space, _TABLE.c.kind == name, _TABLE.c.body != "")
    found = connection.execute(select(_TABLE.c.body).where(*here).order_by(_TABLE.c.id)).scalars()
    return tuple(codec.decode(body, kind) for body in found)


def services(connection: Connection, tenant: str) -> tuple[str, ...]:
    """The codes of the city's services."""
    return tuple(connection.execute(_SERVICES, {"of": tenant}).scalars())


def bodies(
    connection: Connection, tenant: str, space: str, kinds: Collection[str], ids: Collection[str]
) -> dict[tuple[str, str], str]:
    """The bodies of records of several kinds that share their ids, by kind and id, in one statement; those that are there."""
    table = _TABLE.c
    here = (table.tenant == tenant, table.space == space, table.kind.in_(kinds), table.id.in_(ids), table.body != "")
    found = connection.execute(select(table.kind, table.id, table.body).where(*here))
    return {(kind, record): body for kind, record, body in found}
