"""The shapes of documents, as the tests write them down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

Shape = Any
"""A type, a tuple of alternatives, a list of one shape (each item has it), an object of shapes, or a function that agrees."""

NUMBER = (int, float)
TEXT_OR_NOTHING = (str, type(None))


def instant(text: Any) -> bool:
    """RFC 3339 with an offset."""
    return isinstance(text, str) and "T" in text and datetime.fromisoformat(text).utcoffset() is not None


def day(text: Any) -> bool:
    """A local date."""
    return isinstance(text, str) and date.fromisoformat(text).isoformat() == text


def one_of(*values: Any) -> Shape:
    """One of a few values."""
    return lambda found: found in values


def misfits(document: Any, shape: Shape, path: str = "$") -> list[str]:
    """Where a document differs from its shape; more keys are allowed, a name that is missing is not."""
    return list(_misfits(document, shape, path))


def _misfits(document: Any, shape: Shape, path: str) -> Iterator[str]:
    if isinstance(shape, dict):
        yield from _object_misfits(document, shape, path)
    elif isinstance(shape, list):
        items = document if isinstance(document, list) else [object()]
        for rank, item in enumerate(items):
            yield from _misfits(item, shape[0], f"{path}[{rank}]")
    elif not _fits(document, shape):
        yield path


def _object_misfits(document: Any, shape: dict[str, Shape], path: str) -> Iterator[str]:
    found = document if isinstance(document, dict) else {}
    for name, part in shape.items():
        if name in found:
            yield from _misfits(found[name], part, f"{path}.{name}")
        else:
            yield f"{path}.{name}"


def _fits(value: Any, shape: Shape) -> bool:
    if isinstance(shape, tuple):
        return any(_fits(value, each) for each in shape)
    if isinstance(shape, type):
        return type(value) is shape
    return bool(shape(value))
