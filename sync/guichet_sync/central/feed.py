"""Reading the feeds: what a person may read today, contiguous, bodies as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, bindparam, exists, select

from guichet_sync.domain.errors import StoreDamaged
from guichet_sync.domain.spaces import readable_spaces
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import (
    Cursor,
    FeedEntry,
    FeedPage,
    FeedReply,
    FeedRequest,
    Operation,
    Person,
    SnapshotManifest,
)

from . import halves, records, schema
from .instance import Instance

PAGE = 500
"""Entries of a reply, in all, where the settings say nothing else."""
MAX_PAGE_BYTES = 4 * 1024 * 1024
SNAPSHOT_BEYOND = 2_000
"""Further behind than this, the snapshot is the better way."""
_TABLE = schema.feed
_COLUMNS = (_TABLE.c.seq, _TABLE.c.operation, _TABLE.c.kind, _TABLE.c.id, _TABLE.c.revision, _TABLE.c.intent, _TABLE.c.reason)
_HEADS = select(schema.space.c.space, schema.space.c.head).where(
    schema.space.c.tenant == bindparam("of"), schema.space.c.space.in_(bindparam("spaces", expanding=True))
)
_TOLD = (
    select(*_COLUMNS)
    .where(_TABLE.c.tenant == bindparam("of"), _TABLE.c.space == bindparam("in_space"), _TABLE.c.seq > bindparam("after"))
    .order_by(_TABLE.c.seq)
    .limit(bindparam("most"))
)
_BODIES = select(schema.record.c.id, schema.record.c.body).where(
    schema.record.c.tenant == bindparam("of"),
    schema.record.c.space == bindparam("in_space"),
    schema.record.c.kind == bindparam("of_kind"),
    schema.record.c.id.in_(bindparam("ids", expanding=True)),
)
_OPERATIONS = {operation.value: operation for operation in Operation}
_Told = Row[int, str, str, str, int, str, str]


def spaces_of(connection: Connection, instance: Instance, person: Person) -> tuple[str, ...]:
    """The spaces this person may read today."""
    return readable_spaces(person.role, person.service, records.services(connection, instance.tenant))


def read(connection: Connection, instance: Instance, person: Person, request: FeedRequest, most: int = PAGE) -> FeedReply:
    """News of every readable space, ``most`` entries in all, fewer where the request wants fewer. ``connection`` must be one
    consistent view. Bodies go out unread: the reply can be encoded, nothing else.

    :raises StoreDamaged: ``feed_has_holes``: nothing is served past a hole.
    """
    services = records.services(connection, instance.tenant)
    readable = readable_spaces(person.role, person.service, services)
    known = heads(connection, instance.tenant, readable)
    cursors = {cursor.space: cursor for cursor in request.cursors}
    places = {space: cursors.get(space, Cursor(space, instance.epoch, 0)) for space in readable}
    asked = _Asked(places, known, max(1, min(request.limit, most)))
    pages = _whole(connection, instance, asked)
    reason = _lost_because(cursors.keys() - set(readable), services)
    complete = _is_complete(asked, pages)
    return FeedReply(instance.id, instance.epoch, readable, pages, removal_reason=reason, complete=complete)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where the post is in each space, how far each goes, and how many entries it gets in all."""

    places: Mapping[str, Cursor]
    heads: Mapping[str, int]
    most: int


def _whole(connection: Connection, instance: Instance, asked: _Asked) -> tuple[FeedPage, ...]:
    """Pages that take nothing from one space that they do not bring in another. Where that would leave none, something is
    nowhere until the next reply: better than to stand still.
    """
    at = {space: cursor.seq for space, cursor in asked.places.items()}
    ends = dict(asked.heads)
    pages = first = _pages(connection, instance, asked, ends)
    while shorter := halves.cut(connection, instance.tenant, pages, at, asked.heads):
        ends |= shorter
        pages = _pages(connection, instance, asked, ends)
    return pages or first


def _pages(connection: Connection, instance: Instance, asked: _Asked, ends: Mapping[str, int]) -> tuple[FeedPage, ...]:
    """A page of each space that has news up to its end."""
    pages: list[FeedPage] = []
    left = asked.most
    for space, cursor in asked.places.items():
        limit = min(left, ends.get(space, 0) - cursor.seq)
        page = _page(connection, instance, cursor, asked.heads.get(space, 0), limit)
        if page is not None:
            pages.append(page)
            left -= len(page.entries)
        if left <= 0:
            break
    return tuple(pages)


