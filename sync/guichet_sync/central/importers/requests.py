"""Requests of before: our own JSON or CSV, or the open data of Montréal's 311. Each becomes a request with an official number.

A request of the file is known by its number; one without a number by the file's content and its line. So the same file again
changes nothing, and two files of one name are two files. Nor does a file change a request that somebody followed up since: what
people did with it here stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import BadReply, InvalidInput, LineProblem
from guichet_sync.domain.location import Location, Whereabouts
from guichet_sync.domain.request import Channel, Request, RequestStatus
from guichet_sync.domain.spaces import PLACES, TAXONOMY, requests_space
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Operation

from .. import numbers, records, schema
from ..counters import next_number, raise_to
from ..publish import Change
from .montreal import COLUMNS as MONTREAL
from .montreal import FORMAT as MONTREAL_FORMAT
from .montreal import MontrealRows
from .reader import Row, columns_of, content_digest, csv_rows, json_document
from .run import BATCH, Outcome, Work

_OWN = frozenset({"category", "opened_at"})
_OFFICIAL = re.compile(r"(\d\d)-(\d{6})")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}")
_OWN_FIELDS = ("answers", "channel", "description", "nature", "number", "promised_on", "status", "urgent")

Numbered = tuple[int, Request]
"""A line's number and the request it became."""
Reader = Callable[[int, dict[str, Any]], Request | LineProblem]


def read_requests(path: Path, work: Work) -> Iterable[Outcome]:
    """Requests, numbered by the server where the file gives no number."""
    batch: list[Numbered] = []
    for number, outcome in _requests(path, work):
        if isinstance(outcome, LineProblem):
            yield outcome
            continue
        batch.append((number, outcome))
        if len(batch) >= BATCH:
            yield from _numbered(work, batch)
            batch = []
    yield from _numbered(work, batch)


def _requests(path: Path, work: Work) -> Iterator[tuple[int, Request | LineProblem]]:
    rows, read = _shape(path, work)
    for row in work.limited(rows):
        yield (row.line, row) if isinstance(row, LineProblem) else (row[0], read(*row))


def _shape(path: Path, work: Work) -> tuple[Iterable[Row | LineProblem], Reader]:
    """The rows of the file and how to read one, by the format asked for or by what the file looks like."""
    known = records.every(work.connection, work.instance.tenant, (TAXONOMY, "category"), Category)
    categories = {category.code: category for category in known}
    source = content_digest(path)[:16]
    if path.name.endswith((".json", ".json.gz")):
        return _json_rows(path), _OwnRows(work, categories, source)
    foreign = work.options.format == MONTREAL_FORMAT or (not work.options.format and columns_of(path) >= MONTREAL)
    if foreign:
        return csv_rows(path, MONTREAL), MontrealRows(work, categories, source)
    return csv_rows(path, _OWN), _OwnRows(work, categories, source)


def _json_rows(path: Path) -> Iterator[Row | LineProblem]:
    document = json_document(path)
    if not isinstance(document, list):
        raise InvalidInput("malformed_file", field="file", line=1)
    for number, row in enumerate(document, 1):
        yield (number, row) if isinstance(row, dict) else LineProblem(number, "malformed_line")


