"""How a record of each kind becomes rows. What this version does not know has none: it waits where it is :mod:`.held`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select

from guichet_sync.domain import spaces
from guichet_sync.domain.article import Article, ArticleText, IndexTerms
from guichet_sync.domain.location import Location
from guichet_sync.domain.request import Request
from guichet_sync.domain.words import Language
from guichet_sync.language import ANALYSIS_VERSION, article_terms, fold
from guichet_sync.protocol import codec
from guichet_sync.protocol.records import KINDS, RequesterOf

from . import bulk, held, schema, streets
from .cards import Card
from .full_text import FullText
from .instants import to_text
from .received import Received

_TAXONOMY_KINDS = frozenset({"service", "category", "routing", "closed_day", "material", "collections"})
_IN_PLACES = ("material", "collections")
_INDEXES: dict[str, tuple[Table, tuple[FullText, ...]]] = {
    "article": (schema.article, tuple(schema.ARTICLE_WORDS.values())),
    "location": (schema.location, (schema.PLACE_WORDS,)),
}
_TOKENS = ("terms_fr", "terms_en")
_ARTICLE = ("rowid", "id", "card_fr", "card_en", "body")
_LOCATION = ("rowid", "id", "label", "civic", "street", "own", "lat", "lon", "body")
_REQUEST = tuple(column.name for column in schema.request.c)
_REQUESTER = ("id", "space", "request_id", "body")
_BY_SPACE = {"request": schema.request, "requester": schema.requester}
SHARED = frozenset(_BY_SPACE)
"""Kinds that several spaces have."""


def put(connection: Connection, space: str, kind: str, entries: Sequence[Received]) -> None:
    """Insert or replace records of one kind, each id once.

    :raises BadReply: if a body has not the shape of its kind.
    """
    if not entries or kind not in KINDS:
        return
    if kind in _TAXONOMY_KINDS:
        _put_taxonomy(connection, kind, entries)
    else:
        _PUTS[kind](connection, space, entries)


def remove(connection: Connection, space: str, kind: str, ids: Sequence[str], *, scrub: bool) -> list[str]:
    """Remove records; the ids of those, of a kind that several spaces may have, whose rows were of this space. ``scrub`` leaves
    no word of theirs in the indexes: they are erased by law.
    """
    if kind in _INDEXES:
        _forget_rows(connection, kind, ids, scrub=scrub)
    elif kind in _TAXONOMY_KINDS:
        table = schema.taxonomy
        connection.execute(delete(table).where(table.c.kind == kind, table.c.id.in_(ids)))
    elif kind in _BY_SPACE:
        table = _BY_SPACE[kind]
        gone = delete(table).where(table.c.id.in_(bulk.among(ids)), table.c.space == space).returning(table.c.id)
        return list(connection.execute(gone).scalars())
    return []


def evict_space(connection: Connection, space: str) -> dict[str, list[str]]:
    """Remove every row of a space; by kind that several spaces may have, the ids of those rows."""
    if space == spaces.KNOWLEDGE:
        _empty(connection, "article")
    elif space == spaces.PLACES:
        _empty(connection, "location")
        connection.execute(delete(schema.taxonomy).where(schema.taxonomy.c.kind.in_(_IN_PLACES)))
    elif space == spaces.TAXONOMY:
        connection.execute(delete(schema.taxonomy).where(schema.taxonomy.c.kind.not_in(_IN_PLACES)))
    else:
        gone = {kind: delete(table).where(table.c.space == space).returning(table.c.id) for kind, table in _BY_SPACE.items()}
        return {kind: list(connection.execute(rows).scalars()) for kind, rows in gone.items()}
    return {}


def _empty(connection: Connection, kind: str) -> None:
    table, indexes = _INDEXES[kind]
    connection.execute(delete(table))
    for index in indexes:
        index.clear(connection)
    if kind == "location":
        streets.forget_unused(connection)


def _forget_rows(connection: Connection, kind: str, ids: Sequence[str], *, scrub: bool) -> None:
    table, indexes = _INDEXES[kind]
    rows = connection.execute(select(table.c.rowid).where(table.c.id.in_(bulk.among(ids)))).scalars().all()
    connection.execute(delete(table).where(table.c.rowid.in_(rows)))
    for index in indexes:
        index.remove(connection, rows)
        if scrub:
            index.scrub(connection)
    if kind == "location":
        streets.forget_unused(connection)


def _put_taxonomy(connection: Connection, kind: str, entries: Sequence[Received]) -> None:
    for entry in entries:
        entry.read(KINDS[kind])
    bulk.put(connection, schema.taxonomy, ("kind", "id", "body"), [(kind, entry.id, entry.text) for entry in entries])


def _put_articles(connection: Connection, _space: str, entries: Sequence[Received]) -> None:
    rowids = _rowids(connection, schema.article, entries)
    rows: list[dict[str, Any]] = []
    tokens: dict[Language, list[tuple[Any, ...]]] = {language: [] for language in Language}
    for entry in entries:
        article = entry.read(Article)
        row: dict[str, Any] = {
            "rowid": rowids[entry.id],
            "id": entry.id,
            "card_fr": None,
            "card_en": None,
            "body": _without_tokens(entry),
        }
        for language, shown, published in _texts(article):
            terms = _terms(shown, published, language)
            tokens[language].append(_index_row(row["rowid"], terms))
            row[f"card_{language}"] = codec.encode(Card.of(article, shown, terms)).decode()
        rows.append(row)
    bulk.put(connection, schema.article, _ARTICLE, [tuple(row[name] for name in _ARTICLE) for row in rows])
    for language, index in schema.ARTICLE_WORDS.items():
        index.remove(connection, [row["rowid"] for row in rows if row[f"card_{language}"] is None])
        index.put(connection, tokens[language])


def _texts(article: Article) -> Iterator[tuple[Language, ArticleText, IndexTerms | None]]:
    yield Language.FR, article.fr, article.terms_fr
    if article.en:
        yield Language.EN, article.en, article.terms_en


def _terms(words: ArticleText, published: IndexTerms | None, language: Language) -> IndexTerms:
    """The tokens computed at publish, or our own where the server's analysis is of another version."""
    if published is not None and published.version == ANALYSIS_VERSION:
        return published
    return article_terms(words, language)


