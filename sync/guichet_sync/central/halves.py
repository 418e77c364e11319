"""What moves from one space to another is told in both: a page must not take it away while the other half is not served yet, or a
post that stops there would have it in neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, or_, select

from guichet_sync.protocol.messages import FeedPage, Operation

from . import schema

_TABLE = schema.feed


def cut(
    connection: Connection, tenant: str, pages: Sequence[FeedPage], at: Mapping[str, int], heads: Mapping[str, int]
) -> dict[str, int]:
    """How far spaces may be served so that these pages take nothing away that they do not bring elsewhere: those that must be
    shorter alone. ``at`` is where the post is in each space it reads, ``heads`` how far each goes.
    """
    leaving = {(each.kind, each.id) for page in pages for each in page.entries if each.operation is Operation.EVICT}
    if not leaving:
        return {}
    served = {**at, **{page.space: heads.get(page.space, 0) if page.rewind else page.next for page in pages}}
    behind = {space: seq for space, seq in served.items() if seq < heads.get(space, 0)}
    coming = _coming(connection, tenant, behind, leaving) if behind else set()
    return {page.space: seq for page in pages if (seq := _before(page, coming)) < page.next}


def _coming(
    connection: Connection, tenant: str, behind: Mapping[str, int], leaving: set[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those of the leaving that are put somewhere in what is not served yet."""
    beyond = or_(*(and_(_TABLE.c.space == space, _TABLE.c.seq > seq) for space, seq in behind.items()))
    ids = {record for _kind, record in leaving}
    there = (_TABLE.c.tenant == tenant, beyond, _TABLE.c.operation == Operation.PUT, _TABLE.c.id.in_(ids))
    rows = connection.execute(select(_TABLE.c.kind, _TABLE.c.id).where(*there))
    return leaving & {(kind, record) for kind, record in rows}


def _before(page: FeedPage, coming: set[tuple[str, str]]) -> int:
    """The last place of a page before the first that leaves too early."""
    early = (each.seq for each in page.entries if each.operation is Operation.EVICT and (each.kind, each.id) in coming)
    return min(early, default=page.next + 1) - 1
