"""Erasing by law: who asked is taken out of every table, file and mirror; what was asked stays, and tells that somebody went.

The feed tells the posts to erase too. A post acknowledges by its cursors: it says that it is past an erasure only once nothing of
it is left in its files (see :mod:`.readers`). An erasure done again does what an interrupted one left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, func, or_, select, text, update

from guichet_sync.domain.category import Category, Datatype
from guichet_sync.domain.errors import NotFound, StoreBusy
from guichet_sync.domain.intents import ANSWER_FIELD, IntentKind
from guichet_sync.domain.merging import UNDONE
from guichet_sync.domain.request import Request, TimelineEntry
from guichet_sync.domain.spaces import TAXONOMY
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Operation
from guichet_sync.protocol.records import request_of

from . import numbers, records, schema
from .database import writing
from .feed import heads
from .instance import Instance
from .instance import read as read_instance
from .publish import Change, Publication
from .snapshots import Snapshots

REASON = "erasure"
"""Why rows go, as the feed tells it."""
ERASED = "erased"
"""The timeline's event."""
_CHOSEN = frozenset({Datatype.NUMBER, Datatype.DATETIME, Datatype.SINGLE, Datatype.MULTI})
"""Answers that nobody writes freely."""
_NAMING = frozenset({"edited", "proposed", "proposal_accepted", "proposal_dropped", UNDONE, ERASED})
"""Events whose note names a field or another event, or is ours; all others may be what somebody wrote."""
_NAMELESS = frozenset(IntentKind) - {IntentKind.CREATE_REQUEST, IntentKind.JOIN_REQUEST}
"""Kinds of intents that never say who asked. One that this version does not know may."""
_FEED, _RECORD, _INTENT = schema.feed, schema.record, schema.intent


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: how many requesters, how many intents whose bodies said something of it, and which spaces held it."""

    request: str
    people: int
    intents: int
    spaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post that may still hold what was erased. A ``revoked`` one will never say."""

    code: str
    person: str
    post_name: str
    revoked: bool


@dataclass(frozen=True, slots=True)
class Erasure:
    """A request whose requesters were erased, and the posts that have not acknowledged it."""

    number: str
    request: str
    spaces: tuple[str, ...]
    waiting: tuple[Waiting, ...]


def erase(engine: Engine, snapshots: Snapshots, number: str, note: str, now: datetime, *, texts: bool) -> Erased:
    """Erase the requesters of the request of this number, with ``texts`` also what was written freely about it.

    :raises NotFound: ``number_not_found``. :raises StoreBusy: ``erasure_in_log``: done, but for a log that somebody still reads.
    """
    with writing(engine) as connection:
        done = _erase(connection, read_instance(connection), number, TimelineEntry(now, ERASED, note=note), texts=texts)
    for space in done.spaces:
        snapshots.renew(space)
    _empty_logs(engine)
    return done


def _erase(connection: Connection, instance: Instance, number: str, mark: TimelineEntry, *, texts: bool) -> Erased:
    request, space = _find(connection, instance.tenant, number)
    after = _without_texts(connection, instance.tenant, request) if texts else request
    traces = [
        trace
        for trace in _traces(connection, instance.tenant, request.id)
        if trace.kind == "requester" or (texts and (trace.space != space or after != request))
    ]
    emptied = _empty_intents(connection, instance.tenant, request.id, texts=texts)
    if traces:
        publication = Publication(connection, instance.tenant, reason=REASON)
        # Told as erased first: a put alone would leave the old words in a post's indexes.
        publication.put(Change(trace.space, trace.kind, trace.id, None, Operation.ERASE) for trace in traces)
        publication.put([Change(space, "request", request.id, replace(after, timeline=(*after.timeline, mark)))])
        publication.commit_order()
    spaces = sorted({space for space, _kind, _id, _seq in _removals(connection, instance.tenant, request.id)})
    return Erased(request.id, sum(trace.stands for trace in traces if trace.kind == "requester"), emptied, tuple(spaces))


def _find(connection: Connection, tenant: str, number: str) -> tuple[Request, str]:
    """The request of a number, locked until the commit, and its space."""
    table = schema.number
    mine = (table.c.tenant == tenant, table.c.space == schema.NUMBERS, table.c.number == number)
    request_id = connection.execute(select(table.c.request_id).where(*mine)).scalar() or ""
    space = numbers.lock(connection, tenant, [request_id]).get(request_id, ("", ""))[1]
    request = records.one(connection, tenant, (space, "request"), request_id, Request) if space else None
    if request is None:
        raise NotFound("number_not_found")
    return request, space


@dataclass(frozen=True, slots=True)
class _Trace:
    """A record of a request or of a requester, in a space where it ``stands`` or stood: a post may hold it there."""

    space: str
    kind: str
    id: str
    stands: bool


def _traces(connection: Connection, tenant: str, request_id: str) -> Iterator[_Trace]:
    """All there is of a request, but where the last word was already that it is erased."""
    last = and_(*(_FEED.c[name] == _RECORD.c[name] for name in ("tenant", "space", "kind", "id", "revision")))
    here = (_RECORD.c.tenant == tenant, _of(_RECORD, request_id), _FEED.c.operation != Operation.ERASE)
    wanted = select(_RECORD.c.space, _RECORD.c.kind, _RECORD.c.id, _RECORD.c.body != "").join(_FEED, last).where(*here)
    for space, kind, record, stands in connection.execute(wanted):
        yield _Trace(space, kind, record, bool(stands))


