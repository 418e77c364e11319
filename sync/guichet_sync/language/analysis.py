"""From text to the tokens that are indexed and looked up.

Words are folded (accents, œ, case), elisions are split (l’, d’, qu’…), and only then stemmed by Snowball: a query typed without
accents therefore meets the same stem as the text. Exact forms are kept beside stems, to rank them first.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from guichet_sync.domain.article import ArticleText, IndexTerms
from guichet_sync.domain.words import Language

from .text import plain_text

ANALYSIS_VERSION = 1
"""Raised whenever the tokens of an unchanged text would change: posts then compute them anew."""

_MAX_QUERY = 1_000
"""Characters of a query that count: nobody types more, and what is pasted by mistake must not cost a second."""

_SAME = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "œ": "oe", "æ": "ae", "ø": "o"})
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w)")
_WORD = re.compile(r"[a-z0-9]+")
_SNOWBALL = {Language.FR: "french", Language.EN: "english"}
_STOP = {
    Language.FR: frozenset(
        "a au aux avec ce ces cet cette comment dans de des du elle en est et etre eu il ils je la le les leur lui ma mais me mes"
        " moi mon ne nos notre nous on ont ou par pas pour qu que quel quelle quels quelles quand qui sa se ses si son sont sur"
        " ta te tes toi ton tu un une vos votre vous y".split()
    ),
    Language.EN: frozenset(
        "a an and are as at be by do does for from have how i if in is it my of on or our that the their there they this to was"
        " we what when where which who will with you your".split()
    ),
}


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The words of a query: folded forms and their stems, without stop words unless there is nothing else."""

    exact: tuple[str, ...]
    stems: tuple[str, ...]


def fold(text: str) -> str:
    """``text`` in lower case without accents, ligatures or curly apostrophes. Folding twice changes nothing."""
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(character for character in lowered if not unicodedata.combining(character))
    return plain.translate(_SAME)


def words(text: str) -> list[str]:
    """The folded words of ``text``, elisions and hyphens split."""
    return _WORD.findall(_ELISION.sub(" ", fold(text)))


@lru_cache(maxsize=50_000)
def _stem(word: str, language: Language) -> str:
    return str(_stemmer(language).stemWord(word))


@lru_cache(maxsize=len(Language))
def _stemmer(language: Language) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_SNOWBALL[language])


def stem(word: str, language: Language) -> str:
    """The stem of a folded word."""
    return _stem(word, language)


def query_terms(text: str, language: Language) -> QueryTerms:
    """What to look up for a query; of a very long one, its beginning."""
    found = words(text[:_MAX_QUERY])
    telling = [word for word in found if word not in _STOP[language]] or found
    unique = tuple(dict.fromkeys(telling))
    return QueryTerms(unique, tuple(dict.fromkeys(stem(word, language) for word in unique)))


def article_terms(text: ArticleText, language: Language) -> IndexTerms:
    """What the index holds for a fiche in one language."""
    body = " ".join((*text.checks, *text.bring, text.responsible, plain_text(text.body)))
    return IndexTerms(
        version=ANALYSIS_VERSION,
        exact=" ".join(words(f"{text.title} {' '.join(text.phrasings)}")),
        title=_stems(text.title, language),
        phrasings=_stems(" ".join(text.phrasings), language),
        summary=_stems(f"{text.summary} {text.say}", language),
        body=_stems(body, language),
    )


def _stems(text: str, language: Language) -> str:
    stop = _STOP[language]
    return " ".join(stem(word, language) for word in words(text) if word not in stop)
