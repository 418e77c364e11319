"""Compensating intents: what the same person did by an earlier one is undone, once, as far as nobody built on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, RowMapping, select, update

from guichet_sync.domain.errors import BadReply
from guichet_sync.domain.intents import UndoIntent
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt

from .. import numbers, schema
from .taken import Body, Deed, Done, Refusal, Taken, check_words, decoded, of_shape

_TABLE = schema.intent
_TOOK_EFFECT = (IntentOutcome.APPLIED, IntentOutcome.MERGED)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An intent that took effect, and what that was. ``space`` is where it was taken in."""

    intent_id: str
    space: str
    body: str
    deed: Deed

    def body_as(self, kind: type[Body]) -> Body:
        """What it said."""
        return of_shape(self.body, kind)


@dataclass(frozen=True, slots=True)
class _About:
    request_id: str = ""


Undoer = Callable[[Taken, Earlier], Done]


def undo(undoers: Mapping[str, Undoer]) -> Callable[[Taken], Done]:
    """The handler of undoes, by the kind of what is undone."""

    def handler(taken: Taken) -> Done:
        asked = decoded(taken, UndoIntent)
        check_words(asked.intent_id)
        row = _locked(taken, asked.intent_id)
        undoer = undoers.get(row["kind"]) if row is not None and _stands(row) else None
        if row is None or undoer is None:
            raise Refusal("nothing_to_undo", IntentOutcome.GONE)
        earlier = Earlier(asked.intent_id, row["space"], row["body"], codec.decode(row["deed"] or "{}", Deed))
        done = undoer(taken, earlier)
        taken.connection.execute(update(_TABLE).where(*_at(taken, earlier)).values(undone_by=taken.envelope.intent_id))
        return done

    return handler


def _locked(taken: Taken, intent_id: str) -> RowMapping | None:
    """The person's intent of this id, whichever of their enrolments sent it; a second undo of it waits here. What names its
    request is locked first, like by everybody: an erasure that holds it is about to empty the intent.
    """
    enrolment, tenant = schema.enrolment, taken.instance.tenant
    own = select(enrolment.c.id).where(enrolment.c.tenant == tenant, enrolment.c.person == taken.person.name)
    spaces = [schema.intake(each) for each in taken.connection.execute(own).scalars()]
    mine = (_TABLE.c.tenant == tenant, _TABLE.c.space.in_(spaces), _TABLE.c.intent_id == intent_id)
    body = taken.connection.execute(select(_TABLE.c.body).where(*mine)).scalar()
    if body:
        numbers.lock(taken.connection, tenant, [_about(body)])
    question = select(_TABLE).where(*mine).order_by(_TABLE.c.space).with_for_update()
    return taken.connection.execute(question).mappings().first()


def _about(body: str) -> str:
    """The request that an intent is about; nothing where it is about none."""
    try:
        return codec.decode(body, _About).request_id
    except BadReply:
        return ""


def _stands(row: RowMapping) -> bool:
    """Whether it took effect, was not undone yet, and what it said was not erased."""
    if not row["receipt"] or not row["body"] or row["undone_by"]:
        return False
    return codec.decode(row["receipt"], IntentReceipt).outcome in _TOOK_EFFECT


def _at(taken: Taken, earlier: Earlier) -> tuple[ColumnElement[bool], ...]:
    return (
        _TABLE.c.tenant == taken.instance.tenant,
        _TABLE.c.space == earlier.space,
        _TABLE.c.intent_id == earlier.intent_id,
    )
