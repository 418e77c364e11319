"""How a record of each kind becomes rows. What this version does not know is kept raw until an update does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, text
from sqlalchemy.dialects.sqlite import insert

from guichet_sync.domain import spaces
from guichet_sync.domain.article import Article, ArticleText, IndexTerms
from guichet_sync.domain.location import Location
from guichet_sync.domain.request import Request
from guichet_sync.domain.words import Language
from guichet_sync.language import ANALYSIS_VERSION, article_terms, fold
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import FeedEntry
from guichet_sync.protocol.records import KINDS, RequesterOf

from . import schema
from .cards import Card
from .instants import to_text
from .place_words import place_words

_TAXONOMY_KINDS = frozenset({"service", "category", "routing", "closed_day", "material", "collections"})
_IN_PLACES = ("material", "collections")


def put(connection: Connection, space: str, kind: str, entries: Sequence[FeedEntry]) -> None:
    """Insert or replace records of one kind.

    :raises BadReply: if a body has not the shape of its kind.
    """
    if not entries:
        return
    latest = list({entry.id: entry for entry in entries}.values())
    if kind in _TAXONOMY_KINDS:
        _put_taxonomy(connection, kind, latest)
    elif kind in _PUTS:
        _PUTS[kind](connection, space, latest)
    else:
        rows = [{"space": space, "kind": kind, "id": each.id, "body": _json(each)} for each in latest]
        table = schema.raw_of(schema.mirror_of(space))
        connection.execute(insert(table).prefix_with("OR REPLACE"), rows)


def remove(connection: Connection, space: str, kind: str, ids: Sequence[str]) -> None:
    """Remove records, whatever the reason: deleted, out of reach or erased by law."""
    if kind == "article":
        _forget_rows(connection, schema.article, ids, ("article_fr", "article_en"))
    elif kind == "location":
        _forget_rows(connection, schema.location, ids, ("place_words",))
    elif kind in _TAXONOMY_KINDS:
        table = schema.taxonomy
        connection.execute(delete(table).where(table.c.kind == kind, table.c.id.in_(ids)))
    elif kind in _PUTS:
        table = schema.request if kind == "request" else schema.requester
        connection.execute(delete(table).where(table.c.id.in_(ids), table.c.space == space))
    else:
        table = schema.raw_of(schema.mirror_of(space))
        connection.execute(delete(table).where(table.c.space == space, table.c.kind == kind, table.c.id.in_(ids)))


def evict_space(connection: Connection, space: str) -> None:
    """Remove every row of a space."""
    if space == spaces.KNOWLEDGE:
        _empty(connection, schema.article, ("article_fr", "article_en"))
    elif space == spaces.PLACES:
        _empty(connection, schema.location, ("place_words",))
        connection.execute(delete(schema.taxonomy).where(schema.taxonomy.c.kind.in_(_IN_PLACES)))
    elif space == spaces.TAXONOMY:
        connection.execute(delete(schema.taxonomy).where(schema.taxonomy.c.kind.not_in(_IN_PLACES)))
    else:
        for table in (schema.request, schema.requester):
            connection.execute(delete(table).where(table.c.space == space))


def _empty(connection: Connection, table: Table, indexes: tuple[str, ...]) -> None:
    connection.execute(delete(table))
    for index in indexes:
        connection.execute(text(f"INSERT INTO {index}({index}) VALUES ('delete-all')"))


def _forget_rows(connection: Connection, table: Table, ids: Sequence[str], indexes: tuple[str, ...]) -> None:
    rows = connection.execute(select(table.c.rowid).where(table.c.id.in_(ids))).scalars().all()
    for index in indexes:
        connection.execute(text(f"DELETE FROM {index} WHERE rowid = :row"), [{"row": row} for row in rows] or {"row": -1})
    connection.execute(delete(table).where(table.c.rowid.in_(rows)))


def _put_taxonomy(connection: Connection, kind: str, entries: Sequence[FeedEntry]) -> None:
    for entry in entries:
        codec.from_body(entry.body, KINDS[kind])
    rows = [{"kind": kind, "id": entry.id, "body": _json(entry)} for entry in entries]
    connection.execute(insert(schema.taxonomy).prefix_with("OR REPLACE"), rows)


def _put_articles(connection: Connection, _space: str, entries: Sequence[FeedEntry]) -> None:
    rowids = _rowids(connection, schema.article, entries)
    rows, french, english = [], [], []
    for entry in entries:
        article = codec.from_body(entry.body, Article)
        rowid = rowids[entry.id]
        terms = _terms(article.fr, article.terms_fr, Language.FR)
        french.append(_index_row(rowid, terms))
        row = {"rowid": rowid, "id": entry.id, "card_fr": _card(article, article.fr, terms), "card_en": None}
        if article.en:
            terms = _terms(article.en, article.terms_en, Language.EN)
            english.append(_index_row(rowid, terms))
            row["card_en"] = _card(article, article.en, terms)
        rows.append(row | {"body": _json(entry)})
    connection.execute(insert(schema.article).prefix_with("OR REPLACE"), rows)
    _reindex(connection, "article_fr", french)
    gone = [{"rowid": row["rowid"]} for row in rows if row["card_en"] is None]
    if gone:
        connection.execute(text("DELETE FROM article_en WHERE rowid = :rowid"), gone)
    _reindex(connection, "article_en", english)


def _reindex(connection: Connection, index: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(
            text(
                f"INSERT OR REPLACE INTO {index}(rowid, exact, title, phrasings, summary, body)"
                " VALUES (:rowid, :exact, :title, :phrasings, :summary, :body)"
            ),
            rows,
        )


def _terms(words: ArticleText, published: IndexTerms | None, language: Language) -> IndexTerms:
    """The tokens computed at publish, or our own where the server's analysis is of another version."""
    if published is not None and published.version == ANALYSIS_VERSION:
        return published
    return article_terms(words, language)


