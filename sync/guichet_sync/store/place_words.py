"""Words of a place as people type them: abbreviations of street types and saints are one word with their full form."""

from __future__ import annotations

import re

from guichet_sync.language import fold, words

_SAME = {
    "boul": "boulevard",
    "bd": "boulevard",
    "bld": "boulevard",
    "blvd": "boulevard",
    "av": "avenue",
    "ave": "avenue",
    "ch": "chemin",
    "pl": "place",
    "mtee": "montee",
    "imp": "impasse",
    "st": "saint",
    "ste": "sainte",
    "r": "rue",
    "1re": "1",
    "1ere": "1",
    "premiere": "1",
}
_WRITTEN = re.compile(r"[a-z0-9]+")
_POSTAL_CODE = re.compile(r"([a-z][0-9][a-z])([0-9](?:[a-z][0-9]?)?)")


def place_words(text: str) -> list[str]:
    """The words of an address or place, folded, abbreviations spelled out, in their order and each once."""
    return list(dict.fromkeys(_SAME.get(word, word) for word in _words(text)))


def indexed_words(text: str) -> list[str]:
    """All that may be typed to find a place: its words spelled out, and as they are written, elided ones included."""
    return list(dict.fromkeys((*place_words(text), *_WRITTEN.findall(fold(text)))))


def typed_words(text: str) -> list[tuple[str, ...]]:
    """For each word as typed, what it may begin: the full form of an abbreviation, or a word that only begins like one."""
    return list(dict.fromkeys(tuple(dict.fromkeys((_SAME.get(word, word), word))) for word in _words(text)))


def _words(text: str) -> list[str]:
    """A postal code is two words, with or without its space."""
    found = words(text)
    codes = (_POSTAL_CODE.fullmatch(word) for word in found)
    return [part for word, code in zip(found, codes, strict=True) for part in (code.groups() if code else (word,))]
