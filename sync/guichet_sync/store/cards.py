"""What re-ranking and a result row need of a fiche, without reading all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Card:
    """A fiche in one language, small: title, tokens of title and phrasings, dates of its freshness."""

    title: str
    service: str
    title_stems: str
    exact: str
    phrasings: str = ""
    verified_on: date | None = None
    review_on: date | None = None
    expires_on: date | None = None
