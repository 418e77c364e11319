"""Reading the feeds: what a person may read today, contiguous, bodies as they are now."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, select

from guichet_sync.domain.errors import StoreDamaged
from guichet_sync.domain.spaces import readable_spaces
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Body, Cursor, FeedEntry, FeedPage, FeedReply, FeedRequest, Operation, Person

from . import records, schema
from .instance import Instance

MAX_ENTRIES = 2_000
MAX_PAGE_BYTES = 4 * 1024 * 1024
SNAPSHOT_BEYOND = 2_000
"""Further behind than this, the snapshot is the better way."""


def spaces_of(connection: Connection, instance: Instance, person: Person) -> tuple[str, ...]:
    """The spaces this person may read today."""
    return readable_spaces(person.role, person.service, records.services(connection, instance.tenant))


def read(connection: Connection, instance: Instance, person: Person, request: FeedRequest) -> FeedReply:
    """News of every readable space, up to the request's limit in all. ``connection`` must be one consistent view.

    :raises StoreDamaged: ``feed_has_holes``: nothing is served past a hole.
    """
    readable = spaces_of(connection, instance, person)
    known = heads(connection, instance.tenant, readable)
    cursors = {cursor.space: cursor for cursor in request.cursors}
    left = max(1, min(request.limit, MAX_ENTRIES))
    pages: list[FeedPage] = []
    for space in readable:
        page = _page(connection, instance, cursors.get(space, Cursor(space, instance.epoch, 0)), known.get(space, 0), left)
        if page is not None:
            pages.append(page)
            left -= len(page.entries)
        if left <= 0:
            break
    return FeedReply(instance.id, instance.epoch, readable, tuple(pages))


def heads(connection: Connection, tenant: str, spaces: Sequence[str]) -> dict[str, int]:
    """How far the feed of each of these spaces goes; one that nobody wrote to is left out."""
    table = schema.space
    rows = connection.execute(select(table.c.space, table.c.head).where(table.c.tenant == tenant, table.c.space.in_(spaces)))
    return dict(rows.all())


def _page(connection: Connection, instance: Instance, cursor: Cursor, head: int, limit: int) -> FeedPage | None:
    if cursor.seq and (cursor.epoch != instance.epoch or cursor.seq > head):
        return FeedPage(cursor.space, instance.epoch, 0, 0, head, rewind=True)
    if cursor.seq >= head:
        return None
    if head - cursor.seq > SNAPSHOT_BEYOND:
        return FeedPage(cursor.space, instance.epoch, cursor.seq, cursor.seq, head, snapshot=True)
    entries = _entries(connection, instance.tenant, cursor, limit)
    if [entry.seq for entry in entries] != list(range(cursor.seq + 1, cursor.seq + 1 + max(1, len(entries)))):
        raise StoreDamaged("feed_has_holes", space=cursor.space)
    return FeedPage(cursor.space, instance.epoch, cursor.seq, entries[-1].seq, head, entries)


def _entries(connection: Connection, tenant: str, cursor: Cursor, limit: int) -> tuple[FeedEntry, ...]:
    table = schema.feed
    rows = (
        connection.execute(
            select(table)
            .where(table.c.tenant == tenant, table.c.space == cursor.space, table.c.seq > cursor.seq)
            .order_by(table.c.seq)
            .limit(limit)
        )
        .mappings()
        .all()
    )
    bodies = _bodies(connection, tenant, cursor.space, rows)
    last = {(row["kind"], row["id"]): row["seq"] for row in rows}
    entries: list[FeedEntry] = []
    size = 0
    for row in rows:
        key = (row["kind"], row["id"])
        body = bodies.get(key, "") if last[key] == row["seq"] and row["operation"] == Operation.PUT else ""
        size += len(body)
        if entries and size > MAX_PAGE_BYTES:
            break
        entries.append(_entry(row, body))
    return tuple(entries)


def _bodies(connection: Connection, tenant: str, space: str, rows: Sequence[RowMapping]) -> dict[tuple[str, str], str]:
    table = schema.record
    wanted = {row["id"] for row in rows}
    kinds = {row["kind"] for row in rows}
    here = (table.c.tenant == tenant, table.c.space == space, table.c.kind.in_(kinds), table.c.id.in_(wanted))
    found = connection.execute(select(table.c.kind, table.c.id, table.c.body).where(*here))
    return {(row.kind, row.id): row.body for row in found}


def _entry(row: RowMapping, body: str) -> FeedEntry:
    return FeedEntry(
        seq=row["seq"],
        operation=Operation(row["operation"]),
        kind=row["kind"],
        id=row["id"],
        revision=row["revision"],
        intent=row["intent"],
        body=codec.decode(body, Body) if body else None,
    )