class _OwnRows:
    """Rows of our own shape: a category's code, an instant, and whatever else is known."""

    def __init__(self, work: Work, categories: dict[str, Category], source: str) -> None:
        self._work = work
        self._categories = categories
        self._source = source
        self._zone = ZoneInfo(work.instance.timezone)
        self._seen: set[str] = set()

    def __call__(self, number: int, row: dict[str, Any]) -> Request | LineProblem:
        """The request of a row."""
        category = self._categories.get(str(row.get("category", "")))
        if category is None:
            return LineProblem(number, "unknown_category", str(row.get("category", ""))[:80])
        official = str(row.get("number") or "")
        if official and not _NUMBER.fullmatch(official):
            return LineProblem(number, "malformed_line")
        if official in self._seen:
            return LineProblem(number, "duplicate_code", official)
        try:
            request = self._request(row, category, official or f"{self._source}-{number}")
        except (BadReply, KeyError, OverflowError):
            return LineProblem(number, "malformed_line")
        if official:
            self._seen.add(official)
        return request

    def _request(self, row: dict[str, Any], category: Category, name: str) -> Request:
        given = {key: row[key] for key in _OWN_FIELDS if row.get(key)}
        body = {"status": RequestStatus.TRANSMITTED, "nature": category.nature, "channel": Channel.PHONE, **given}
        kept = {"id": f"import-{name}", "category": category.code, "service": category.service, "captured_at": row["opened_at"]}
        request = codec.from_body({**body, **kept}, Request)
        opened = request.captured_at if request.captured_at.tzinfo else request.captured_at.replace(tzinfo=self._zone)
        opened = opened.astimezone(UTC)
        where = self._where(str(row.get("location_id") or ""))
        urgent = request.urgent or category.is_urgent(request.answers or {})
        return replace(request, captured_at=opened, received_at=opened, sent_at=opened, where=where, urgent=urgent)

    def _where(self, location_id: str) -> Whereabouts:
        if not location_id:
            return Whereabouts()
        place = (PLACES, "location")
        known = records.one(self._work.connection, self._work.instance.tenant, place, location_id, Location)
        return Whereabouts.of(known) if known else Whereabouts(label=location_id[:1_000])


def _numbered(work: Work, batch: list[Numbered]) -> Iterator[Outcome]:
    """Number those without: the one they had at an earlier import, or the next of the year they were opened in."""
    connection, tenant = work.connection, work.instance.tenant
    zone = ZoneInfo(work.instance.timezone)
    known = numbers.lock(connection, tenant, [request.id for _, request in batch])
    followed = _followed(work, known)
    batch = [(line, followed.get(request.id, request)) for line, request in batch]
    for year, last in _given(batch).items():  # first: a number that the file gives is not given to another line
        raise_to(connection, tenant, schema.NUMBERS, year, last)
    free = _free_numbers(work, [request for _, request in batch if not request.number and request.id not in known], zone)
    full = [(line, replace(each, number=each.number or _had(known, each) or next(free))) for line, each in batch]
    taken = numbers.remember(connection, tenant, {each.number: (each.id, requests_space(each.service)) for _, each in full})
    for line, request in full:
        space = requests_space(request.service)
        if request.number in taken:
            yield LineProblem(line, "number_taken", request.number)
            continue
        if request.id in known and known[request.id][1] != space:
            yield Change(known[request.id][1], "request", request.id, None, Operation.EVICT)
        yield Change(space, "request", request.id, request)


def _followed(work: Work, known: dict[str, tuple[str, str]]) -> dict[str, Request]:
    """Of these requests, those with which something was done since, as they stand: no file has a timeline."""
    table = schema.record
    spaces = {space for _number, space in known.values()}
    here = (table.c.tenant == work.instance.tenant, table.c.space.in_(spaces), table.c.kind == "request")
    question = select(table.c.body).where(*here, table.c.id.in_(list(known)), table.c.body != "")
    standing = (codec.decode(body, Request) for body in work.connection.execute(question).scalars())
    return {request.id: request for request in standing if request.timeline}


def _had(known: dict[str, tuple[str, str]], request: Request) -> str:
    return known[request.id][0] if request.id in known else ""


def _free_numbers(work: Work, unnumbered: list[Request], zone: ZoneInfo) -> Iterator[str]:
    """A number for each of these requests, in their order, a block of the counter for each year."""
    wanted = Counter(_year(request, zone) for request in unnumbered)
    following = {
        year: next_number(work.connection, work.instance.tenant, schema.NUMBERS, year, by=count) - count
        for year, count in sorted(wanted.items())
    }
    for request in unnumbered:
        year = _year(request, zone)
        following[year] += 1
        yield f"{year}-{following[year]:06d}"


def _given(batch: list[Numbered]) -> dict[str, int]:
    """The highest official number of our form that the file itself gives, by year: the server goes on after it."""
    highest: dict[str, int] = {}
    for _, request in batch:
        found = _OFFICIAL.fullmatch(request.number)
        if found:
            highest[found[1]] = max(highest.get(found[1], 0), int(found[2]))
    return dict(sorted(highest.items()))


def _year(request: Request, zone: ZoneInfo) -> str:
    return f"{request.captured_at.astimezone(zone).year % 100:02d}"
