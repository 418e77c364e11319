"""Fiches: our own JSON lines, or the public shape of service-public.fr. Sanitised and analysed here, at publish."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nh3

from guichet_sync.domain.article import Article, ArticleText
from guichet_sync.domain.errors import BadReply, LineProblem
from guichet_sync.domain.spaces import KNOWLEDGE
from guichet_sync.domain.words import Language
from guichet_sync.language import article_terms
from guichet_sync.protocol import codec

from .. import records
from ..publish import Change
from .reader import json_lines
from .run import MAX_ID, Outcome, Work

FOREIGN_FORMAT = "service-public"
MAX_BODY = 400_000
ALLOWED_TAGS = frozenset("p ul ol li strong em b i br h2 h3 h4 table thead tbody tr th td".split())
_FOREIGN = {"fid", "title", "body"}


def read_articles(path: Path, work: Work) -> Iterable[Outcome]:
    """Fiches, each line one."""
    known = frozenset(records.services(work.connection, work.instance.tenant))
    seen: set[str] = set()
    for row in work.limited(json_lines(path)):
        yield row if isinstance(row, LineProblem) else _line(*row, work.options.format, seen, known)


def _line(number: int, fields: dict[str, Any], shape: str, seen: set[str], services: frozenset[str]) -> Outcome:
    foreign = shape == FOREIGN_FORMAT or (not shape and fields.keys() >= _FOREIGN)
    article = _read(fields, _foreign if foreign else _own)
    if article is None or not 0 < len(article.code) <= MAX_ID or not article.fr.title.strip():
        return LineProblem(number, "malformed_article")
    if article.code in seen:
        return LineProblem(number, "duplicate_code", article.code[:80])
    if article.service and article.service not in services:
        return LineProblem(number, "unknown_service", article.service[:80])
    seen.add(article.code)
    return Change(KNOWLEDGE, "article", article.code, published(article))


def published(article: Article) -> Article:
    """The fiche as it is served: sanitised, with the terms of its index."""
    french = _clean(article.fr)
    english = _clean(article.en) if article.en else None
    return replace(
        article,
        fr=french,
        en=english,
        terms_fr=article_terms(french, Language.FR),
        terms_en=article_terms(english, Language.EN) if english else None,
    )


def _clean(text: ArticleText) -> ArticleText:
    """Only structure survives: no link, image, style, script or attribute."""
    return replace(text, body=nh3.clean(text.body[:MAX_BODY], tags=set(ALLOWED_TAGS), attributes={}))


def _read(fields: dict[str, Any], shape: Callable[[dict[str, Any]], dict[str, Any]]) -> Article | None:
    try:
        return codec.from_body(shape(fields), Article)
    except (BadReply, TypeError, AttributeError, KeyError):
        return None


def _own(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _foreign(fields: dict[str, Any]) -> dict[str, Any]:
    """A row of service-public.fr: its body is plain text, a line a paragraph. ``fid`` stands in two guides, ``id`` in one."""
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in _lines(fields["body"]))
    text = {"title": fields["title"], "summary": fields.get("desc") or "", "body": paragraphs}
    return {"code": fields.get("id") or fields["fid"], "fr": text}


def _lines(body: str) -> Iterator[str]:
    return (line.strip() for line in body.split("\n") if line.strip())
