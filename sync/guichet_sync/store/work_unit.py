"""What a person does becomes durable here, all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert

from guichet_sync.domain.errors import NotEnrolled
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.intents import Intent, IntentKind, OutboxItem
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt

from . import outbox, schema
from .database import reading, writing
from .instants import to_text
from .post import PostStore


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """One durable transaction of ``work.db``: on disk, through a power cut, before the screen says so."""

    connection: Connection

    def take_number(self) -> ProvisionalNumber:
        """The next number of this enrolment's code.

        :raises NotEnrolled: if there is no enrolment, hence no code.
        """
        code = self._fact("code")
        table = schema.counter
        taken = insert(table).values(code=code, last=1)
        taken = taken.on_conflict_do_update(index_elements=[table.c.code], set_={"last": table.c.last + 1})
        return ProvisionalNumber(code, self.connection.execute(taken.returning(table.c.last)).scalar_one())

    def enqueue(self, intent: Intent, *, number: str = "", label: str = "") -> None:
        """Put an intent at the end of the outbox; ``number`` and ``label`` are what its list shows."""
        self.connection.execute(
            insert(schema.outbox).values(
                intent_id=intent.intent_id,
                enrolment=intent.enrolment,
                kind=intent.kind,
                lane=intent.lane,
                base_revision=intent.base_revision,
                body=intent.body,
                body_sha256=intent.body_sha256,
                captured_at=to_text(intent.captured_at),
                monotonic_ms=intent.monotonic_ms,
                boot_id=intent.boot_id,
                number=number,
                label=label,
                state=SyncState.WAITING,
                attempts=0,
                next_try="",
                last_error="",
            )
        )

    def put_back(self, intent: Intent, item: OutboxItem) -> None:
        """Put what :meth:`take_out` took out back into the outbox, at its end, in the state it was in."""
        self.enqueue(intent, number=item.number, label=item.label)
        said = IntentReceipt(intent.intent_id, IntentOutcome.REFUSED, code=item.last_error, values=item.values)
        table = schema.outbox
        before = update(table).where(table.c.intent_id == intent.intent_id)
        self.connection.execute(
            before.values(
                state=item.state,
                attempts=item.attempts,
                last_error=item.last_error,
                receipt=codec.encode(said) if item.state is SyncState.REFUSED else None,
            )
        )

    def withdraw(self, intent_id: str) -> bool:
        """Take back an intent of which no byte was sent; whether there was one."""
        return self.take_out(intent_id, (SyncState.WAITING,)) is not None

    def take_out(self, intent_id: str, states: Collection[SyncState], kind: str = "") -> tuple[Intent, OutboxItem] | None:
        """Take an intent (of that kind) out of the outbox if it is in one of these states; what it was, to make something else of
        it in this same transaction. None where there is none: sealed meanwhile, decided, or gone.
        """
        table = schema.outbox
        gone = delete(table).where(table.c.intent_id == intent_id, table.c.state.in_(states))
        if kind:
            gone = gone.where(table.c.kind == kind)
        row = self.connection.execute(gone.returning(table)).mappings().first()
        return None if row is None else outbox.intent_and_item(row)

    def known(self, intent_id: str) -> tuple[Intent, OutboxItem] | None:
        """An intent that the outbox has, or that was settled in the last days."""
        return next(iter(self._rows("intent_id", intent_id)), None)

    def lane(self, lane: str) -> tuple[tuple[Intent, OutboxItem], ...]:
        """All of a lane, in its order: what was settled in the last days, then what the outbox has."""
        return tuple(self._rows("lane", lane))

    def _rows(self, column: str, value: str) -> Iterator[tuple[Intent, OutboxItem]]:
        before, now = schema.settled, schema.outbox
        settled = select(before).where(before.c[column] == value).order_by(literal_column("rowid"))
        for row in self.connection.execute(settled).mappings():
            intent, item = outbox.intent_and_item(row)
            yield intent, replace(item, state=SyncState.SETTLED)
        waiting = select(now).where(now.c[column] == value).order_by(now.c.position)
        yield from map(outbox.intent_and_item, self.connection.execute(waiting).mappings())

    def may_bear(self, number: str) -> bool:
        """Whether a request may bear a number that a person was told: it is of this enrolment's code, and no captured request of
        the outbox bears it.
        """
        if not number or ProvisionalNumber.parse(number).code != self._fact("code"):
            return False
        table = schema.outbox
        bearing = select(table.c.position).where(table.c.number == number, table.c.kind == IntentKind.CREATE_REQUEST)
        return self.connection.execute(bearing).first() is None

    def save_draft(self, draft_id: str, body: bytes, at: datetime) -> None:
        """Keep a draft as it stands now."""
        values = {"id": draft_id, "updated_at": to_text(at), "body": body}
        self.connection.execute(
            insert(schema.draft).values(values).on_conflict_do_update(index_elements=[schema.draft.c.id], set_=values)
        )

    def remove_draft(self, draft_id: str) -> None:
        """Forget a draft."""
        self.connection.execute(delete(schema.draft).where(schema.draft.c.id == draft_id))

    def _fact(self, name: str) -> str:
        found = self.connection.execute(select(schema.account.c.value).where(schema.account.c.name == name)).scalar()
        if found is None:
            raise NotEnrolled
        return codec.decode(found, str)


@contextmanager
def work_unit(store: PostStore) -> Iterator[WorkUnit]:
    """A durable transaction of what the person does; nothing of it is kept if the block raises."""
    with writing(store.work) as connection:
        yield WorkUnit(connection)


def known(store: PostStore, intent_id: str) -> tuple[Intent, OutboxItem] | None:
    """An intent that the outbox has, or that was settled in the last days: read, nothing is held for it."""
    with reading(store.work) as connection:
        return WorkUnit(connection).known(intent_id)


def drafts(store: PostStore) -> tuple[bytes, ...]:
    """All drafts, the last touched first."""
    with reading(store.work) as connection:
        rows = connection.execute(select(schema.draft.c.body).order_by(schema.draft.c.updated_at.desc()))
        return tuple(row.body for row in rows)
