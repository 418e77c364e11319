"""Changes of state: another service, another status. Each says what its author saw; where that is no longer so, it conflicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from guichet_sync.domain.errors import Value
from guichet_sync.domain.intents import ChangeStatus, CreateRequest, TransferRequest
from guichet_sync.domain.merging import STATUS_CODES, TRANSFERRED, UNDONE, built_upon
from guichet_sync.domain.request import Request, RequestStatus
from guichet_sync.domain.spaces import requests_space
from guichet_sync.protocol.messages import IntentOutcome

from .. import records
from ..feed import spaces_of
from . import standing
from .taken import MAX_LINE, Deed, Done, Refusal, Taken, check_codes, check_text, check_words, decoded
from .undoing import Earlier

_AS_CREATED = 2
"""Entries of the timeline of a request that was captured and transmitted."""


def transfer(taken: Taken) -> Done:
    """To another service, or to another unit: its standard delay begins anew."""
    asked = decoded(taken, TransferRequest)
    check_codes(asked.from_service, asked.from_unit, asked.service, asked.unit)
    check_text(asked.reason, "reason", MAX_LINE)
    request = standing.find(taken, asked.request_id)
    if asked.service not in records.services(taken.connection, taken.instance.tenant):
        raise Refusal("unknown_service")
    _expect((asked.from_service, asked.from_unit), (request.service, request.unit))
    if (asked.service, asked.unit) == (request.service, request.unit):
        raise Refusal("already_there")
    if not request.status.is_open:
        raise Refusal("request_closed", IntentOutcome.CONFLICT)
    moved = replace(request, service=asked.service, unit=asked.unit, sent_at=taken.now)
    moved = standing.appended(moved, taken.told(TRANSFERRED, asked.reason))
    effect = standing.put(taken, request, moved, reason="transfer")
    return Done(effect=effect, deed=Deed(len(request.timeline), before=request.sent_at))


def transfer_back(taken: Taken, earlier: Earlier) -> Done:
    """Where it came from, if it is still where it was sent: even by who may not read it there, since they put it there."""
    asked = earlier.body_as(TransferRequest)
    found = standing.find_any(taken, asked.request_id)
    request = found.request
    still = (request.service, request.unit) == (asked.service, asked.unit)
    _check_untouched(found, still and not built_upon(request.timeline, earlier.deed.entry, {TRANSFERRED}))
    if not found.readable and requests_space(asked.from_service) not in _readable(taken):
        raise Refusal("request_not_found")
    back = replace(request, service=asked.from_service, unit=asked.from_unit, sent_at=earlier.deed.before)
    back = standing.appended(back, taken.told(UNDONE, TRANSFERRED))
    return Done(effect=standing.put(taken, request, back, reason="transfer"))


def change_status(taken: Taken) -> Done:
    """From the status that its author saw to one that may follow it."""
    asked = decoded(taken, ChangeStatus)
    check_words(asked.reason)
    request = standing.find(taken, asked.request_id)
    _expect((asked.expected,), (request.status,))
    if not request.status.may_become(asked.status):
        raise Refusal("status_not_next")
    changed = standing.appended(_in_status(taken, request, asked.status), taken.told(str(asked.status), asked.reason))
    effect = standing.put(taken, request, changed)
    return Done(effect=effect, deed=Deed(len(request.timeline), before=request.closed_at))


def status_back(taken: Taken, earlier: Earlier) -> Done:
    """As it was, if its status is still as it was left."""
    asked = earlier.body_as(ChangeStatus)
    found = standing.Standing(standing.find(taken, asked.request_id), readable=True)
    request = found.request
    still = request.status is asked.status and not built_upon(request.timeline, earlier.deed.entry, STATUS_CODES)
    _check_untouched(found, still)
    back = replace(request, status=asked.expected, closed_at=earlier.deed.before)
    return Done(effect=standing.put(taken, request, standing.appended(back, taken.told(UNDONE, str(asked.status)))))


def cancel(taken: Taken, earlier: Earlier) -> Done:
    """A request that was captured by mistake, if nobody did anything with it: even by who may not read it where it went."""
    found = standing.find_any(taken, earlier.body_as(CreateRequest).request_id)
    request = found.request
    untouched = not built_upon(request.timeline, _AS_CREATED - 1) and not request.proposals
    _check_untouched(found, untouched and request.status is RequestStatus.TRANSMITTED)
    cancelled = _in_status(taken, request, RequestStatus.CANCELLED)
    entry = taken.told(str(RequestStatus.CANCELLED), UNDONE)
    return Done(effect=standing.put(taken, request, standing.appended(cancelled, entry)))


def _check_untouched(found: standing.Standing, untouched: bool) -> None:
    if not untouched:  # who may not read it is not told what became of it
        raise Refusal("built_upon", IntentOutcome.CONFLICT) if found.readable else Refusal("request_not_found")


def _expect(expected: tuple[str, ...], found: tuple[str, ...]) -> None:
    for wanted, here in zip(expected, found, strict=True):
        if wanted != here:
            values: dict[str, Value] = {"expected": str(wanted), "found": str(here)}
            raise Refusal("not_as_expected", IntentOutcome.CONFLICT, values)


def _in_status(taken: Taken, request: Request, status: RequestStatus) -> Request:
    return replace(request, status=status, closed_at=None if status.is_open else _closed(taken, request))


def _closed(taken: Taken, request: Request) -> datetime:
    """When it was done, however late the server hears of it; never before the service had it."""
    return max(taken.captured.at, request.sent_at or taken.captured.at)


def _readable(taken: Taken) -> tuple[str, ...]:
    return spaces_of(taken.connection, taken.instance, taken.person)
