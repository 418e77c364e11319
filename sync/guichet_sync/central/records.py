"""Reading records as domain values. A removed record keeps its row with an empty body: it is as if it were not there."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Connection, select

from guichet_sync.domain.routing import RoutingRule
from guichet_sync.domain.spaces import TAXONOMY
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import RoutingTable

from . import schema

Record = TypeVar("Record")
_TABLE = schema.record


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
    here = (_TABLE.c.tenant == tenant, _TABLE.c.space == TAXONOMY, _TABLE.c.kind == "service", _TABLE.c.body != "")
    return tuple(connection.execute(select(_TABLE.c.id).where(*here).order_by(_TABLE.c.id)).scalars())


def routing_rules(connection: Connection, tenant: str, category: str) -> tuple[RoutingRule, ...]:
    """The routing rows of a category."""
    table = one(connection, tenant, (TAXONOMY, "routing"), category, RoutingTable)
    return () if table is None else table.rules
