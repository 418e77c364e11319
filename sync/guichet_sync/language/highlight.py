"""Which parts of a shown text to mark for a query: by stem, so that plurals, accents and elisions match."""

from __future__ import annotations

import re

from guichet_sync.domain.words import Language

from .analysis import fold, query_terms, stem

_SHOWN_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_SHORTEST_PREFIX = 3


def highlight(text: str, query: str, language: Language) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` ranges of ``text`` that the query's words match, in order; the last word matches as a prefix."""
    terms = query_terms(query, language)
    if not terms.exact:
        return ()
    last, stems = terms.exact[-1], set(terms.stems)
    return tuple(
        found.span()
        for found in _SHOWN_WORD.finditer(text)
        if _matches(fold(found[0]), stems, last if len(last) >= _SHORTEST_PREFIX else "", language)
    )


def _matches(word: str, stems: set[str], prefix: str, language: Language) -> bool:
    return stem(word, language) in stems or bool(prefix and word.startswith(prefix))