def _is_complete(asked: _Asked, pages: Sequence[FeedPage]) -> bool:
    """Whether the pages go as far as the spaces that they are of, and nothing is left to read of the others."""
    ends = {space: cursor.seq for space, cursor in asked.places.items()} | {page.space: page.next for page in pages}
    plain = not any(page.rewind or page.snapshot for page in pages)
    return plain and all(ends[space] == asked.heads.get(space, 0) for space in asked.places)


def _lost_because(lost: Iterable[str], services: Sequence[str]) -> str:
    """Why spaces that a post holds are no longer its to read, as a code; nothing where there are none."""
    closed = [space.partition("/")[2] not in services for space in lost]
    return ("service_closed" if all(closed) else "role_changed") if closed else ""


def heads(connection: Connection, tenant: str, spaces: Sequence[str]) -> dict[str, int]:
    """How far the feed of each of these spaces goes; one that nobody wrote to is left out."""
    return dict(connection.execute(_HEADS, {"of": tenant, "spaces": list(spaces)}).all())


def _page(connection: Connection, instance: Instance, cursor: Cursor, head: int, limit: int) -> FeedPage | None:
    if cursor.seq and (cursor.epoch != instance.epoch or not 0 < cursor.seq <= head):
        return FeedPage(cursor.space, instance.epoch, 0, 0, head, rewind=True)
    if cursor.seq >= head or limit <= 0:
        return None
    if head - cursor.seq > SNAPSHOT_BEYOND and not (cursor.seq and erased_since(connection, instance.tenant, cursor)):
        return FeedPage(cursor.space, instance.epoch, cursor.seq, cursor.seq, head, snapshot=True)
    told, entries = _entries(connection, instance.tenant, cursor, limit)
    if [entry.seq for entry in entries] != list(range(cursor.seq + 1, cursor.seq + 1 + max(1, len(entries)))):
        raise StoreDamaged("feed_has_holes", space=cursor.space)
    reason = next((row.reason for row in told if row.reason), "")  # stands with removals alone
    return FeedPage(cursor.space, instance.epoch, cursor.seq, entries[-1].seq, head, entries, removal_reason=reason)


def erased_since(connection: Connection, tenant: str, at: Cursor | SnapshotManifest) -> bool:
    """Whether anything was erased by law in a space since: a snapshot has nothing of it, but does not say so to who held it."""
    since = (_TABLE.c.tenant == tenant, _TABLE.c.space == at.space, _TABLE.c.seq > at.seq)
    return connection.execute(select(exists().where(*since, _TABLE.c.operation == Operation.ERASE))).scalar_one()


def _entries(connection: Connection, tenant: str, cursor: Cursor, limit: int) -> tuple[Sequence[_Told], tuple[FeedEntry, ...]]:
    """What the feed tells next and how it is said: as many rows as fit a page."""
    after = {"of": tenant, "in_space": cursor.space, "after": cursor.seq, "most": limit}
    rows = connection.execute(_TOLD, after).all()
    bodies = _bodies(connection, tenant, cursor.space, rows)
    last = {(kind, record): seq for seq, _operation, kind, record, *_rest in rows}
    entries: list[FeedEntry] = []
    size = 0
    for row in rows:
        seq, operation, kind, record, revision, intent, _reason = row
        text = bodies.get((kind, record), "") if operation == Operation.PUT and last[kind, record] == seq else ""
        size += len(text)
        if entries and size > MAX_PAGE_BYTES:
            break
        body = codec.as_it_is(text) if text else None
        entries.append(FeedEntry(seq, _OPERATIONS[operation], kind, record, revision, intent, body))
    return rows[: len(entries)], tuple(entries)


def _bodies(connection: Connection, tenant: str, space: str, rows: Sequence[_Told]) -> dict[tuple[str, str], str]:
    """The bodies of the records that are still there."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        wanted.setdefault(row.kind, set()).add(row.id)
    found: dict[tuple[str, str], str] = {}
    for kind, ids in wanted.items():
        these = {"of": tenant, "in_space": space, "of_kind": kind, "ids": list(ids)}
        found |= {(kind, record): body for record, body in connection.execute(_BODIES, these)}
    return found
