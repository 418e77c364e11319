"""Tables of the three files. Instants are stored as UTC ISO 8601 text, bodies as the JSON that came."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Float, Index, Integer, LargeBinary, MetaData, Table, Text, text

from guichet_sync.domain.spaces import is_public

MIRROR_VERSION = 1
"""Raised when a mirror's tables change: an older mirror is thrown away and comes back by the next exchange."""

public = MetaData()
people = MetaData()
work = MetaData()


def _sync_tables(metadata: MetaData) -> None:
    """What every mirror keeps beside its rows: how far each space was read, and what it does not understand yet."""
    Table("cursor", metadata, Column("space", Text, primary_key=True), Column("epoch", Text), Column("seq", Integer))
    Table(
        "raw_record",
        metadata,
        Column("space", Text, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("body", Text, nullable=False),
    )


_sync_tables(public)
_sync_tables(people)

article = Table(
    "article",
    public,
    Column("rowid", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("card_fr", Text, nullable=False),
    Column("card_en", Text),
    Column("body", Text, nullable=False),
)
taxonomy = Table(
    "taxonomy",
    public,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
)
location = Table(
    "location",
    public,
    Column("rowid", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("civic", Text, nullable=False),
    Column("body", Text, nullable=False),
)
_FTS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS article_fr USING fts5(exact, title, phrasings, summary, body,"
    " content='', contentless_delete=1, tokenize='ascii', prefix='2 3 4')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS article_en USING fts5(exact, title, phrasings, summary, body,"
    " content='', contentless_delete=1, tokenize='ascii', prefix='2 3 4')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS place_words USING fts5(words,"
    " content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3', detail='none')",
    "INSERT INTO article_fr(article_fr, rank) VALUES ('rank', 'bm25(5.0, 4.0, 4.0, 2.0, 1.0)')",
    "INSERT INTO article_en(article_en, rank) VALUES ('rank', 'bm25(5.0, 4.0, 4.0, 2.0, 1.0)')",
)

request = Table(
    "request",
    people,
    Column("id", Text, primary_key=True),
    Column("space", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("provisional_number", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("is_open", Integer, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("promised_on", Text),
    Column("location_id", Text, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("words", Text, nullable=False),
    Column("body", Text, nullable=False),
)
Index("request_space", request.c.space)
Index("request_number", request.c.number)
Index("request_provisional", request.c.provisional_number)
Index("request_open", request.c.category, request.c.opened_at, sqlite_where=request.c.is_open == 1)
Index("request_opened", request.c.opened_at)
Index("request_lat", request.c.lat)
requester = Table(
    "requester",
    people,
    Column("id", Text, primary_key=True),
    Column("space", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("body", Text, nullable=False),
)
Index("requester_request", requester.c.request_id)
Index("requester_space", requester.c.space)
contained = Table("contained", people, Column("intent_id", Text, primary_key=True))

account = Table("account", work, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
counter = Table("counter", work, Column("code", Text, primary_key=True), Column("last", Integer, nullable=False))
draft = Table(
    "draft",
    work,
    Column("id", Text, primary_key=True),
    Column("updated_at", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
outbox = Table(
    "outbox",
    work,
    Column("position", Integer, primary_key=True),
    Column("intent_id", Text, nullable=False, unique=True),
    Column("enrolment", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("base_revision", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("body_sha256", Text, nullable=False),
    Column("captured_at", Text, nullable=False),
    Column("monotonic_ms", Integer, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Text, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("receipt", LargeBinary),
)
Index("outbox_state", outbox.c.state, outbox.c.position)


def create_public(connection: Connection) -> None:
    """Create what is missing of ``public.db``."""
    public.create_all(connection)
    for statement in _FTS:
        connection.execute(text(statement))
    connection.execute(text(f"PRAGMA user_version = {MIRROR_VERSION}"))


def create_people(connection: Connection) -> None:
    """Create what is missing of ``people.db``."""
    people.create_all(connection)
    connection.execute(text(f"PRAGMA user_version = {MIRROR_VERSION}"))


def create_work(connection: Connection) -> None:
    """Create what is missing of ``work.db``. Its tables are frozen: nothing ever rewrites them."""
    work.create_all(connection)


def cursor_of(metadata: MetaData) -> Table:
    """The cursor table of a mirror."""
    return metadata.tables["cursor"]


def raw_of(metadata: MetaData) -> Table:
    """The table of a mirror for records that this version does not know."""
    return metadata.tables["raw_record"]


def mirror_of(space: str) -> MetaData:
    """The tables of the mirror that holds ``space``."""
    return public if is_public(space) else people