def _index_row(rowid: int, terms: IndexTerms) -> tuple[Any, ...]:
    return (rowid, terms.exact, terms.title, terms.phrasings, terms.summary, terms.body)


def _put_locations(connection: Connection, _space: str, entries: Sequence[Received]) -> None:
    rowids = _rowids(connection, schema.location, entries)
    places = [entry.read(Location) for entry in entries]
    words = [streets.split(place) for place in places]
    known = streets.rows_of(connection, [street for _, street in words])
    rows, indexed = [], []
    for entry, place, (own, street) in zip(entries, places, words, strict=True):
        rowid, civic = rowids[entry.id], fold(place.civic).replace(" ", "")
        rows.append((rowid, entry.id, place.label, civic, known[street], own, place.lat, place.lon, entry.text))
        indexed.append((rowid, own + street))
    bulk.put(connection, schema.location, _LOCATION, rows)
    schema.PLACE_WORDS.put(connection, indexed)


def _put_requests(connection: Connection, space: str, entries: Sequence[Received]) -> None:
    rows = [_request_row(space, entry, entry.read(Request)) for entry in entries]
    _set_aside(connection, space, "request", entries)
    bulk.put(connection, schema.request, _REQUEST, rows)


def _request_row(space: str, entry: Received, request: Request) -> tuple[Any, ...]:
    where = request.where
    return (
        entry.id,
        space,
        request.number,
        request.provisional_number,
        request.category,
        request.service,
        request.status.value,
        int(request.status.is_open),
        to_text(request.captured_at),
        request.promised_on.isoformat() if request.promised_on else None,
        where.id,
        where.lat,
        where.lon,
        request_words(request),
        entry.text,
    )


def request_words(request: Request) -> str:
    """What a text filter of requests looks at."""
    return fold(f"{request.description} {request.where.label}")


def _put_requesters(connection: Connection, space: str, entries: Sequence[Received]) -> None:
    rows = [(entry.id, space, entry.read(RequesterOf).request_id, entry.text) for entry in entries]
    _set_aside(connection, space, "requester", entries)
    bulk.put(connection, schema.requester, _REQUESTER, rows)


def _set_aside(connection: Connection, space: str, kind: str, entries: Sequence[Received]) -> None:
    """A record on its way from one space to another has one row, which shows what came last; the other body is kept."""
    table = _BY_SPACE[kind]
    elsewhere = (table.c.id.in_(bulk.among(entry.id for entry in entries)), table.c.space != space)
    rows = connection.execute(select(table.c.space, table.c.id, table.c.body).where(*elsewhere)).all()
    held.set_aside(connection, kind, [(row.space, row.id, row.body) for row in rows])


def _rowids(connection: Connection, table: Table, entries: Sequence[Received]) -> dict[str, int]:
    """The row of each record: its present one, or the next free."""
    ids = [entry.id for entry in entries]
    known = dict(connection.execute(select(table.c.id, table.c.rowid).where(table.c.id.in_(bulk.among(ids)))).all())
    free = (connection.execute(select(func.max(table.c.rowid))).scalar() or 0) + 1
    for each in ids:
        if each not in known:
            known[each] = free
            free += 1
    return known


def _without_tokens(entry: Received) -> str:
    """The fiche as it came, but for its tokens: the index has them."""
    shown = {name: value for name, value in entry.read(dict).items() if name not in _TOKENS}
    return codec.encode(shown).decode()


_PUTS: dict[str, Callable[[Connection, str, Sequence[Received]], None]] = {
    "article": _put_articles,
    "location": _put_locations,
    "request": _put_requests,
    "requester": _put_requesters,
}
