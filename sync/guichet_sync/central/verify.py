"""Is the database what it should be? Contiguous feeds, digests, and every reference leads somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Select, and_, func, select, text

from guichet_sync.domain.errors import BadReply
from guichet_sync.protocol import codec
from guichet_sync.protocol.checksum import bucket_of, record_digest
from guichet_sync.protocol.messages import Body, IntentReceipt, Operation
from guichet_sync.protocol.records import KINDS

from . import schema
from .counters import in_gap
from .instance import Instance

_MOST = 100
_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: a reason code and where. Identifiers and spaces, never what a record says."""

    code: str
    where: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was counted, and what is wrong (at most 100 of each kind)."""

    counts: dict[str, int]
    findings: tuple[Finding, ...]


Check = Callable[[Connection, str], Iterator[Finding]]


def verify(connection: Connection, instance: Instance) -> Verification:
    """Check the whole database in one consistent view."""
    damaged = tuple(_pages(connection))
    if damaged:  # nothing that is read from this file can be trusted
        return Verification({}, damaged)
    if (
        connection.dialect.name == "postgresql"
    ):  # all is read: no plan that looks rows up one by one, whatever it believes of sizes
        connection.execute(text("SET LOCAL enable_nestloop = off"))
    tables = {"records": schema.record, "changes": schema.feed, "intents": schema.intent, "numbers": schema.number}
    counts = {
        name: connection.execute(select(func.count()).select_from(table).where(table.c.tenant == instance.tenant)).scalar_one()
        for name, table in tables.items()
    }
    return Verification(counts, tuple(finding for check in _CHECKS for finding in check(connection, instance.tenant)))


def _pages(connection: Connection) -> Iterator[Finding]:
    """The file itself, where there is one of ours; PostgreSQL looks after its own."""
    if connection.dialect.name == "sqlite":
        for said in connection.execute(text("PRAGMA integrity_check")).scalars():
            if said != "ok":
                yield Finding("database_damaged", "integrity_check")
                return


def _heads(connection: Connection, tenant: str) -> Iterator[Finding]:
    """Each feed runs from 1 to its head without holes."""
    feed, space = schema.feed, schema.space
    told = (
        select(feed.c.space, func.count().label("rows"), func.min(feed.c.seq).label("first"), func.max(feed.c.seq).label("last"))
        .where(feed.c.tenant == tenant)
        .group_by(feed.c.space)
    )
    heads = dict(connection.execute(select(space.c.space, space.c.head).where(space.c.tenant == tenant)).all())
    feeds = {row.space: (row.rows, row.first, row.last) for row in connection.execute(told)}
    for name in sorted(heads.keys() | feeds.keys()):
        head = heads.get(name, 0)
        if feeds.get(name, (0, 1, 0)) != (head, 1, head):
            yield Finding("feed_has_holes", name)


def _intents(connection: Connection, tenant: str) -> Iterator[Finding]:
    """Each intent is what its digest says, or was erased, and has the receipt that is given again."""
    table = schema.intent
    question = select(table.c.intent_id, table.c.body, table.c.body_sha256, table.c.receipt).where(table.c.tenant == tenant)
    for row in connection.execute(question.execution_options(yield_per=_ROWS)):
        differs = row.body and codec.digest(row.body.encode()) != row.body_sha256
        if differs or not _is_receipt(row.receipt, row.intent_id):
            yield Finding("intent_damaged", row.intent_id)


def _is_receipt(receipt: str, intent_id: str) -> bool:
    try:
        return codec.decode(receipt, IntentReceipt).intent_id == intent_id
    except BadReply:
        return False


def _records(connection: Connection, tenant: str) -> Iterator[Finding]:
    """Each record is of its kind's shape, in its one form, and counted as two mirrors compare it."""
    table = schema.record
    columns = (table.c.space, table.c.kind, table.c.id, table.c.body, table.c.bucket, table.c.digest)
    for row in connection.execute(select(*columns).where(table.c.tenant == tenant).execution_options(yield_per=_ROWS)):
        where = f"{row.space} {row.kind} {row.id}"
        if row.body and not _is_record(row.body, row.kind):
            yield Finding("record_damaged", where)
        elif (row.bucket, row.digest) != _counted(row.kind, row.id, row.body):
            yield Finding("checksum_wrong", where)


def _is_record(body: str, kind: str) -> bool:
    try:
        codec.decode(body, KINDS[kind])
        return codec.canonical(codec.decode(body, Body)).decode() == body
    except (BadReply, KeyError):
        return False


def _counted(kind: str, record: str, body: str) -> tuple[int, int]:
    """The bucket of a record and what it adds to it; one that was removed adds nothing."""
    return bucket_of(kind, record), record_digest(kind, record, body.encode()) if body else 0


