"""Taking an intent in, once, whatever happened to earlier replies.

The row of the intent is inserted first, in the transaction of its effect and of its feed rows: a second sender of the same intent
waits on that row and then reads the first receipt. Each intent has a transaction of its own, so that one which fails does not
hold the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import BadReply
from guichet_sync.domain.intents import CreateRequest, IntentKind, RecordAnswer
from guichet_sync.domain.request import Request, RequestStatus, TimelineEntry
from guichet_sync.domain.routing import route
from guichet_sync.domain.spaces import CAPTURING_ROLES, TAXONOMY, people_space, requests_space
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentBatch, IntentEnvelope, IntentOutcome, IntentReceipt
from guichet_sync.protocol.records import RequesterOf

from . import records, schema
from .database import writing
from .identity import Caller, is_own, next_number
from .instance import Instance
from .publish import Change, Publication

MAX_DESCRIPTION = 10_000
_CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Refusal(Exception):
    """The intent is understood and not taken."""

    code: str


@dataclass(frozen=True, slots=True)
class _Intake:
    """One intent on its way in."""

    connection: Connection
    instance: Instance
    caller: Caller
    envelope: IntentEnvelope
    captured_at: datetime
    now: datetime
    clock_repaired: bool


def take_in(
    engine: Engine, instance: Instance, caller: Caller, batch: IntentBatch, now: Callable[[], datetime]
) -> tuple[IntentReceipt, ...]:
    """A receipt for each intent of the batch, in its order."""
    skew = _skew(batch, now())
    return tuple(_one(engine, instance, caller, envelope, skew, now()) for envelope in batch.intents)


def _one(
    engine: Engine, instance: Instance, caller: Caller, envelope: IntentEnvelope, skew: timedelta, now: datetime
) -> IntentReceipt:
    if codec.digest(envelope.body.encode()) != envelope.body_sha256:
        return _refused(envelope, "body_digest")
    captured_at = envelope.captured_at.astimezone(UTC) + skew
    with writing(engine) as connection:
        if not is_own(connection, instance.tenant, caller, envelope.enrolment):
            return _refused(envelope, "not_the_author")
        intake = _Intake(connection, instance, caller, envelope, captured_at, now, bool(skew))
        if not _claim(intake):
            return _first_receipt(intake)
        receipt = _apply(intake)
        _keep(intake, receipt)
        return receipt


def _skew(batch: IntentBatch, now: datetime) -> timedelta:
    """How much to add to the post's clock; small differences are the network's, not the clock's."""
    skew = now - batch.sent_at.astimezone(UTC)
    return skew if abs(skew) > _CLOCK_TOLERANCE else timedelta()


def _claim(intake: _Intake) -> bool:
    """Insert the intent's row; False if it is already there (after waiting for a transaction that is inserting it)."""
    dialect = sqlite if intake.connection.dialect.name == "sqlite" else postgresql
    row = dialect.insert(schema.intent).values(
        tenant=intake.instance.tenant,
        space=schema.intake(intake.envelope.enrolment),
        intent_id=intake.envelope.intent_id,
        kind=intake.envelope.kind,
        body_sha256=intake.envelope.body_sha256,
        body=intake.envelope.body,
        received_at=intake.now,
        receipt="",
    )
    return intake.connection.execute(row.on_conflict_do_nothing()).rowcount == 1


def _mine(intake: _Intake) -> tuple[object, ...]:
    table = schema.intent
    return (
        table.c.tenant == intake.instance.tenant,
        table.c.space == schema.intake(intake.envelope.enrolment),
        table.c.intent_id == intake.envelope.intent_id,
    )


def _first_receipt(intake: _Intake) -> IntentReceipt:
    table = schema.intent
    row = intake.connection.execute(select(table.c.receipt, table.c.body_sha256).where(*_mine(intake))).one()  # type: ignore[arg-type]
    if row.body_sha256 != intake.envelope.body_sha256:
        return _refused(intake.envelope, "intent_body_differs")
    first = codec.decode(row.receipt, IntentReceipt)
    return replace(first, outcome=IntentOutcome.DUPLICATE) if first.outcome is IntentOutcome.APPLIED else first


def _keep(intake: _Intake, receipt: IntentReceipt) -> None:
    intake.connection.execute(
        update(schema.intent).where(*_mine(intake)).values(receipt=codec.encode(receipt).decode())  # type: ignore[arg-type]
    )


def _apply(intake: _Intake) -> IntentReceipt:
    handler = _HANDLERS.get(intake.envelope.kind)
    try:
        if handler is None:
            raise _Refusal("unknown_kind")
        if intake.caller.person.role not in CAPTURING_ROLES:
            raise _Refusal("not_allowed")
        with intake.connection.begin_nested():
            return handler(intake)
    except _Refusal as refusal:
        return _refused(intake.envelope, refusal.code)
    except BadReply:
        return _refused(intake.envelope, "intent_shape")


