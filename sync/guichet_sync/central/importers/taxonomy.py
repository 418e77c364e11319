"""The taxonomy: one JSON document of services, categories and routing rows."""

from __future__ import annotations

import re
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
from .reader import json_document, list_in
from .run import Outcome, Work

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
"""Codes of services name spaces, and files of snapshots."""
Record = TypeVar("Record")


def read_taxonomy(path: Path, _work: Work) -> Iterable[Outcome]:
    """Services, categories and routing tables. "Lines" of problems are the 1-based places in their lists."""
    document = json_document(path)
    if not list_in(document, "categories"):
        raise InvalidInput("malformed_file", field="file", line=1)
    services = list(_services(list_in(document, "services")))
    yield from services
    known = _codes(services)
    categories = list(_categories(list_in(document, "categories"), known))
    yield from categories
    yield from _routing(list_in(document, "routing"), _codes(categories), known)


def _codes(outcomes: Iterable[Outcome]) -> set[str]:
    return {change.id for change in outcomes if isinstance(change, Change)}


def _services(rows: list[Any]) -> Iterator[Outcome]:
    seen: set[str] = set()
    for place, row in enumerate(rows, 1):
        service = _read(row, Service)
        if service is None or not _CODE.fullmatch(service.code):
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
        if category is None or not _CODE.fullmatch(category.code):
            yield LineProblem(place, "malformed_category")
        elif category.code in seen:
            yield LineProblem(place, "duplicate_code", category.code)
        elif category.service not in services:
            yield LineProblem(place, "unknown_service", category.service[:80])
        else:
            seen.add(category.code)
            yield Change(TAXONOMY, "category", category.code, category)


def _flat(row: Any) -> Any:
    """The file groups synonyms by language, the record does not."""
    synonyms = row.get("synonyms") if isinstance(row, dict) else None
    if not isinstance(synonyms, dict):
        return row
    return {**row, "synonyms_fr": synonyms.get("fr", []), "synonyms_en": synonyms.get("en", [])}


def _routing(rows: list[Any], categories: set[str], services: set[str]) -> Iterator[Outcome]:
    tables: dict[str, list[RoutingRule]] = defaultdict(list)
    for place, row in enumerate(rows, 1):
        rule = _read({key: value or "" for key, value in row.items()} if isinstance(row, dict) else row, RoutingRule)
        if rule is None:
            yield LineProblem(place, "malformed_routing")
        elif rule.category not in categories:
            yield LineProblem(place, "unknown_category", rule.category[:80])
        elif rule.service not in services:
            yield LineProblem(place, "unknown_service", rule.service[:80])
        else:
            tables[rule.category].append(rule)
    for code, rules in tables.items():
        yield Change(TAXONOMY, "routing", code, RoutingTable(code, tuple(rules)))


def _read(row: Any, kind: type[Record]) -> Record | None:
    try:
        return codec.from_body(row, kind)
    except BadReply:
        return None
