"""What proves that two sides agree (bodies with digests), how far each post is, keys of what others carry, deeds to undo."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Integer,
    Text,
    bindparam,
    column,
    literal,
    select,
    table,
    tuple_,
    update,
)

from guichet_sync.protocol import codec
from guichet_sync.protocol.checksum import bucket_of, record_digest
from guichet_sync.protocol.messages import Body

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROWS = 1_000
_KEY = ("tenant", "space", "kind", "id")
_RECORD = table("record", *map(column, (*_KEY, "body", "bucket", "digest")))


def upgrade() -> None:
    """Add the columns, then say what every record adds to its bucket."""
    _text("instance", "sealing_secret")
    _text("feed", "reason")
    _text("enrolment", "signing_key")
    _text("intent", "deed")
    _text("intent", "undone_by")
    op.add_column("record", Column("bucket", Integer, nullable=False, server_default="0"))
    op.add_column("record", Column("digest", BigInteger, nullable=False, server_default="0"))
    op.create_index("record_bucket", "record", ["tenant", "space", "bucket"])
    op.create_table(
        "reader",
        *(Column(name, Text, primary_key=True) for name in ("tenant", "space", "enrolment")),
        Column("epoch", Text, nullable=False),
        Column("seq", BigInteger, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
    )
    _count(op.get_bind())


def _text(name: str, added: str) -> None:
    op.add_column(name, Column(added, Text, nullable=False, server_default=""))


def _count(connection: Connection) -> None:
    """Page by page, in the order of the key: a city's records do not fit in memory."""
    after = ("", "", "", "")
    while rows := connection.execute(_page(after)).all():
        changed = [_counted(*row) for row in rows]
        same = (_RECORD.c[name] == bindparam(f"at_{name}") for name in _KEY)
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("body", "bucket", "digest")}
        connection.execute(update(_RECORD).where(*same).values(**new), changed)
        after = tuple(rows[-1][:4])


def _page(after: tuple[str, ...]) -> Any:
    key = tuple_(*(_RECORD.c[name] for name in _KEY))
    wanted = select(*(_RECORD.c[name] for name in (*_KEY, "body"))).where(key > tuple_(*map(literal, after)))
    return wanted.order_by(*(_RECORD.c[name] for name in _KEY)).limit(_ROWS)


def _counted(tenant: str, space: str, kind: str, record: str, body: str) -> dict[str, Any]:
    key = {"at_tenant": tenant, "at_space": space, "at_kind": kind, "at_id": record}
    if not body:  # removed: nothing of it counts
        return {**key, "new_body": "", "new_bucket": bucket_of(kind, record), "new_digest": 0}
    canonical = codec.canonical(codec.decode(body, Body))
    digest = record_digest(kind, record, canonical)
    return {**key, "new_body": canonical.decode(), "new_bucket": bucket_of(kind, record), "new_digest": digest}
