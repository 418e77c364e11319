"""The one way a record changes: its row now, its place in the feed with the transaction's last statements.

Raising a space's ``head`` locks that row until the commit, so heads rise in the order of commits, without holes. Spaces are
raised in ascending order, always: two transactions can wait for each other's row, but never in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Operation

from . import schema

_LOOK_UP = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A record put or removed in a space. ``body`` is a domain dataclass, None for a removal."""

    space: str
    kind: str
    id: str
    body: object | None
    operation: Operation = Operation.PUT


@dataclass(slots=True)
class Publication:
    """Changes of one transaction. Call :meth:`commit_order` as the transaction's last act."""

    connection: Connection
    tenant: str
    intent: str = ""
    _entries: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def put(self, changes: Iterable[Change]) -> None:
        """Write records now; their feed rows follow at the end."""
        groups: dict[tuple[str, str], list[Change]] = defaultdict(list)
        for change in changes:
            groups[change.space, change.kind].append(change)
        for (space, kind), group in groups.items():
            for start in range(0, len(group), _LOOK_UP):
                self._write(space, kind, group[start : start + _LOOK_UP])

    def commit_order(self) -> dict[str, int]:
        """Raise the heads, lowest space first, and insert the feed rows; each space's new head."""
        return {space: self._raise(space, self._entries[space]) for space in sorted(self._entries)}

    def _write(self, space: str, kind: str, group: list[Change]) -> None:
        known = self._revisions(space, kind, [change.id for change in group])
        for change in group:
            revision = known[change.id] = known.get(change.id, 0) + 1
            self._entries[space].append(
                {"kind": kind, "id": change.id, "revision": revision, "operation": change.operation.value}
            )
        removed = [change.id for change in group if change.body is None]
        if removed:
            self.connection.execute(delete(schema.record).where(*self._at(space, kind), schema.record.c.id.in_(removed)))
        rows = [
            {**self._place(space, kind), "id": change.id, "revision": known[change.id], "body": _json(change.body)}
            for change in {change.id: change for change in group if change.body is not None}.values()
        ]
        if rows:
            self.connection.execute(self._upsert(), rows)

    def _upsert(self) -> Any:
        dialect = sqlite if self.connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(schema.record)
        return statement.on_conflict_do_update(
            index_elements=["tenant", "space", "kind", "id"],
            set_={"revision": statement.excluded.revision, "body": statement.excluded.body},
        )

    def _revisions(self, space: str, kind: str, ids: list[str]) -> dict[str, int]:
        table = schema.record
        question = select(table.c.id, table.c.revision).where(
            *self._at(space, kind), table.c.id.in_(bindparam("ids", expanding=True))
        )
        return dict(self.connection.execute(question, {"ids": ids}).all())

    def _at(self, space: str, kind: str) -> tuple[Any, ...]:
        table = schema.record
        return (table.c.tenant == self.tenant, table.c.space == space, table.c.kind == kind)

    def _place(self, space: str, kind: str) -> dict[str, str]:
        return {"tenant": self.tenant, "space": space, "kind": kind}

    def _raise(self, space: str, entries: list[dict[str, Any]]) -> int:
        head = raise_head(self.connection, self.tenant, space, len(entries))
        first = head - len(entries) + 1
        rows = [
            {"tenant": self.tenant, "space": space, "seq": first + place, "intent": self.intent, **entry}
            for place, entry in enumerate(entries)
        ]
        self.connection.execute(insert(schema.feed), rows)
        return head


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
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    first = dialect.insert(table).values(tenant=tenant, space=space, head=0)
    connection.execute(first.on_conflict_do_nothing())
    return int(connection.execute(raised).scalar_one())


def _json(body: object) -> str:
    return codec.encode(body).decode()
