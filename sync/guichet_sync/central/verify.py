"""Is the database what it should be? Contiguous feeds, heads, numbers, digests."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from guichet_sync.protocol import codec

from . import schema
from .instance import Instance


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: a reason code and where."""

    code: str
    where: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was counted, and what is wrong."""

    counts: dict[str, int]
    findings: tuple[Finding, ...]


def verify(connection: Connection, instance: Instance) -> Verification:
    """Check the whole database in one consistent view."""
    tables = {"records": schema.record, "changes": schema.feed, "intents": schema.intent, "numbers": schema.number}
    counts = {
        name: connection.execute(select(func.count()).select_from(table).where(table.c.tenant == instance.tenant)).scalar_one()
        for name, table in tables.items()
    }
    findings = [*_heads(connection, instance.tenant), *_digests(connection, instance.tenant)]
    return Verification(counts, tuple([*findings, *_revisions(connection, instance.tenant)]))


def _heads(connection: Connection, tenant: str) -> list[Finding]:
    """Each feed runs from 1 to its head without holes."""
    feed, space = schema.feed, schema.space
    rows = connection.execute(
        select(space.c.space, space.c.head, func.count(feed.c.seq), func.max(feed.c.seq))
        .join(feed, (feed.c.tenant == space.c.tenant) & (feed.c.space == space.c.space), isouter=True)
        .where(space.c.tenant == tenant)
        .group_by(space.c.space, space.c.head)
    )
    return [Finding("feed_has_holes", name) for name, head, count, last in rows if not head == count == (last or 0)]


def _digests(connection: Connection, tenant: str) -> list[Finding]:
    table = schema.intent
    rows = connection.execution_options(yield_per=1_000).execute(
        select(table.c.intent_id, table.c.body, table.c.body_sha256, table.c.receipt).where(table.c.tenant == tenant)
    )
    return [
        Finding("intent_damaged", row.intent_id)
        for row in rows
        if codec.digest(row.body.encode()) != row.body_sha256 or not row.receipt
    ]


def _revisions(connection: Connection, tenant: str) -> list[Finding]:
    """Each record is at the revision its feed told last."""
    feed, record = schema.feed, schema.record
    told = (
        select(feed.c.space, feed.c.kind, feed.c.id, func.max(feed.c.revision).label("revision"))
        .where(feed.c.tenant == tenant)
        .group_by(feed.c.space, feed.c.kind, feed.c.id)
        .subquery()
    )
    same = (told.c.space == record.c.space) & (told.c.kind == record.c.kind) & (told.c.id == record.c.id)
    rows = connection.execute(
        select(record.c.space, record.c.kind, record.c.id)
        .join(told, same, isouter=True)
        .where(record.c.tenant == tenant, (told.c.revision.is_(None)) | (told.c.revision != record.c.revision))
        .limit(100)
    )
    return [Finding("record_not_in_feed", f"{space} {kind}") for space, kind, _ in rows]
