"""Reading records as domain values."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Connection, select

from guichet_sync.domain.routing import RoutingRule
from guichet_sync.domain.spaces import TAXONOMY
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import RoutingTable

from . import schema

Record = TypeVar("Record")


def one(connection: Connection, tenant: str, place: tuple[str, str], record_id: str, kind: type[Record]) -> Record | None:
    """The record at ``place`` (space, kind), or None."""
    table, (space, name) = schema.record, place
    body = connection.execute(
        select(table.c.body).where(
            table.c.tenant == tenant, table.c.space == space, table.c.kind == name, table.c.id == record_id
        )
    ).scalar()
    return None if body is None else codec.decode(body, kind)


def ids(connection: Connection, tenant: str, space: str, kind: str) -> tuple[str, ...]:
    """The ids of all records of a kind."""
    table = schema.record
    found = select(table.c.id).where(table.c.tenant == tenant, table.c.space == space, table.c.kind == kind)
    return tuple(connection.execute(found.order_by(table.c.id)).scalars())


def services(connection: Connection, tenant: str) -> tuple[str, ...]:
    """The codes of the city's services."""
    return ids(connection, tenant, TAXONOMY, "service")


def routing_rules(connection: Connection, tenant: str, category: str) -> tuple[RoutingRule, ...]:
    """The routing rows of a category."""
    table = one(connection, tenant, (TAXONOMY, "routing"), category, RoutingTable)
    return () if table is None else table.rules
