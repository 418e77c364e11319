"""Rows of the open data of Montréal's 311.

They have a month, a weekday and an hour but no date, place or number: an imported request takes the first such weekday of its
month and is marked approximate. Several channels mean that several requesters joined.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from guichet_sync.domain.category import Category, Nature
from guichet_sync.domain.errors import LineProblem
from guichet_sync.domain.request import Channel, Request, RequestStatus

from .category_map import CategoryMap
from .run import Work

FORMAT = "montreal-311"
COLUMNS = frozenset({"month", "nature", "category", "last_status", "channels", "weekday", "hour"})
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
    "Médias sociaux": Channel.WEB,
}


class MontrealRows:
    """Reads a row. ``source`` tells its file from others."""

    def __init__(self, work: Work, categories: dict[str, Category], source: str) -> None:
        self._map = CategoryMap.load(work.options.map, FORMAT)
        self._categories = categories
        self._zone = ZoneInfo(work.instance.timezone)
        self._source = source

    def __call__(self, number: int, row: dict[str, Any]) -> Request | LineProblem:
        """The request of a row."""
        category = self._categories.get(self._map.code(row["category"]) or "")
        if category is None:
            return LineProblem(number, "unknown_category", row["category"][:80])
        try:
            return self._request(number, row, category)
        except (ValueError, KeyError, OverflowError):
            return LineProblem(number, "malformed_line")

    def _request(self, number: int, row: dict[str, Any], category: Category) -> Request:
        opened = _first_weekday(row["month"], row["weekday"], int(row["hour"]), self._zone)
        channels = [_CHANNELS[name] for name in row["channels"].split("|") if name]
        return Request(
            id=f"import-{self._source}-{number}",
            category=category.code,
            service=category.service,
            status=_STATUSES[row["last_status"]],
            captured_at=opened,
            nature=_NATURES[row["nature"]],
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
