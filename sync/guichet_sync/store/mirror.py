"""The mirrors, written by the exchange alone: a page of a feed enters with its cursor and what it contains, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Row, select

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


@dataclass(frozen=True, slots=True)
class Standing:
    """How the mirrors stand: how far each space has been read and when it was last compared (as text, empty for never), all
    spaces of which anything is here, also those that were only begun, and whether a chore is left to do.
    """

    cursors: tuple[Cursor, ...]
    compared_at: Mapping[str, str]
    spaces: frozenset[str]
    chores: bool


def standing(store: PostStore) -> Standing:
    """How the mirrors stand now: one look at each file."""
    (public, *_), (people, *_) = found = _stands(store.public, schema.public), _stands(store.people, schema.people)
    return Standing(
        cursors=tuple(Cursor(row.space, row.epoch, row.seq) for row in (*public, *people)),
        compared_at={row.space: row.compared_at for row in (*public, *people)},
        spaces=frozenset({row.space for row in (*public, *people)}.union(*(begun for _, begun, _ in found))),
        chores=any(noted for *_, noted in found),
    )


def _stands(engine: Engine, metadata: MetaData) -> tuple[Sequence[Row[*tuple[Any, ...]]], list[str], bool]:
    with reading(engine) as connection:
        rows = connection.execute(select(schema.cursor_of(metadata))).all()
        return rows, held.spaces(connection, metadata), chores.noted(connection, metadata)


def cursors(store: PostStore) -> tuple[Cursor, ...]:
    """How far each space has been read."""
    return standing(store).cursors


def spaces(store: PostStore) -> frozenset[str]:
    """All spaces of which anything is here, also those that were only begun."""
    return standing(store).spaces


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
    metadata, erased = schema.mirror_of(pages[0].space), False
    with writing(store.holding(pages[0].space)) as connection:
        for page in pages:
            if _check_contiguous(connection, page) == 0:
                evict_space(connection, page.space)
            brake.check(connection, page)
            take_in(connection, page.space, page.entries)
            move_cursor(connection, page.space, page.epoch, page.next)
            erased = chores.note(connection, metadata, page.entries) or erased
    if erased:
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
