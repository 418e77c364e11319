"""Tables of the central server. Tenant and space stand in every primary and unique key: a later split by either needs no rewrite.

``record.body`` is the canonical JSON object that travels, counted in its ``bucket`` by its ``digest`` (see
:mod:`guichet_sync.protocol.checksum`); the feed only names records, bodies are read when served. ``reader`` is how far each
enrolment said it is: what acknowledges an erasure. ``intent.deed`` is what an intent changed, for the one that undid it
(``undone_by``); neither says what a person wrote.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text

metadata = MetaData()


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


instance = Table(
    "instance",
    metadata,
    _key("tenant"),
    _key("space"),
    Column("id", Text, nullable=False),
    Column("city_fr", Text, nullable=False),
    Column("city_en", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("restores", Integer, nullable=False),
    Column("demonstration", Boolean, nullable=False),
    Column("sealing_secret", Text, nullable=False, server_default=""),
)
space = Table(
    "space",
    metadata,
    _key("tenant"),
    _key("space"),
    Column("head", BigInteger, nullable=False),
)
feed = Table(
    "feed",
    metadata,
    _key("tenant"),
    _key("space"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("operation", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
)
record = Table(
    "record",
    metadata,
    _key("tenant"),
    _key("space"),
    _key("kind"),
    _key("id"),
    Column("revision", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("bucket", Integer, nullable=False, server_default="0"),
    Column("digest", BigInteger, nullable=False, server_default="0"),
)
Index("record_bucket", record.c.tenant, record.c.space, record.c.bucket)
intent = Table(
    "intent",
    metadata,
    _key("tenant"),
    _key("space"),
    _key("intent_id"),
    Column("kind", Text, nullable=False),
    Column("body_sha256", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("receipt", Text, nullable=False),
    Column("deed", Text, nullable=False, server_default=""),
    Column("undone_by", Text, nullable=False, server_default=""),
)
number = Table(
    "number",
    metadata,
    _key("tenant"),
    _key("space"),
    _key("number"),
    Column("request_id", Text, nullable=False),
    Column("request_space", Text, nullable=False),
)
Index("number_request", number.c.tenant, number.c.space, number.c.request_id)
counter = Table(
    "counter",
    metadata,
    _key("tenant"),
    _key("space"),
    _key("name"),
    Column("last", BigInteger, nullable=False),
)
person = Table(
    "person",
    metadata,
    _key("tenant"),
    _key("space"),
    _key("name"),
    Column("display", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", DateTime(timezone=True)),
)
enrolment = Table(
    "enrolment",
    metadata,
    _key("tenant"),
    _key("space"),
    _key("id"),
    Column("person", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("post_name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("secret_sha256", Text, nullable=False),
    Column("enrolled_at", DateTime(timezone=True), nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("signing_key", Text, nullable=False, server_default=""),
)
Index("enrolment_code", enrolment.c.tenant, enrolment.c.space, enrolment.c.code, unique=True)
token = Table(
    "token",
    metadata,
    _key("tenant"),
    _key("space"),
    _key("sha256"),
    Column("enrolment", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
answer = Table(
    "answer",
    metadata,
    _key("tenant"),
    _key("space"),
    _key("intent_id"),
    Column("interaction_id", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("answered_at", DateTime(timezone=True), nullable=False),
)
reader = Table(
    "reader",
    metadata,
    _key("tenant"),
    _key("space"),
    _key("enrolment"),
    Column("epoch", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

IDENTITY = "identity"
"""The space of people, enrolments and tokens."""
NUMBERS = "numbers"
"""The space of official numbers and their counters."""
INSTANCE = "instance"
"""The space of the instance's own facts."""


def intake(enrolment_id: str) -> str:
    """The space of what one enrolment sent: an intent ships only under its author."""
    return f"intake/{enrolment_id}"
