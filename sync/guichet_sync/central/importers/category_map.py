"""Foreign category names to ours, by keywords: an import map of ``resources/import_maps``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from guichet_sync import resources
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.language import fold

from .reader import json_document


@dataclass(frozen=True)
class CategoryMap:
    """Rules in order: the first whose keyword stands in the folded name wins; without one the name is unknown."""

    rules: tuple[tuple[tuple[str, ...], str], ...]

    @classmethod
    def load(cls, path: Path | None, name: str) -> CategoryMap:
        """The map of the file given, or the one shipped for the format ``name``.

        :raises InvalidInput: ``malformed_file``.
        """
        document = json_document(path or resources.folder("import_maps") / f"{name}.json")
        try:
            return cls(tuple((_keywords(rule["match"]), str(rule["category"])) for rule in document["categories"]))
        except (KeyError, TypeError):
            raise InvalidInput("malformed_file", field="map", line=1) from None

    @cached_property
    def _known(self) -> dict[str, str | None]:
        return {}

    def code(self, name: str) -> str | None:
        """Our code for a foreign name, or None."""
        if name not in self._known:
            folded = fold(name)
            self._known[name] = next((code for words, code in self.rules if any(word in folded for word in words)), None)
        return self._known[name]


def _keywords(match: Any) -> tuple[str, ...]:
    return tuple(fold(word) for word in ([match] if isinstance(match, str) else match))
