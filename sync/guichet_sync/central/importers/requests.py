"""Requests of before: our own JSON, our own CSV, or the open data of Montréal's 311.

The open data has a month, a weekday and an hour but no date, place or number: an imported request takes the first such weekday of
its month and is marked approximate. Several channels mean that several requesters joined.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from guichet_sync.domain.category import Category, Nature
from guichet_sync.domain.errors import BadReply, InvalidInput, LineProblem
from guichet_sync.domain.location import Location, Whereabouts
from guichet_sync.domain.request import Channel, Request, RequestStatus
from guichet_sync.domain.spaces import PLACES, TAXONOMY, requests_space
from guichet_sync.protocol import codec

from .. import records, schema
from ..identity import next_number, raise_to
from ..publish import Change
from .category_map import CategoryMap
from .reader import Row, columns_of, csv_rows, json_document
from .run import BATCH, Outcome, Work

_MONTREAL = frozenset({"month", "nature", "category", "last_status", "channels", "weekday", "hour"})
_OWN = frozenset({"category", "opened_at"})
_OFFICIAL = re.compile(r"(\d\d)-(\d{6})")
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_STATUSES = {
    "Terminée": RequestStatus.DONE,
    "Prise en charge": RequestStatus.IN_PROGRESS,
    "Refusée": RequestStatus.REFUSED,
    "Annulée": RequestStatus.CANCELLED,
    "Supprimée": RequestStatus.CANCELLED,
    "Transmise pour traitement": RequestStatus.TRANSMITTED,
    "Acceptée": RequestStatus.ACCEPTED,
    "Réactivée": RequestStatus.REOPENED,
    "Urgente": RequestStatus.IN_PROGRESS,
}
_NATURES = {
    "Requete": Nature.REQUEST,
    "Plainte": Nature.COMPLAINT,
    "Commentaire": Nature.COMMENT,
    "Information": Nature.INFORMATION,
}
_CHANNELS = {
    "Téléphone": Channel.PHONE,
    "Mobile": Channel.MOBILE,
    "Site internet": Channel.WEB,
    "Courriel": Channel.EMAIL,
    "En personne": Channel.COUNTER,
    "Courrier": Channel.MAIL,
}


def read_requests(path: Path, work: Work) -> Iterable[Outcome]:
    """Requests, numbered by the server where the file gives no number."""
    outcomes = _requests(path, work)
    batch: list[Request] = []
    for outcome in outcomes:
        if isinstance(outcome, LineProblem):
            yield outcome
            continue
        batch.append(outcome)
        if len(batch) >= BATCH:
            yield from _numbered(work, batch)
            batch = []
    yield from _numbered(work, batch)


def _requests(path: Path, work: Work) -> Iterator[Request | LineProblem]:
    rows, read = _shape(path, work)
    taken = 0
    for row in rows:
        if work.options.limit and taken >= work.options.limit:
            return
        outcome = row if isinstance(row, LineProblem) else read(*row)
        taken += not isinstance(outcome, LineProblem)
        yield outcome


Reader = Callable[[int, dict[str, Any]], Request | LineProblem]


def _shape(path: Path, work: Work) -> tuple[Iterable[Row | LineProblem], Reader]:
    """The rows of the file and how to read one, by what the file looks like."""
    codes = _categories(work)
    if path.name.endswith((".json", ".json.gz")):
        return _json_rows(path), _OwnRows(work, codes)
    columns = columns_of(path)
    if columns >= _MONTREAL or work.options.format == "montreal-311":
        return csv_rows(path, _MONTREAL), _MontrealRows(path, work, codes)
    return csv_rows(path, _OWN), _OwnRows(work, codes)


def _categories(work: Work) -> dict[str, Category]:
    found = records.ids(work.connection, work.instance.tenant, TAXONOMY, "category")
    place = (TAXONOMY, "category")
    known = (records.one(work.connection, work.instance.tenant, place, each, Category) for each in found)
    return {category.code: category for category in known if category is not None}


def _json_rows(path: Path) -> Iterator[Row | LineProblem]:
    document = json_document(path)
    if not isinstance(document, list):
        raise InvalidInput("malformed_file", field="file", line=1)
    for number, row in enumerate(document, 1):
        yield (number, row) if isinstance(row, dict) else LineProblem(number, "malformed_line")


class _MontrealRows:
    """Rows of Montréal's open data."""

    def __init__(self, path: Path, work: Work, categories: dict[str, Category]) -> None:
        self._map = CategoryMap.load(work.options.map, "montreal-311")
        self._categories = categories
        self._zone = ZoneInfo(work.instance.timezone)
        self._source = hashlib.sha256(path.name.encode()).hexdigest()[:8]

    def __call__(self, number: int, row: dict[str, Any]) -> Request | LineProblem:
        """The request of a row."""
        category = self._categories.get(self._map.code(row["category"]) or "")
        if category is None:
            return LineProblem(number, "unknown_category", row["category"][:80])
        try:
            opened = _first_weekday(row["month"], row["weekday"], int(row["hour"]), self._zone)
            status, nature = _STATUSES[row["last_status"]], _NATURES[row["nature"]]
            channels = [_CHANNELS[name] for name in row["channels"].split("|") if name]
        except (ValueError, KeyError):
            return LineProblem(number, "malformed_line")
        return Request(
            id=f"import-{self._source}-{number}",
            category=category.code,
            service=category.service,
            status=status,
            captured_at=opened,
            nature=nature,
            channel=channels[0] if channels else Channel.PHONE,
            description=row["category"],
            urgent=row["last_status"] == "Urgente",
            received_at=opened,
            sent_at=opened,
            requester_count=len(channels),
            approximate=True,
        )


