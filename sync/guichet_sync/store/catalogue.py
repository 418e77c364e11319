"""The taxonomy as this post has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select

from guichet_sync.domain.category import Category, Service
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.routing import RoutingRule, Unit
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import ClosedDay, RoutingTable

from . import schema
from .database import reading
from .post import PostStore

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Figures:
    """How much this post holds."""

    articles: int
    categories: int
    requests: int
    addresses: int


def _all(store: PostStore, kind: str, record: type[Record]) -> tuple[Record, ...]:
    table = schema.taxonomy
    with reading(store.public) as connection:
        bodies = connection.execute(select(table.c.body).where(table.c.kind == kind).order_by(table.c.id)).scalars()
        return tuple(codec.decode(body, record) for body in bodies)


def _one(store: PostStore, kind: str, record_id: str, record: type[Record]) -> Record | None:
    table = schema.taxonomy
    with reading(store.public) as connection:
        body = connection.execute(select(table.c.body).where(table.c.kind == kind, table.c.id == record_id)).scalar()
    return None if body is None else codec.decode(body, record)


def categories(store: PostStore) -> tuple[Category, ...]:
    """All categories in use."""
    return tuple(each for each in _all(store, "category", Category) if not each.retired)


def category(store: PostStore, code: str) -> Category:
    """A category, retired ones included.

    :raises InvalidInput: ``unknown_category`` if there is none of that code.
    """
    found = _one(store, "category", code, Category)
    if found is None:
        raise InvalidInput("unknown_category", field="category")
    return found


def services(store: PostStore) -> tuple[Service, ...]:
    """All services."""
    return _all(store, "service", Service)


def routing_rules(store: PostStore, category_code: str) -> tuple[RoutingRule, ...]:
    """The routing rows of a category."""
    table = _one(store, "routing", category_code, RoutingTable)
    return () if table is None else table.rules


def units(store: PostStore, service: str) -> dict[str, Unit]:
    """The teams of a service, by code, as far as any category's requests go to them."""
    rules = (rule for table in _all(store, "routing", RoutingTable) for rule in table.rules)
    return {rule.unit.code: rule.unit for rule in rules if rule.service == service}


def closed_days(store: PostStore) -> dict[date, Bilingual]:
    """Days on which working days do not run, with their names."""
    return {each.on: each.name for each in _all(store, "closed_day", ClosedDay)}


def figures(store: PostStore) -> Figures:
    """How much this post holds."""
    kind = schema.taxonomy.c.kind
    with reading(store.public) as connection:
        articles = connection.execute(select(func.count()).select_from(schema.article)).scalar_one()
        known = connection.execute(select(func.count()).where(kind == "category")).scalar_one()
        addresses = connection.execute(select(func.count()).select_from(schema.location)).scalar_one()
    with reading(store.people) as connection:
        requests = connection.execute(select(func.count()).select_from(schema.request)).scalar_one()
    return Figures(articles, known, requests, addresses)
