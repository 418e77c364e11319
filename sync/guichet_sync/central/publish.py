"""The one way a record changes: its row now, its place in the feed with the transaction's last statements.

Raising a space's ``head`` locks that row until the commit, so heads rise in the order of commits, without holes. Spaces are
raised in ascending order, always: two transactions can wait for each other's row, but never in a circle.

A record that is put again as it is does not change, and the feed says nothing. A removed one leaves its row with an empty body,
so that its revisions go on rising if it comes back. A record that moves is put in one space and evicted from the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, or_, update
from sqlalchemy import insert as plain_insert

from guichet_sync.protocol import codec
from guichet_sync.protocol.checksum import bucket_of, record_digest
from guichet_sync.protocol.messages import Operation

from . import schema
from .upsert import insert

_AT_ONCE = 500
_TABLE = schema.record

Told = tuple[str, str, int, str, str]
"""What a feed row says: kind, id, revision, operation, intent."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record put in a space, or removed from it. ``body`` is a domain dataclass or a JSON object, None for a removal;
    ``removal`` says which: deleted (*tomb*), gone to another space (*evict*) or erased by law (*erase*), which is told also of a
    record that is there no more: who missed that may hold it. ``intent`` is the one that caused it, where it is not the
    publication's.
    """

    space: str
    kind: str
    id: str
    body: object | None
    removal: Operation = Operation.TOMB
    intent: str = ""


@dataclass(slots=True)
class Publication:
    """Changes of one transaction. Call :meth:`commit_order` as the transaction's last act. ``reason`` is the code of why records
    are removed, told with each removal.
    """

    connection: Connection
    tenant: str
    intent: str = ""
    reason: str = ""
    _told: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))

    def put(self, changes: Iterable[Change]) -> None:
        """Write records now; the feed rows of those that differ follow at the end. Of one record's changes the last wins."""
        groups: dict[tuple[str, str], dict[str, Change]] = defaultdict(dict)
        for change in changes:
            groups[change.space, change.kind][change.id] = change
        for (space, kind), group in groups.items():
            every = list(group.values())
            for start in range(0, len(every), _AT_ONCE):
                self._take(space, kind, every[start : start + _AT_ONCE])

    def commit_order(self) -> dict[str, int]:
        """Raise the heads, lowest space first, and insert the feed rows; the new head of each space that changed."""
        return {space: self._raise(space, self._told[space]) for space in sorted(self._told)}

    def _take(self, space: str, kind: str, group: Sequence[Change]) -> None:
        written = self._write(space, kind, [change for change in group if change.body is not None])
        removed = self._remove(space, kind, [change for change in group if change.body is None])
        told = [(change, written.get(change.id), Operation.PUT) for change in group]
        told += [(change, removed.get(change.id), change.removal) for change in group]
        differing = [
            (kind, change.id, revision, operation.value, change.intent or self.intent)
            for change, revision, operation in told
            if revision
        ]
        if differing:
            self._told[space] += differing

    def _write(self, space: str, kind: str, group: Sequence[Change]) -> dict[str, int]:
        """The new revisions of the records that differ from what was there."""
        if not group:
            return {}
        place = {"tenant": self.tenant, "space": space, "kind": kind, "revision": 1}
        rows = [{**place, **_counted(kind, change.id, codec.canonical(change.body))} for change in group]
        statement = insert(self.connection, _TABLE)
        upsert = statement.on_conflict_do_update(
            index_elements=["tenant", "space", "kind", "id"],
            set_={
                "revision": _TABLE.c.revision + 1,
                "body": statement.excluded.body,
                "digest": statement.excluded.digest,
            },
            where=_TABLE.c.body != statement.excluded.body,
        )
        return dict(self.connection.execute(upsert.returning(_TABLE.c.id, _TABLE.c.revision), rows).all())

    def _remove(self, space: str, kind: str, group: Sequence[Change]) -> dict[str, int]:
        if not group:
            return {}
        here = (_TABLE.c.tenant == self.tenant, _TABLE.c.space == space, _TABLE.c.kind == kind)
        erased = [change.id for change in group if change.removal is Operation.ERASE]
        emptied = (
            update(_TABLE)
            .where(*here, _TABLE.c.id.in_([change.id for change in group]), or_(_TABLE.c.body != "", _TABLE.c.id.in_(erased)))
            .values(revision=_TABLE.c.revision + 1, body="", digest=0)
            .returning(_TABLE.c.id, _TABLE.c.revision)
        )
        return dict(self.connection.execute(emptied).all())

    def _raise(self, space: str, told: Sequence[Told]) -> int:
        head = raise_head(self.connection, self.tenant, space, len(told))
        first = head - len(told) + 1
        for start in range(0, len(told), _AT_ONCE):
            part = enumerate(told[start : start + _AT_ONCE], first + start)
            self.connection.execute(plain_insert(schema.feed), [self._row(space, seq, each) for seq, each in part])
        return head

    def _row(self, space: str, seq: int, told: Told) -> dict[str, Any]:
        kind, record, revision, operation, intent = told
        return {
            "tenant": self.tenant,
            "space": space,
            "seq": seq,
            "kind": kind,
            "id": record,
            "revision": revision,
            "operation": operation,
            "intent": intent,
            "reason": self.reason if operation != Operation.PUT else "",
        }


def _counted(kind: str, record: str, body: bytes) -> dict[str, Any]:
    """A record's row: its body, and what it adds to its bucket."""
    bucket = bucket_of(kind, record)
    return {"id": record, "body": body.decode(), "bucket": bucket, "digest": record_digest(kind, record, body)}


def raise_head(connection: Connection, tenant: str, space: str, by: int) -> int:
    """Raise a space's counter row, which stays locked until the commit; its new value."""
    table = schema.space
    raised = (
        update(table)
        .where(table.c.tenant == tenant, table.c.space == space)
        .values(head=table.c.head + by)
        .returning(table.c.head)
    )
    head = connection.execute(raised).scalar()
    if head is not None:
        return int(head)
    first = insert(connection, table).values(tenant=tenant, space=space, head=0)
    connection.execute(first.on_conflict_do_nothing())
    return int(connection.execute(raised).scalar_one())
