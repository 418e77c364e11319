"""Words of a place as people type them: abbreviations of street types and saints are one word with their full form."""

from __future__ import annotations

from guichet_sync.language import words

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


def place_words(text: str) -> list[str]:
    """The words of an address or place, folded, abbreviations spelled out, in their order and each once."""
    return list(dict.fromkeys(_SAME.get(word, word) for word in words(text)))
