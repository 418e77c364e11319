"""The knowledge base: fiches that agents read and say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .words import Bilingual, Language


class Freshness(StrEnum):
    """How far a fiche can be trusted today: amber, never hidden."""

    VERIFIED = "verified"
    TO_REVIEW = "to_review"
    EXPIRED = "expired"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class ArticleText:
    """A fiche in one language. ``body`` is sanitised HTML; ``say`` is read aloud; ``must_say`` is required by law."""

    title: str
    say: str = ""
    summary: str = ""
    checks: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()
    duration: str = ""
    cost: str = ""
    responsible: str = ""
    body: str = ""
    phrasings: tuple[str, ...] = ()
    must_say: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """What the full-text index holds for a fiche in one language, computed at publish.

    Each field is a space-separated run of analysed tokens; ``version`` is the analysis' own, and a post whose version differs
    computes them anew from the text.
    """

    version: int
    exact: str
    title: str
    phrasings: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Article:
    """A fiche with its French text and, mostly, its English one."""

    code: str
    fr: ArticleText
    en: ArticleText | None = None
    service: str = ""
    category: str = ""
    related: tuple[str, ...] = ()
    verified_on: date | None = None
    review_on: date | None = None
    expires_on: date | None = None
    owner: Bilingual = Bilingual("")
    terms_fr: IndexTerms | None = None
    terms_en: IndexTerms | None = None

    def text(self, language: Language) -> ArticleText:
        """The fiche in ``language``, in French where it is not translated."""
        return self.en if language is Language.EN and self.en else self.fr

    def freshness(self, today: date) -> Freshness:
        """How far the fiche can be trusted on ``today``."""
        return freshness(today, self.verified_on, self.review_on, self.expires_on)


def freshness(today: date, verified_on: date | None, review_on: date | None, expires_on: date | None) -> Freshness:
    """How far a fiche of these dates can be trusted on ``today``."""
    if expires_on and expires_on < today:
        return Freshness.EXPIRED
    if review_on and review_on < today:
        return Freshness.TO_REVIEW
    return Freshness.VERIFIED if verified_on else Freshness.UNVERIFIED


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A fiche found: enough for a result row. ``score`` grows with relevance; only its order means something."""

    article_id: str
    title: str
    service: str
    freshness: Freshness
    snippet: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a query found: ``corrected`` is the query really searched when the spelling was mended, else None."""

    query: str
    hits: tuple[SearchHit, ...]
    corrected: str | None = None
