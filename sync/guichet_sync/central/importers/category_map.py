"""Foreign category names to ours, by keywords: an import map of ``resources/import_maps``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guichet_sync import resources
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.language import fold

from .reader import json_document, list_in

Rule = tuple[tuple[str, ...], str]
"""Folded keywords, and the category they mean."""


@dataclass(frozen=True, slots=True)
class CategoryMap:
    """Rules in order: the first of which a keyword stands in the folded name wins; without one the name is unknown."""

    rules: tuple[Rule, ...]
    _known: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None, name: str) -> CategoryMap:
        """The map of the file given, or the one shipped for the format ``name``.

        :raises InvalidInput: ``malformed_file``.
        """
        rows = list_in(json_document(path or resources.folder("import_maps") / f"{name}.json"), "categories")
        return cls(tuple(_rule(row) for row in rows))

    def code(self, name: str) -> str | None:
        """Our code for a foreign name, or None."""
        if name not in self._known:
            folded = fold(name)
            self._known[name] = next((code for words, code in self.rules if any(word in folded for word in words)), None)
        return self._known[name]


def _rule(row: Any) -> Rule:
    match = row.get("match") if isinstance(row, dict) else None
    words = [match] if isinstance(match, str) else match
    code = row.get("category") if isinstance(row, dict) else None
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words) or not isinstance(code, str):
        raise InvalidInput("malformed_file", field="map", line=1)
    return tuple(fold(word) for word in words), code
