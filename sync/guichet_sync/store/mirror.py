"""The mirrors, written by the exchange alone: a page of a feed enters with its cursor and what it contains, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, MetaData, select

from guichet_sync.domain.errors import BadReply
from guichet_sync.domain.spaces import is_public
from guichet_sync.protocol.messages import Cursor, FeedPage

from . import chores, held, schema
from .brake import Brake
from .database import reading, writing
from .entries import evict_space, move_cursor, take_in
from .post import PostStore


@dataclass(frozen=True, slots=True)
class MirrorChange:
    """What a page changed: a space, the kinds touched and how many records."""

    space: str
    kinds: tuple[str, ...]
    records: int


def cursors(store: PostStore) -> tuple[Cursor, ...]:
    """How far each space has been read."""
    return (*_cursors(store.public, schema.public), *_cursors(store.people, schema.people))


def _cursors(engine: Engine, metadata: MetaData) -> Iterator[Cursor]:
    table = schema.cursor_of(metadata)
    with reading(engine) as connection:
        for space, epoch, seq in connection.execute(select(table.c.space, table.c.epoch, table.c.seq)):
            yield Cursor(space, epoch, seq)


def spaces(store: PostStore) -> frozenset[str]:
    """All spaces of which anything is here, also those that were only begun."""
    found = {cursor.space for cursor in cursors(store)}
    for engine, metadata in ((store.public, schema.public), (store.people, schema.people)):
        with reading(engine) as connection:
            found.update(held.spaces(connection, metadata))
    return frozenset(found)


def apply(store: PostStore, pages: FeedPage | Sequence[FeedPage], brake: Brake | None = None) -> tuple[MirrorChange, ...]:
    """Take pages in: those that go to one file in one transaction, with their cursors, so that what goes from one space to
    another is never seen in neither. A page from the beginning replaces what the space held. ``brake`` counts removals over
    several calls.

    :raises BadReply: if a page does not begin where this mirror ends, has a hole, a record out of its place or not of its kind's
        shape, or removes much without a reason: then nothing of that file's pages is kept and its cursors stay.
    """
    given = (pages,) if isinstance(pages, FeedPage) else pages
    public = [page for page in given if is_public(page.space)]
    people = [page for page in given if not is_public(page.space)]
    return (*_apply(store, public, brake or Brake()), *_apply(store, people, brake or Brake()))


def _apply(store: PostStore, pages: Sequence[FeedPage], brake: Brake) -> Iterable[MirrorChange]:
    if not pages:
        return ()
    metadata = schema.mirror_of(pages[0].space)
    with writing(store.holding(pages[0].space)) as connection:
        for page in pages:
            if _check_contiguous(connection, page) == 0:
                evict_space(connection, page.space)
            brake.check(connection, page)
            take_in(connection, page.space, page.entries)
            move_cursor(connection, page.space, page.epoch, page.next)
            chores.note(connection, metadata, page.entries)
    chores.run(store)
    return map(_change, pages)


def _change(page: FeedPage) -> MirrorChange:
    return MirrorChange(page.space, tuple(sorted({entry.kind for entry in page.entries})), len(page.entries))


def forget(store: PostStore, space: str) -> None:
    """Evict a space whole, with its cursor."""
    with writing(store.holding(space)) as connection:
        evict_space(connection, space)


def _check_contiguous(connection: Connection, page: FeedPage) -> int:
    """Where the mirror of the page's space ends, if the page goes on from there without a hole."""
    table = schema.cursor_of(schema.mirror_of(page.space))
    found = connection.execute(select(table.c.epoch, table.c.seq).where(table.c.space == page.space)).one_or_none()
    at = int(found.seq) if found is not None else 0
    if page.after != at or (found is not None and found.epoch != page.epoch):
        raise BadReply("page_out_of_order", space=page.space, at=at, after=page.after)
    numbers = [entry.seq for entry in page.entries]
    if numbers != list(range(at + 1, at + 1 + len(numbers))) or page.next != at + len(numbers) or page.next > page.head:
        raise BadReply("page_has_holes", space=page.space, after=page.after)
    return at