def _of(table: Table, request_id: str) -> ColumnElement[bool]:
    """Rows of a request or of its requesters. Another request's number may begin with this one's and a slash."""
    rank = func.substr(table.c.id, len(request_id) + 2)
    asked = and_(table.c.kind == "requester", table.c.id.startswith(f"{request_id}/", autoescape=True), ~rank.contains("/"))
    return or_(and_(table.c.kind == "request", table.c.id == request_id), asked)


def _without_texts(connection: Connection, tenant: str, request: Request) -> Request:
    """The request without what anybody wrote freely. What was chosen from a list stays, and where it is."""
    category = records.one(connection, tenant, (TAXONOMY, "category"), request.category, Category)
    chosen = {each.code for each in category.questions if each.datatype in _CHOSEN} if category else set()
    timeline = (entry if entry.code in _NAMING else replace(entry, note="") for entry in request.timeline)
    return replace(
        request,
        description="",
        answers=request.answers and {code: said for code, said in request.answers.items() if code in chosen},
        timeline=tuple(timeline),
        proposals=tuple(each for each in request.proposals if not _is_written(each.field, chosen)),
    )


def _is_written(field: str, chosen: set[str]) -> bool:
    return field == "description" or (field.startswith(ANSWER_FIELD) and field.removeprefix(ANSWER_FIELD) not in chosen)


def _empty_intents(connection: Connection, tenant: str, request_id: str, *, texts: bool) -> int:
    """Empty what intents said, also those that were refused; their digests and receipts stay, and are given again."""
    told = select(_FEED.c.intent).where(_FEED.c.tenant == tenant, _FEED.c.intent != "", _of(_FEED, request_id))
    named = codec.encode(request_id).decode()
    about = or_(_INTENT.c.intent_id.in_(told), _INTENT.c.body.contains(named, autoescape=True))
    naming = () if texts else (_INTENT.c.kind.not_in(_NAMELESS),)
    emptied = update(_INTENT).where(_INTENT.c.tenant == tenant, _INTENT.c.body != "", about, *naming).values(body="")
    return connection.execute(emptied).rowcount


def _removals(connection: Connection, tenant: str, request_id: str = "") -> Iterator[tuple[str, str, str, int]]:
    """Where requests and requesters left a space, for whatever reason, and where last: space, kind, id, sequence."""
    there = and_(_FEED.c.tenant == tenant, _FEED.c.operation != Operation.PUT, _FEED.c.kind.in_(("request", "requester")))
    wanted = select(_FEED.c.space, _FEED.c.kind, _FEED.c.id, func.max(_FEED.c.seq)).where(there)
    if request_id:
        wanted = wanted.where(_of(_FEED, request_id))
    yield from map(tuple, connection.execute(wanted.group_by(_FEED.c.space, _FEED.c.kind, _FEED.c.id)))


def _empty_logs(engine: Engine) -> None:
    """What was overwritten leaves SQLite's log, and PostgreSQL's dead rows."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            busy, *_pages = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreBusy("erasure_in_log")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM {_RECORD.name}, {_INTENT.name}"))


def erasures(connection: Connection, instance: Instance) -> tuple[Erasure, ...]:
    """All erasures, with the posts that may still hold something. ``connection`` must be one consistent view."""
    erased = _erased(connection, instance.tenant)
    places: dict[str, dict[str, int]] = defaultdict(dict)
    for space, kind, record, seq in _removals(connection, instance.tenant):
        request = request_of(kind, record)
        if (kind, request) in erased:
            places[request][space] = max(seq, places[request].get(space, 0))
    names = numbers.of_requests(connection, instance.tenant, places)
    posts = _posts(connection, instance)
    return tuple(
        Erasure(names.get(request, ("", ""))[0], request, tuple(sorted(spaces)), _waiting(posts, spaces))
        for request, spaces in sorted(places.items(), key=lambda item: names.get(item[0], ("", "")))
    )


@dataclass(frozen=True, slots=True)
class _At:
    """How far a post proved to be in a space, 0 where nobody knows."""

    post: Waiting
    space: str
    seq: int


def _posts(connection: Connection, instance: Instance) -> tuple[_At, ...]:
    reader, enrolment = schema.reader, schema.enrolment
    same = and_(enrolment.c.tenant == reader.c.tenant, enrolment.c.id == reader.c.enrolment)
    post = (enrolment.c.code, enrolment.c.person, enrolment.c.post_name, enrolment.c.revoked)
    wanted = select(reader.c.space, reader.c.epoch, reader.c.seq, *post).join(enrolment, same)
    rows = connection.execute(wanted.where(reader.c.tenant == instance.tenant).order_by(enrolment.c.code, reader.c.space)).all()
    known = heads(connection, instance.tenant, sorted({row.space for row in rows}))
    return tuple(
        _At(Waiting(*named), space, seq if epoch == instance.epoch and seq <= known.get(space, 0) else 0)
        for space, epoch, seq, *named in rows
    )


def _waiting(posts: Sequence[_At], spaces: Mapping[str, int]) -> tuple[Waiting, ...]:
    """The posts that hold one of these spaces and are not past what happened there."""
    return tuple(dict.fromkeys(each.post for each in posts if each.seq < spaces.get(each.space, 0)))


def _erased(connection: Connection, tenant: str) -> set[tuple[str, str]]:
    """Kind and request of all that was ever erased."""
    rows = connection.execute(
        select(_FEED.c.kind, _FEED.c.id).where(_FEED.c.tenant == tenant, _FEED.c.operation == Operation.ERASE)
    )
    return {(kind, request_of(kind, record)) for kind, record in rows}
