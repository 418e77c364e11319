"""What happened to a request, in words: the moments of its time line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from guichet_sync.domain.category import Category
from guichet_sync.domain.merging import TRANSFERRED, UNDONE
from guichet_sync.domain.request import Channel, RequestStatus, RequestView, SyncState, TimelineEntry
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import CHANNEL, SYNC_STATE, event_name

from ..models.field_words import field_names
from ..models.request_lines import FAILED, TONES, status_words
from ..widgets.timeline import Moment

_CHANNEL_ICONS = {
    Channel.PHONE: "phone",
    Channel.COUNTER: "user",
    Channel.WEB: "monitor",
    Channel.MOBILE: "monitor",
    Channel.EMAIL: "mail",
    Channel.MAIL: "mail",
}
_ICONS = {
    "transmitted": "send",
    "joined": "user",
    "note": "file-text",
    "public_note": "message-square-quote",
    "edited": "pencil",
    "proposed": "flag",
    TRANSFERRED: "arrow-right",
    UNDONE: "undo-2",
}
_OF_FIELDS = frozenset({"edited", "proposed", "proposal_accepted", "proposal_dropped"})
"""Events whose note names fields."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What names need: instants as they are read here, services and units by their codes."""

    words: Words
    category: Category | None
    at: Callable[[datetime], str]
    service: Callable[[str], str]
    unit: Callable[[str], str]


def moments(view: RequestView, telling: Telling) -> Iterator[Moment]:
    """What is known to have happened; a request that came without its past has at least its capture."""
    request = view.request
    if not any(entry.code == "captured" for entry in request.timeline):
        yield _moment(view, telling, TimelineEntry(request.captured_at, "captured"))
    for entry in request.timeline:
        yield _moment(view, telling, entry)
    if request.closed_at and not any(entry.at >= request.closed_at for entry in request.timeline):
        closed, tone = status_words(telling.words, request.status, view.sync_state)
        yield Moment(telling.at(request.closed_at), closed, "", tone, "circle-check")
    if view.sync_state is not SyncState.SETTLED:
        yield _on_its_way(view, telling.words)


def _moment(view: RequestView, telling: Telling, entry: TimelineEntry) -> Moment:
    words, name = telling.words, event_name(telling.words, entry.code)
    if entry.code == "captured":
        detail = _joined(entry.by, words.text(CHANNEL[view.request.channel]), entry.note)
        return Moment(telling.at(entry.at), name, detail, "mute", _CHANNEL_ICONS[view.request.channel])
    by = telling.unit(entry.by) if entry.by == view.request.unit else telling.service(entry.by)
    return Moment(telling.at(entry.at), name, _joined(by, _note(telling, entry)), _tone(entry.code), _icon(entry.code))


def _note(telling: Telling, entry: TimelineEntry) -> str:
    """Its note; where that is a code of ours, in words."""
    if entry.code in _OF_FIELDS:
        return field_names(telling.words, entry.note, telling.category)
    if entry.code == UNDONE:
        return event_name(telling.words, entry.note)
    if entry.code == RequestStatus.CANCELLED and entry.note == UNDONE:
        return telling.words.text("Saisie annulée par son auteur")
    return entry.note


def _tone(code: str) -> str:
    return next((TONES[status] for status in RequestStatus if status == code), "info")


def _icon(code: str) -> str:
    closed = any(status == code and not status.is_open for status in RequestStatus)
    return "circle-check" if closed else _ICONS.get(code, "circle-dot")


def _on_its_way(view: RequestView, words: Words) -> Moment:
    state = view.sync_state
    if state in FAILED:
        reason = str(words.reason(view.refusal)) if view.refusal else ""
        return Moment("", words.text(SYNC_STATE[state]), reason, "bad", "circle-alert")
    return Moment("", words.text(SYNC_STATE[state]), words.text("Enregistrée sur ce poste."), "warn", "clock")


def _joined(*parts: str) -> str:
    return "  ·  ".join(filter(None, parts))