def _create_request(intake: _Intake) -> IntentReceipt:
    asked = codec.decode(intake.envelope.body, CreateRequest)
    category = _category(intake, asked)
    number = _official_number(intake)
    request = _request(intake, asked, category, number)
    publication = Publication(intake.connection, intake.instance.tenant, intake.envelope.intent_id)
    changes = [Change(requests_space(request.service), "request", request.id, request)]
    if asked.requester is not None:
        person = RequesterOf(request.id, asked.requester, asked.channel)
        changes.append(Change(people_space(request.service), "requester", f"{request.id}/1", person))
    _remember_number(intake, request)
    publication.put(changes)
    effect = publication.commit_order()
    shown = {space: seq for space, seq in effect.items() if space == requests_space(request.service)}
    return IntentReceipt(intake.envelope.intent_id, IntentOutcome.APPLIED, number=number, effect=shown)


def _category(intake: _Intake, asked: CreateRequest) -> Category:
    """The category, retired ones included: an old post may still use it."""
    if len(asked.description) > MAX_DESCRIPTION:
        raise _Refusal("description_too_long")
    place = (TAXONOMY, "category")
    category = records.one(intake.connection, intake.instance.tenant, place, asked.category, Category)
    if category is None:
        raise _Refusal("unknown_category")
    taken = records.one(
        intake.connection, intake.instance.tenant, (requests_space(category.service), "request"), asked.request_id, Request
    )
    if taken is not None:
        raise _Refusal("request_exists")
    return category


def _official_number(intake: _Intake) -> str:
    year = f"{intake.now.year % 100:02d}"
    return f"{year}-{next_number(intake.connection, intake.instance.tenant, schema.NUMBERS, year):06d}"


def _remember_number(intake: _Intake, request: Request) -> None:
    table, tenant = schema.number, intake.instance.tenant
    numbers = list(filter(None, (request.number, request.provisional_number)))
    here = (table.c.tenant == tenant, table.c.space == schema.NUMBERS)
    if intake.connection.execute(select(table.c.number).where(*here, table.c.number.in_(numbers))).first():
        raise _Refusal("number_taken")
    target = {"request_id": request.id, "request_space": requests_space(request.service)}
    place = {"tenant": tenant, "space": schema.NUMBERS}
    intake.connection.execute(insert(table), [{**place, "number": each, **target} for each in numbers])


def _request(intake: _Intake, asked: CreateRequest, category: Category, number: str) -> Request:
    rules = records.routing_rules(intake.connection, intake.instance.tenant, category.code)
    routing = route(rules, category.code, category.service, asked.where)
    by = intake.caller.person.display
    return Request(
        id=asked.request_id,
        category=category.code,
        service=routing.service,
        status=RequestStatus.TRANSMITTED,
        captured_at=intake.captured_at,
        nature=asked.nature,
        channel=asked.channel,
        number=number,
        provisional_number=asked.provisional_number,
        unit=routing.unit.code if routing.unit else "",
        where=asked.where,
        answers=asked.answers,
        description=asked.description,
        urgent=asked.urgent or category.is_urgent(asked.answers or {}),
        promised_on=asked.promised_on,
        received_at=intake.now,
        sent_at=intake.now,
        requester_count=int(asked.requester is not None),
        approximate=intake.clock_repaired,
        timeline=(
            TimelineEntry(intake.captured_at, "captured", by),
            TimelineEntry(intake.now, "transmitted", routing.unit.code if routing.unit else routing.service),
        ),
    )


def _record_answer(intake: _Intake) -> IntentReceipt:
    given = codec.decode(intake.envelope.body, RecordAnswer)
    intake.connection.execute(
        insert(schema.answer).values(
            tenant=intake.instance.tenant,
            space=schema.intake(intake.envelope.enrolment),
            intent_id=intake.envelope.intent_id,
            interaction_id=given.interaction_id,
            article=given.article,
            category=given.category,
            channel=given.channel,
            language=given.language,
            answered_at=intake.captured_at,
        )
    )
    return IntentReceipt(intake.envelope.intent_id, IntentOutcome.APPLIED)


def _refused(envelope: IntentEnvelope, code: str) -> IntentReceipt:
    return IntentReceipt(envelope.intent_id, IntentOutcome.REFUSED, code=code)


_HANDLERS: dict[str, Callable[[_Intake], IntentReceipt]] = {
    IntentKind.CREATE_REQUEST: _create_request,
    IntentKind.RECORD_ANSWER: _record_answer,
}
