"""Lines of the list of requests in words: made on the desk thread, so that drawing only draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.request import RequestStatus, RequestSummary, SyncState
from guichet_sync.store.projection import RequestLine
from guichet_sync.wording import N_, Words
from guichet_sync.wording.desk_words import STATUS, SYNC_STATE

from ..desk import lookup
from ..desk.desk import Desk


class Column(IntEnum):
    """The columns, in their order."""

    NUMBER = 0
    CATEGORY = 1
    PLACE = 2
    STATUS = 3
    OPENED = 4
    PROMISED = 5
    SERVICE = 6
    REQUESTERS = 7


HEADINGS = {
    Column.NUMBER: N_("Numéro"),
    Column.CATEGORY: N_("Catégorie"),
    Column.PLACE: N_("Lieu"),
    Column.STATUS: N_("Statut"),
    Column.OPENED: N_("Ouverte"),
    Column.PROMISED: N_("Date promise"),
    Column.SERVICE: N_("Service"),
    Column.REQUESTERS: N_("Demandeurs"),
}
TONES = {
    RequestStatus.WAITING: "warn",
    RequestStatus.TRANSMITTED: "info",
    RequestStatus.ACCEPTED: "info",
    RequestStatus.IN_PROGRESS: "info",
    RequestStatus.PENDING_REQUESTER: "warn",
    RequestStatus.DONE: "ok",
    RequestStatus.REFUSED: "bad",
    RequestStatus.CANCELLED: "mute",
    RequestStatus.REOPENED: "warn",
}
FAILED = (SyncState.REFUSED, SyncState.QUARANTINED)
"""What the server did not take: a task for its author."""
_NONE = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and a pill beside it in a tone."""

    text: str
    pill: str = ""
    tone: str = ""

    @property
    def said(self) -> str:
        """Both in words."""
        return ", ".join(filter(None, (self.text, self.pill)))


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A request's id, the number people say, and a cell for each :class:`Column`."""

    id: str
    number: str
    cells: tuple[Cell, ...]


def status_words(words: Words, status: RequestStatus, sync: SyncState) -> tuple[str, str]:
    """The status of a request and its tone; of one that is not at the server yet, how it stands on its way there."""
    if status is not RequestStatus.WAITING:
        return words.text(STATUS[status]), TONES[status]
    return words.text(SYNC_STATE[sync]), "bad" if sync in FAILED else TONES[status]


class LineWording:
    """Words lines. It lives on the desk thread and reads names once: make another when the taxonomy changed."""

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk = desk
        self._words = words
        self._categories: dict[str, str] = {}
        self._services: dict[str, str] | None = None
        self._days: dict[date, str] = {}

    def lines(self, ids: tuple[str, ...]) -> dict[str, ShownLine]:
        """A line for each of these ids; one that left this post's copy says so."""
        found = lookup.request_lines(self._desk, ids)
        return {each: self.shown(found[each]) if each in found else self._gone(each) for each in ids}

    def shown(self, line: RequestLine) -> ShownLine:
        """A line in words."""
        each = line.summary
        return ShownLine(
            each.id,
            each.number or each.provisional_number,
            (
                self._number(each),
                self._category(each),
                Cell(each.where.label),
                Cell("", *status_words(self._words, each.status, line.sync_state)),
                Cell(self._opened(each.opened_at)),
                self._promised(each),
                Cell(self.service(each.service)),
                Cell(str(each.requester_count) if each.requester_count else _NONE),
            ),
        )

    def _gone(self, request_id: str) -> ShownLine:
        said = Cell(self._words.text("N’est plus dans la copie de ce poste"))
        return ShownLine(request_id, "", tuple(said if column is Column.CATEGORY else Cell("") for column in Column))

    def category(self, code: str) -> str:
        """The name of a category, retired ones included; its code where this post knows none."""
        if code not in self._categories:
            try:
                self._categories[code] = self._words.both(lookup.category(self._desk, code).name)
            except InvalidInput:
                self._categories[code] = code
        return self._categories[code]

    def service(self, code: str) -> str:
        """The name of a service, or its code."""
        if self._services is None:
            self._services = {each.code: self._words.both(each.name) for each in lookup.services(self._desk).values()}
        return self._services.get(code, code)

    def _number(self, each: RequestSummary) -> Cell:
        if each.number:
            return Cell(each.number)
        return Cell(each.provisional_number, self._words.text("provisoire"), "mute")

    def _category(self, each: RequestSummary) -> Cell:
        name = self.category(each.category)
        return Cell(name, self._words.text("Urgente"), "bad") if each.urgent else Cell(name)

    def _opened(self, at: datetime) -> str:
        local = self._desk.local(at)
        if local.date() == self._desk.today():
            return self._words.text("aujourd’hui, {time}", time=self._words.time(local))
        return self._day(local.date())

    def _promised(self, each: RequestSummary) -> Cell:
        if each.promised_on is None:
            return Cell(_NONE)
        late = each.status.is_open and each.promised_on < self._desk.today()
        day = self._day(each.promised_on)
        return Cell(day, self._words.text("en retard"), "warn") if late else Cell(day)

    def _day(self, on: date) -> str:
        if on not in self._days:
            self._days[on] = self._words.short_day(on)
        return self._days[on]
