"""Verbs that find: fiches, places, collections."""

from __future__ import annotations

import argparse
from typing import Any

from guichet_sync.domain.article import Article, ArticleText
from guichet_sync.domain.location import Collection
from guichet_sync.domain.words import Language
from guichet_sync.language import plain_text
from guichet_sync.protocol import codec
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import FRESHNESS

from ..desk import lookup
from ..desk.desk import Desk
from .output import Output
from .timing import Stopwatch

_PLACE = ("label", "postal_code", "sector", "district", "lat", "lon")


def _search(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    watch = Stopwatch()
    found = lookup.search(desk, options.text, language_of(options, output), options.limit)
    document = {
        "query": found.query,
        "corrected": found.corrected,
        "elapsed_ms": watch.ms(),
        "hits": [codec.to_body(hit) for hit in found.hits],
    }
    lines = [f"{hit.article_id}\t{hit.title}\t[{output.words.text(FRESHNESS[hit.freshness])}]" for hit in found.hits]
    return output.say(document, lines or [output.words.text("Aucune fiche trouvée.")])


def _article(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    language = language_of(options, output)
    found = lookup.article(desk, options.id)
    return output.say(_fiche(found, language, desk), _fiche_lines(output.words, found.text(language)))


def _fiche(found: Article, language: Language, desk: Desk) -> dict[str, Any]:
    """All parts of the fiche: those of the language asked for beside both texts, without the index's own terms."""
    document = codec.to_body(found) | codec.to_body(found.text(language))
    del document["terms_fr"], document["terms_en"]
    return document | {"article_id": found.code, "freshness": found.freshness(desk.today()), "lang": language}


def _fiche_lines(words: Words, shown: ArticleText) -> list[str]:
    lists = (
        (words.text("À dire obligatoirement"), shown.must_say),
        (words.text("À vérifier avec la personne"), shown.checks),
        (words.text("À apporter"), shown.bring),
    )
    facts = (
        (words.text("Durée"), shown.duration),
        (words.text("Coût"), shown.cost),
        (words.text("Responsable"), shown.responsible),
    )
    lines = [shown.title, "", shown.say]
    lines += [line for title, items in lists if items for line in ("", title, *(f"– {each}" for each in items))]
    lines += ["", *(f"{title}\t{fact}" for title, fact in facts if fact)]
    return [*lines, "", plain_text(shown.body)]


def _address(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    watch = Stopwatch()
    found = lookup.addresses(desk, options.text, options.limit)
    elapsed = watch.ms()
    matches = [{"location_id": place.id} | {name: getattr(place, name) for name in _PLACE} for place in found]
    lines = [f"{place.id}\t{place.label}\t{place.postal_code}" for place in found]
    return output.say({"matches": matches, "elapsed_ms": elapsed}, lines or [output.words.text("Aucun lieu trouvé.")])


def _collections(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    sector, found = lookup.collections(desk, options.location_id, options.since)
    names = {key: output.words.both(material.name) for key, material in lookup.materials(desk).items()}
    coming = [
        {"material": each.material, "date": each.on.isoformat(), "moved_because": each.moved_because or None} for each in found
    ]
    lines = [_collection_line(output.words, each, names) for each in found]
    document = {"sector": sector, "next": coming}
    return output.say(document, lines or [output.words.text("Aucune collecte n’est prévue à ce lieu.")])


def _collection_line(words: Words, each: Collection, names: dict[str, str]) -> str:
    return "\t".join((words.day(each.on), names.get(each.material, each.material), each.moved_because)).rstrip()


def language_of(options: argparse.Namespace, output: Output) -> Language:
    """The language of fiches: the verb's own option, or the sentences' language."""
    return Language(options.in_language) if options.in_language else output.words.language


VERBS = {"search": _search, "article": _article, "address": _address, "collections": _collections}
