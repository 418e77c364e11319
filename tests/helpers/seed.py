"""The files of the fictional city, as they stand in the project."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from guichet_sync import resources

Record = dict[str, Any]


@cache
def text(name: str) -> str:
    """A file's content."""
    return (resources.folder("seed") / name).read_text(encoding="utf-8")


def document(name: str) -> Any:
    """A JSON file."""
    return json.loads(text(name))


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(text(name).splitlines()))


def fiches() -> list[Record]:
    """The fiches, in the file's order."""
    return [json.loads(line) for line in text("articles.jsonl").splitlines()]


def categories() -> dict[str, Record]:
    """The taxonomy's categories by code."""
    return {each["code"]: each for each in document("taxonomy.json")["categories"]}


def services() -> dict[str, Record]:
    """The municipal services by code."""
    return {each["code"]: each for each in document("taxonomy.json")["services"]}


def texts(content: Any, language: str, *, inside: bool = False) -> Iterator[str]:
    """Every string under a key ``fr`` or ``en`` of a document."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from texts(value, language, inside=inside or key == language)
    elif isinstance(content, list):
        for each in content:
            yield from texts(each, language, inside=inside)
    elif inside and isinstance(content, str):
        yield content


def pairs(content: Any) -> Iterator[Record]:
    """Every object of a document that holds a text in two languages, or should."""
    if isinstance(content, dict):
        if content.keys() & {"fr", "en"}:
            yield content
        for value in content.values():
            yield from pairs(value)
    elif isinstance(content, list):
        for each in content:
            yield from pairs(each)