def _first_weekday(month: str, weekday: str, hour: int, zone: ZoneInfo) -> datetime:
    """The first such weekday of the month (``YYYY-MM``) at that local hour, as an instant."""
    first = datetime.strptime(month, "%Y-%m").replace(hour=hour, tzinfo=zone)
    ahead = (_WEEKDAYS.index(weekday.casefold()) - first.weekday()) % 7
    return (first + timedelta(days=ahead)).astimezone(UTC)


class _OwnRows:
    """Rows of our own shape: a category's code, an instant, and whatever else is known."""

    def __init__(self, work: Work, categories: dict[str, Category]) -> None:
        self._work = work
        self._categories = categories
        self._seen: set[str] = set()

    def __call__(self, number: int, row: dict[str, Any]) -> Request | LineProblem:
        """The request of a row."""
        category = self._categories.get(str(row.get("category", "")))
        if category is None:
            return LineProblem(number, "unknown_category", str(row.get("category", ""))[:80])
        official = str(row.get("number") or "")
        if official in self._seen:
            return LineProblem(number, "duplicate_code", official[:80])
        try:
            request = self._request(row, category, official or f"line-{number}")
        except (BadReply, KeyError):
            return LineProblem(number, "malformed_line")
        if official:
            self._seen.add(official)
        return request

    def _request(self, row: dict[str, Any], category: Category, name: str) -> Request:
        opened = row["opened_at"]
        body = {
            "id": f"import-{name}",
            "category": category.code,
            "service": category.service,
            "status": row.get("status") or RequestStatus.TRANSMITTED,
            "captured_at": opened,
            "received_at": opened,
            "sent_at": opened,
            "nature": row.get("nature") or category.nature,
            "channel": row.get("channel") or Channel.PHONE,
            "number": row.get("number") or "",
            "description": row.get("description") or "",
            "answers": row.get("answers") or None,
        }
        return replace(codec.from_body(body, Request), where=self._where(str(row.get("location_id") or "")))

    def _where(self, location_id: str) -> Whereabouts:
        if not location_id:
            return Whereabouts()
        place = (PLACES, "location")
        known = records.one(self._work.connection, self._work.instance.tenant, place, location_id, Location)
        return Whereabouts.of(known) if known else Whereabouts(label=location_id)


def _numbered(work: Work, batch: list[Request]) -> Iterator[Change]:
    """Give official numbers to those without, by the year they were opened in, a block at a time."""
    tenant = work.instance.tenant
    wanted = Counter(_year(request) for request in batch if not request.number)
    ends = {year: next_number(work.connection, tenant, schema.NUMBERS, year, by=count) for year, count in wanted.items()}
    following = {year: ends[year] - count + 1 for year, count in wanted.items()}
    for year, last in _given(batch).items():
        raise_to(work.connection, tenant, schema.NUMBERS, year, last)
    rows = []
    for request in batch:
        numbered = request
        if not request.number:
            year = _year(request)
            numbered = replace(request, number=f"{year}-{following[year]:06d}")
            following[year] += 1
        space = requests_space(numbered.service)
        target = {"request_id": numbered.id, "request_space": space}
        rows.append({"tenant": tenant, "space": schema.NUMBERS, "number": numbered.number, **target})
        yield Change(space, "request", numbered.id, numbered)
    if rows:
        work.connection.execute(insert(schema.number), rows)


def _given(batch: list[Request]) -> dict[str, int]:
    """The highest official number of our form that the file itself gives, by year: the server goes on after it."""
    highest: dict[str, int] = {}
    for request in batch:
        found = _OFFICIAL.fullmatch(request.number)
        if found:
            highest[found[1]] = max(highest.get(found[1], 0), int(found[2]))
    return highest


def _year(request: Request) -> str:
    return f"{request.captured_at.year % 100:02d}"
