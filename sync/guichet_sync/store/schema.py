"""Tables of the three files. Instants are stored as UTC ISO 8601 text, bodies as the JSON that came."""

from __future__ import annotations

from zlib import crc32

from sqlalchemy import Column, Connection, Float, Index, Integer, LargeBinary, MetaData, Table, Text, text

from guichet_sync.domain.spaces import is_public
from guichet_sync.domain.words import Language
from guichet_sync.language import ANALYSIS_VERSION

from .full_text import FullText

WORK_VERSION = 2
"""Of the precious file. Its tables are frozen: another version only means that some were added beside them."""

_TABLES = 7
"""Raised when a mirror's tables or the way rows are made change."""

MIRROR_VERSION = crc32(f"{_TABLES} {ANALYSIS_VERSION}".encode()) & 0x7FFF_FFFF
"""Stamps a mirror with all that its rows depend on: tables and text analysis. One of another version is put beside, and what it
holds is brought over (see :mod:`.former`).
"""

public = MetaData()
people = MetaData()
work = MetaData()


def _bookkeeping(metadata: MetaData) -> None:
    """What each mirror knows of itself: how far each space was read (and when its checksums were last compared), what it holds
    and what each record adds to its bucket (with the body of a kind this version does not know, kept ``raw``), which snapshot is
    arriving, and what is still to be done after a transaction.
    """
    Table(
        "cursor",
        metadata,
        Column("space", Text, primary_key=True),
        Column("epoch", Text),
        Column("seq", Integer),
        Column("compared_at", Text, nullable=False, server_default=""),
    )
    held = Table(
        "held",
        metadata,
        Column("space", Text, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("revision", Integer, nullable=False),
        Column("bucket", Integer, nullable=False),
        Column("digest", Integer, nullable=False),
        Column("raw", Text),
        sqlite_with_rowid=False,
    )
    Index("held_raw", held.c.kind, sqlite_where=held.c.raw.is_not(None))
    Table(
        "arriving",
        metadata,
        Column("space", Text, primary_key=True),
        Column("epoch", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("parts", Integer, nullable=False),
    )
    Table("chore", metadata, Column("name", Text, primary_key=True))


_bookkeeping(public)
_bookkeeping(people)

article = Table(
    "article",
    public,
    Column("rowid", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("card_fr", Text),
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
    Column("street", Integer, nullable=False),
    Column("own", Text, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("body", Text, nullable=False),
)
street = Table("street", public, Column("rowid", Integer, primary_key=True), Column("words", Text, nullable=False, unique=True))
Index("location_civic", location.c.civic, location.c.rowid, location.c.street, location.c.own)
"""In the order of the rows of a number, with all that is looked at before a place is read whole."""
Index("location_point", location.c.lat, location.c.lon)
_FICHE = ("exact", "title", "phrasings", "summary", "body")
_WEIGHTS = "5.0, 4.0, 4.0, 2.0, 1.0"
ARTICLE_WORDS = {each: FullText(f"article_{each}", _FICHE, "2 3 4", _WEIGHTS) for each in Language}
"""An index of the fiches in each language."""

PLACE_WORDS = FullText("place_words", ("words",), "1 2 3", detail="none")

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
Index(
    "request_list",
    request.c.opened_at.desc(),
    request.c.id,
    request.c.is_open,
    request.c.service,
    request.c.category,
    request.c.promised_on,
    request.c.number,
    request.c.provisional_number,
)
"""All that a list is ordered and narrowed by, words and places aside: it is read without touching a request."""
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
settled = Table(
    "settled",
    work,
    Column("intent_id", Text, primary_key=True),
    Column("settled_at", Text, nullable=False),
    *(Column(each.name, each.type) for each in outbox.c if each.name not in ("position", "intent_id")),
)
"""What the server has, kept for some days: should it come back from a backup without it, it is sent again."""
Index("settled_lane", settled.c.lane)
verdict = Table("verdict", work, Column("intent_id", Text, primary_key=True), Column("times", Integer, nullable=False))
"""How many times the server broke over an intent while it took others."""
boxed = Table(
    "boxed",
    work,
    Column("intent_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sealed_to", Text, nullable=False),
)
"""Which sealed box in the courier's folder is that of an intent."""


def create_public(connection: Connection) -> None:
    """Create ``public.db``'s tables."""
    public.create_all(connection)
    for index in (*ARTICLE_WORDS.values(), PLACE_WORDS):
        index.create(connection)


def create_people(connection: Connection) -> None:
    """Create ``people.db``'s tables."""
    people.create_all(connection)


def create_work(connection: Connection) -> None:
    """Create ``work.db``'s tables. They are frozen: nothing ever rewrites them."""
    work.create_all(connection)


def version(connection: Connection) -> int:
    """The version a file was stamped with; 0 is that of a file without tables."""
    return int(connection.execute(text("PRAGMA user_version")).scalar_one())


def stamp(connection: Connection, version: int) -> None:
    """Give a file its version."""
    connection.execute(text(f"PRAGMA user_version = {version:d}"))


def cursor_of(metadata: MetaData) -> Table:
    """The cursor table of a mirror."""
    return metadata.tables["cursor"]


def mirror_of(space: str) -> MetaData:
    """The tables of the mirror that holds ``space``."""
    return public if is_public(space) else people