def _revisions(connection: Connection, tenant: str) -> Iterator[Finding]:
    """Each record is at the revision its feed told last, and none that the feed told of is gone."""
    feed, record = schema.feed, schema.record
    told = (
        select(feed.c.space, feed.c.kind, feed.c.id, func.max(feed.c.revision).label("revision"))
        .where(feed.c.tenant == tenant)
        .group_by(feed.c.space, feed.c.kind, feed.c.id)
        .subquery()
    )
    same = and_(told.c.space == record.c.space, told.c.kind == record.c.kind, told.c.id == record.c.id)
    ours = select(record.c.space, record.c.kind, record.c.id, told.c.revision).join(told, same, isouter=True)
    differs = told.c.revision.is_(None) | (told.c.revision != record.c.revision)
    yield from _named("record_not_in_feed", connection, ours.where(record.c.tenant == tenant, differs))
    theirs = select(told.c.space, told.c.kind, told.c.id).join(record, and_(same, record.c.tenant == tenant), isouter=True)
    yield from _named("record_missing", connection, theirs.where(record.c.id.is_(None)))


def _operations(connection: Connection, tenant: str) -> Iterator[Finding]:
    """A record whose last change was a removal is empty, and no other is."""
    feed, record = schema.feed, schema.record
    same = and_(
        feed.c.tenant == record.c.tenant,
        feed.c.space == record.c.space,
        feed.c.kind == record.c.kind,
        feed.c.id == record.c.id,
        feed.c.revision == record.c.revision,
    )
    wrong = (feed.c.operation == Operation.PUT) == (record.c.body == "")
    question = select(record.c.space, record.c.kind, record.c.id).join(feed, same)
    yield from _named("record_damaged", connection, question.where(record.c.tenant == tenant, wrong))


def _numbers(connection: Connection, tenant: str) -> Iterator[Finding]:
    """Each number names a request that is there."""
    number, record = schema.number, schema.record
    same = and_(
        record.c.tenant == tenant,
        record.c.space == number.c.request_space,
        record.c.kind == "request",
        record.c.id == number.c.request_id,
        record.c.body != "",
    )
    question = select(number.c.number).join(record, same, isouter=True).where(number.c.tenant == tenant, record.c.id.is_(None))
    yield from _named("number_without_request", connection, question)


def _standing(connection: Connection, tenant: str) -> Iterator[Finding]:
    """Each request stands where its numbers say, and nowhere else."""
    number, record = schema.number, schema.record
    same = and_(
        number.c.tenant == tenant,
        number.c.space == schema.NUMBERS,
        number.c.request_id == record.c.id,
        number.c.request_space == record.c.space,
    )
    here = (record.c.tenant == tenant, record.c.kind == "request", record.c.body != "", number.c.number.is_(None))
    question = select(record.c.space, record.c.id).join(number, same, isouter=True).where(*here)
    yield from _named("request_without_number", connection, question)


def _counters(connection: Connection, tenant: str) -> Iterator[Finding]:
    """No counter stands behind a number it gave: it would give it again. One that was brought back from before a restore is
    passed over when the counter comes to it.
    """
    counter, number = schema.counter, schema.number
    question = select(counter.c.name, counter.c.last).where(counter.c.tenant == tenant, counter.c.space == schema.NUMBERS)
    for year, last in connection.execute(question).all():
        ours = (number.c.tenant == tenant, number.c.space == schema.NUMBERS, number.c.number.like(f"{year}-______"))
        beyond = connection.execute(select(number.c.number).where(*ours, number.c.number > f"{year}-{last:06d}")).scalars()
        given = [int(each[3:]) for each in beyond if each[3:].isdigit()]
        if not all(in_gap(connection, tenant, schema.NUMBERS, year, each) for each in given):
            yield Finding("counter_behind", year)


def _enrolments(connection: Connection, tenant: str) -> Iterator[Finding]:
    """Each enrolment is somebody's."""
    enrolment, person = schema.enrolment, schema.person
    same = and_(person.c.tenant == enrolment.c.tenant, person.c.name == enrolment.c.person)
    question = select(enrolment.c.code).join(person, same, isouter=True)
    orphans = question.where(enrolment.c.tenant == tenant, person.c.name.is_(None))
    yield from _named("enrolment_of_nobody", connection, orphans)


def _named(code: str, connection: Connection, question: Select[*tuple[str, ...]]) -> Iterator[Finding]:
    for row in connection.execute(question.limit(_MOST)):
        yield Finding(code, " ".join(str(part) for part in row if part is not None))


_CHECKS: tuple[Check, ...] = (
    _heads,
    _intents,
    _records,
    _revisions,
    _operations,
    _numbers,
    _standing,
    _counters,
    _enrolments,
)
