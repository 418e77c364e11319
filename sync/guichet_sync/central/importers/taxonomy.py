"""The taxonomy: one JSON document of services, categories and routing rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from guichet_sync.domain.category import Category, Service
from guichet_sync.domain.errors import BadReply, InvalidInput, LineProblem
from guichet_sync.domain.routing import RoutingRule
from guichet_sync.domain.spaces import TAXONOMY
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import RoutingTable

from ..publish import Change
from .reader import json_document
from .run import Outcome, Work

Record = TypeVar("Record")


def read_taxonomy(path: Path, _work: Work) -> Iterable[Outcome]:
    """Services, categories and routing tables. "Lines" of problems are the 1-based places in their lists."""
    document = json_document(path)
    if not isinstance(document, dict) or not isinstance(document.get("categories"), list):
        raise InvalidInput("malformed_file", field="file", line=1)
    services = list(_services(document.get("services", [])))
    yield from services
    known = {change.id for change in services if isinstance(change, Change)}
    categories = list(_categories(document["categories"], known))
    yield from categories
    codes = {change.id for change in categories if isinstance(change, Change)}
    yield from _routing(document.get("routing", []), codes)


def _services(rows: list[Any]) -> Iterator[Outcome]:
    seen: set[str] = set()
    for place, row in enumerate(rows, 1):
        service = _read(row, Service)
        if service is None:
            yield LineProblem(place, "malformed_service")
        elif service.code in seen:
            yield LineProblem(place, "duplicate_code", service.code)
        else:
            seen.add(service.code)
            yield Change(TAXONOMY, "service", service.code, service)


def _categories(rows: list[Any], services: set[str]) -> Iterator[Outcome]:
    seen: set[str] = set()
    for place, row in enumerate(rows, 1):
        category = _read(_flat(row), Category)
        if category is None:
            yield LineProblem(place, "malformed_category")
        elif category.code in seen:
            yield LineProblem(place, "duplicate_code", category.code)
        elif category.service not in services:
            yield LineProblem(place, "unknown_service", category.service)
        else:
            seen.add(category.code)
            yield Change(TAXONOMY, "category", category.code, category)


def _flat(row: Any) -> Any:
    """The file groups synonyms by language, the record does not."""
    if not isinstance(row, dict):
        return row
    synonyms = row.get("synonyms") or {}
    return {**row, "synonyms_fr": synonyms.get("fr", []), "synonyms_en": synonyms.get("en", [])}


def _routing(rows: list[Any], categories: set[str]) -> Iterator[Outcome]:
    tables: dict[str, list[RoutingRule]] = defaultdict(list)
    for place, row in enumerate(rows, 1):
        rule = _read({key: value or "" for key, value in row.items()} if isinstance(row, dict) else row, RoutingRule)
        if rule is None:
            yield LineProblem(place, "malformed_routing")
        elif rule.category not in categories:
            yield LineProblem(place, "unknown_category", rule.category)
        else:
            tables[rule.category].append(rule)
    for code, rules in tables.items():
        yield Change(TAXONOMY, "routing", code, RoutingTable(code, tuple(rules)))


def _read(row: Any, kind: type[Record]) -> Record | None:
    try:
        return codec.from_body(row, kind)
    except BadReply:
        return None