def _index_row(rowid: int, terms: IndexTerms) -> dict[str, Any]:
    return {
        "rowid": rowid,
        "exact": terms.exact,
        "title": terms.title,
        "phrasings": terms.phrasings,
        "summary": terms.summary,
        "body": terms.body,
    }


def _card(article: Article, words: ArticleText, terms: IndexTerms) -> str:
    card = Card(
        title=words.title,
        service=article.service,
        title_stems=terms.title,
        exact=terms.exact,
        phrasings=terms.phrasings,
        verified_on=article.verified_on,
        review_on=article.review_on,
        expires_on=article.expires_on,
    )
    return codec.encode(card).decode()


def _put_locations(connection: Connection, _space: str, entries: Sequence[FeedEntry]) -> None:
    rowids = _rowids(connection, schema.location, entries)
    rows, indexed = [], []
    for entry in entries:
        place = codec.from_body(entry.body, Location)
        rowid = rowids[entry.id]
        civic = fold(place.civic).replace(" ", "")
        rows.append({"rowid": rowid, "id": entry.id, "label": place.label, "civic": civic, "body": _json(entry)})
        indexed.append({"rowid": rowid, "words": " ".join(place_words(f"{place.label} {place.postal_code}"))})
    connection.execute(insert(schema.location).prefix_with("OR REPLACE"), rows)
    connection.execute(text("INSERT OR REPLACE INTO place_words(rowid, words) VALUES (:rowid, :words)"), indexed)


def _put_requests(connection: Connection, space: str, entries: Sequence[FeedEntry]) -> None:
    rows = [_request_row(space, entry, codec.from_body(entry.body, Request)) for entry in entries]
    connection.execute(insert(schema.request).prefix_with("OR REPLACE"), rows)


def _request_row(space: str, entry: FeedEntry, request: Request) -> dict[str, Any]:
    return {
        "id": entry.id,
        "space": space,
        "number": request.number,
        "provisional_number": request.provisional_number,
        "category": request.category,
        "service": request.service,
        "status": request.status,
        "is_open": int(request.status.is_open),
        "opened_at": to_text(request.captured_at),
        "promised_on": request.promised_on.isoformat() if request.promised_on else None,
        "location_id": request.where.id,
        "lat": request.where.lat,
        "lon": request.where.lon,
        "words": fold(f"{request.description} {request.where.label}"),
        "body": _json(entry),
    }


def _put_requesters(connection: Connection, space: str, entries: Sequence[FeedEntry]) -> None:
    rows = []
    for entry in entries:
        record = codec.from_body(entry.body, RequesterOf)
        rows.append({"id": entry.id, "space": space, "request_id": record.request_id, "body": _json(entry)})
    connection.execute(insert(schema.requester).prefix_with("OR REPLACE"), rows)


def _rowids(connection: Connection, table: Table, entries: Sequence[FeedEntry]) -> dict[str, int]:
    """The row of each record: its present one, or the next free."""
    ids = [entry.id for entry in entries]
    known = dict(connection.execute(select(table.c.id, table.c.rowid).where(table.c.id.in_(ids))).all())
    free = (connection.execute(select(func.max(table.c.rowid))).scalar() or 0) + 1
    for each in ids:
        if each not in known:
            known[each] = free
            free += 1
    return known


def _json(entry: FeedEntry) -> str:
    return codec.encode(entry.body).decode()


_PUTS: dict[str, Callable[[Connection, str, Sequence[FeedEntry]], None]] = {
    "article": _put_articles,
    "location": _put_locations,
    "request": _put_requests,
    "requester": _put_requesters,
}
