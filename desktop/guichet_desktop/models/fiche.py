"""A fiche as the answer card shows it: plain words and one small piece of safe HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from guichet_sync.domain.article import Article
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import FRESHNESS

TAGS = frozenset("p ul ol li strong em b i br h2 h3 h4 table thead tbody tr th td".split())
MAX_HTML = 60_000
MAX_NESTING = 12
_PART = 3_000
_TAG = re.compile(r"</?[a-z][^>]*>")


@dataclass(frozen=True, slots=True)
class ShownFiche:
    """What the card shows of a fiche."""

    article_id: str
    category: str
    title: str
    freshness: str
    tone: str
    meta: str
    say: str
    body_parts: tuple[str, ...]
    language: Language


def shown(article: Article, words: Words, service: str, today: date) -> ShownFiche:
    """The fiche in the language of ``words``; made on the desk thread."""
    text = article.text(words.language)
    freshness = article.freshness(today)
    owner = words.both(article.owner)
    verified = words.text("vérifiée le {day}", day=words.short_day(article.verified_on)) if article.verified_on else ""
    return ShownFiche(
        article_id=article.code,
        category=article.category,
        title=text.title,
        freshness=words.text(FRESHNESS[freshness]),
        tone={"verified": "ok", "to_review": "warn", "expired": "warn", "unverified": "mute"}[freshness],
        meta="  ·  ".join(filter(None, (service, owner, verified, article.code))),
        say=text.say,
        body_parts=tuple(parted(_body(article, words))),
        language=words.language,
    )


def parted(body: str) -> Iterator[str]:
    """Safe HTML cut between its outermost elements into pieces that are each laid out well within a frame."""
    depth = start = 0
    for tag in _TAG.finditer(body):
        depth += _step(tag.group())
        if depth == 0 and tag.end() - start >= _PART:
            yield body[start : tag.end()]
            start = tag.end()
    if start < len(body) or not start:
        yield body[start:]


def _step(tag: str) -> int:
    return 0 if tag.startswith("<br") else -1 if tag.startswith("</") else 1


def _body(article: Article, words: Words) -> str:
    text = article.text(words.language)
    parts = [
        _list(words.text("À dire obligatoirement"), text.must_say),
        _list(words.text("À vérifier avec la personne"), text.checks),
        _list(words.text("À apporter"), text.bring),
        _facts(article, words),
        safe(text.body),
        _cut(words, text.body),
    ]
    return "".join(parts)


def _cut(words: Words, body: str) -> str:
    if len(body) <= MAX_HTML:
        return ""
    return f"<p><b>{html.escape(words.text('La suite de cette fiche est trop longue pour être montrée ici.'))}</b></p>"


def safe(body: str) -> str:
    """Only structure, no more of it than a card can lay out within a frame."""
    import nh3

    cleaned = nh3.clean(body[:MAX_HTML], tags=set(TAGS), attributes={})
    return cleaned if _depth(cleaned) <= MAX_NESTING else html.escape(nh3.clean(cleaned, tags=set(), attributes={}))


def _depth(cleaned: str) -> int:
    depth = deepest = 0
    for piece in cleaned.split("<")[1:]:
        if piece.startswith("/"):
            depth -= 1
        elif not piece.startswith("br"):
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _list(heading: str, lines: tuple[str, ...]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return f"<h3>{html.escape(heading)}</h3><ul>{items}</ul>"


def _facts(article: Article, words: Words) -> str:
    text = article.text(words.language)
    facts = (
        (words.text("Durée"), text.duration),
        (words.text("Coût"), text.cost),
        (words.text("Responsable"), text.responsible),
    )
    rows = "".join(f"<tr><td><b>{html.escape(name)}</b></td><td>{html.escape(value)}</td></tr>" for name, value in facts if value)
    return f'<table cellpadding="3">{rows}</table>' if rows else ""
