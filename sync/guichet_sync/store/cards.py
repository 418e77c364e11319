"""What re-ranking and a result row need of a fiche, without reading all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guichet_sync.domain.article import Article, ArticleText, Freshness, IndexTerms, freshness
from guichet_sync.language import plain_text

_SNIPPET_CHARACTERS = 180
_READ_FOR_SNIPPET = 4_000


@dataclass(frozen=True, slots=True)
class Card:
    """A fiche in one language, small: what a result shows, tokens of title and phrasings, dates of its freshness."""

    title: str
    service: str
    snippet: str
    title_stems: str
    exact: str
    phrasings: str = ""
    verified_on: date | None = None
    review_on: date | None = None
    expires_on: date | None = None

    @classmethod
    def of(cls, article: Article, shown: ArticleText, terms: IndexTerms) -> Card:
        """The card of a fiche in one of its languages."""
        return cls(
            title=shown.title,
            service=article.service,
            snippet=_snippet(shown),
            title_stems=terms.title,
            exact=terms.exact,
            phrasings=terms.phrasings,
            verified_on=article.verified_on,
            review_on=article.review_on,
            expires_on=article.expires_on,
        )

    def freshness(self, today: date) -> Freshness:
        """How far the fiche can be trusted on ``today``."""
        return freshness(today, self.verified_on, self.review_on, self.expires_on)


def _snippet(shown: ArticleText) -> str:
    """The summary, or what the fiche begins with."""
    whole = shown.summary.strip() or plain_text(f"{shown.say} {shown.body[:_READ_FOR_SNIPPET]}")
    if len(whole) <= _SNIPPET_CHARACTERS:
        return whole
    last_space = whole.rfind(" ", 0, _SNIPPET_CHARACTERS)
    return whole[: last_space if last_space > 0 else _SNIPPET_CHARACTERS].rstrip(" ,;:") + "…"
