"""The design tokens as they are shipped: the neutral colours of each theme, and the pairs that must be told apart. No Qt."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guichet_sync import resources

THEMES = ("light", "dark", "contrast")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two roles seen one on the other, and the least contrast ratio between them."""

    foreground: str
    background: str
    minimum: float


@lru_cache(maxsize=1)
def tokens() -> dict[str, Any]:
    """The design tokens, read from disk once."""
    found: dict[str, Any] = json.loads((resources.folder("theme") / "tokens.json").read_text(encoding="utf-8"))
    return found


def neutral(theme: str) -> dict[str, str]:
    """The shipped colours of a theme, by role: nobody's brand."""
    return dict(tokens()["themes"][theme])


def pairs() -> tuple[Pair, ...]:
    """The 27 pairs that hold in every theme."""
    return tuple(Pair(each["foreground"], each["background"], each["minimum_ratio"]) for each in tokens()["contrast_pairs"])
