"""What a pending intent will have done to a request once the server has taken it in, as far as its author's post can tell.

One pure function a kind: a request and what was asked give the request as its author may already see it. Where the intent will
meet what came before it (another status, another service), nothing is laid over: the server's word is awaited. An edit that
comes second is laid over as the proposal it will become.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from guichet_sync.domain.intents import (
    AddNote,
    ChangeStatus,
    DecideProposal,
    EditRequest,
    Intent,
    IntentKind,
    JoinRequest,
    TransferRequest,
    UndoIntent,
)
from guichet_sync.domain.merging import EDITED, NOTE_WITHDRAWN, TRANSFERRED, UNDONE
from guichet_sync.domain.request import Request, RequestStatus, TimelineEntry
from guichet_sync.protocol import codec, fields
from guichet_sync.protocol.edits import Editor, merged


@dataclass(frozen=True, slots=True)
class Change:
    """A pending intent about a request, told by whom (``by`` is a displayed name); ``undone`` is the intent an undo is about.

    ``may_be_in``: it was sent and no answer came, or it is sent anew, so that the mirror may show it without naming it.
    """

    intent: Intent
    by: str = ""
    undone: Intent | None = None
    may_be_in: bool = False


def laid_over(request: Request, changes: Iterable[Change]) -> Request:
    """The request with pending changes laid over it, in their order. What is undone before it was shown leaves no trace, and what
    the mirror tells already (the same thing, by the same person, at the same instant) is not done to it twice.
    """
    told = {_of(entry) for entry in request.timeline}
    for change in _standing(tuple(changes)):
        after = _LAID[change.intent.kind](request, change)
        if not (change.may_be_in and after is not request and _of(after.timeline[-1]) in told):
            request = after
    return request


def _of(entry: TimelineEntry) -> tuple[datetime, str, str, str]:
    return entry.at, entry.code, entry.by, entry.note


def _standing(changes: Sequence[Change]) -> Iterator[Change]:
    """Those whose effect is seen: a change and the undo of it, both pending, are none. A captured request stays in sight."""
    pending = {each.intent.intent_id for each in changes}
    undone = {each.undone.intent_id for each in changes if each.undone is not None} & pending
    for each in changes:
        pair = each.undone is not None and each.undone.intent_id in undone
        if each.intent.intent_id not in undone and not pair and each.intent.kind in _LAID:
            yield each


def _joined(request: Request, change: Change) -> Request:
    joined = codec.decode(change.intent.body, JoinRequest)
    return _told(replace(request, requester_count=request.requester_count + 1), change, "joined", joined.description)


def _noted(request: Request, change: Change) -> Request:
    note = codec.decode(change.intent.body, AddNote)
    return _told(request, change, "public_note" if note.public else "note", note.text)


def _edited(request: Request, change: Change) -> Request:
    asked = codec.decode(change.intent.body, EditRequest).fields
    edited = merged(request, asked, Editor(change.intent.intent_id, change.by, change.intent.captured_at))
    after = edited.request
    for code, names in edited.told.items():
        after = _told(after, change, code, names)
    return after


def _transferred(request: Request, change: Change) -> Request:
    asked = codec.decode(change.intent.body, TransferRequest)
    if (request.service, request.unit) != (asked.from_service, asked.from_unit) or not request.status.is_open:
        return request
    return _told(replace(request, service=asked.service, unit=asked.unit), change, TRANSFERRED, asked.reason)


def _status_changed(request: Request, change: Change) -> Request:
    asked = codec.decode(change.intent.body, ChangeStatus)
    if at_server(request.status) is not asked.expected:
        return request
    return _told(_with_status(request, asked.status, change.intent.captured_at), change, str(asked.status), asked.reason)


def at_server(status: RequestStatus) -> RequestStatus:
    """The status that the server gives what is still on its way to it."""
    return RequestStatus.TRANSMITTED if status is RequestStatus.WAITING else status


def _with_status(request: Request, status: RequestStatus, at: datetime) -> Request:
    return replace(request, status=status, closed_at=None if status.is_open else at)


def _decided(request: Request, change: Change) -> Request:
    asked = codec.decode(change.intent.body, DecideProposal)
    found = next((each for each in request.proposals if each.id == asked.proposal), None)
    if found is None:
        return request
    left = tuple(each for each in request.proposals if each.id != asked.proposal)
    if asked.accept:
        request = fields.with_value(request, found.field, found.proposed)
    return _told(
        replace(request, proposals=left), change, "proposal_accepted" if asked.accept else "proposal_dropped", found.field
    )


def _undone(request: Request, change: Change) -> Request:
    """What the mirror shows of an intent is taken off again; of one that this post no longer knows, the server tells."""
    if change.undone is None or change.undone.kind not in _TAKEN_OFF:
        return request
    return _TAKEN_OFF[change.undone.kind](request, change, change.undone)


def _not_joined(request: Request, change: Change, _undone: Intent) -> Request:
    return _told(replace(request, requester_count=max(0, request.requester_count - 1)), change, UNDONE, "joined")


def _not_noted(request: Request, change: Change, undone: Intent) -> Request:
    note = codec.decode(undone.body, AddNote)
    said = ("public_note" if note.public else "note", note.text, change.by)
    places = [place for place, each in enumerate(request.timeline) if (each.code, each.note, each.by) == said]
    if not places:
        return request
    timeline = list(request.timeline)
    timeline[places[-1]] = replace(timeline[places[-1]], code=NOTE_WITHDRAWN, note="")
    return replace(request, timeline=tuple(timeline))


def _not_edited(request: Request, change: Change, undone: Intent) -> Request:
    for name, edit in codec.decode(undone.body, EditRequest).fields.items():
        if fields.value_of(request, name) == edit.new:
            request = fields.with_value(request, name, edit.base)
    kept = tuple(each for each in request.proposals if not each.id.startswith(f"{undone.intent_id}/"))
    return _told(replace(request, proposals=kept), change, UNDONE, EDITED)


def _not_transferred(request: Request, change: Change, undone: Intent) -> Request:
    asked = codec.decode(undone.body, TransferRequest)
    if (request.service, request.unit) != (asked.service, asked.unit):
        return request
    return _told(replace(request, service=asked.from_service, unit=asked.from_unit), change, UNDONE, TRANSFERRED)


def _status_as_before(request: Request, change: Change, undone: Intent) -> Request:
    asked = codec.decode(undone.body, ChangeStatus)
    if request.status is not asked.status:
        return request
    return _told(_with_status(request, asked.expected, undone.captured_at), change, UNDONE, str(asked.status))


def _not_captured(request: Request, change: Change, _undone: Intent) -> Request:
    cancelled = _with_status(request, RequestStatus.CANCELLED, change.intent.captured_at)
    return _told(cancelled, change, str(RequestStatus.CANCELLED), UNDONE)


def _told(request: Request, change: Change, code: str, note: str = "") -> Request:
    entry = TimelineEntry(change.intent.captured_at, code, change.by, note)
    return replace(request, timeline=(*request.timeline, entry))


_TAKEN_OFF: dict[str, Callable[[Request, Change, Intent], Request]] = {
    IntentKind.CREATE_REQUEST: _not_captured,
    IntentKind.JOIN_REQUEST: _not_joined,
    IntentKind.ADD_NOTE: _not_noted,
    IntentKind.EDIT_REQUEST: _not_edited,
    IntentKind.TRANSFER_REQUEST: _not_transferred,
    IntentKind.CHANGE_STATUS: _status_as_before,
}
_LAID: dict[str, Callable[[Request, Change], Request]] = {
    IntentKind.JOIN_REQUEST: _joined,
    IntentKind.ADD_NOTE: _noted,
    IntentKind.EDIT_REQUEST: _edited,
    IntentKind.TRANSFER_REQUEST: _transferred,
    IntentKind.CHANGE_STATUS: _status_changed,
    IntentKind.DECIDE_PROPOSAL: _decided,
    IntentKind.UNDO: _undone,
}


def undone_by(intent: Intent) -> str:
    """The id of the intent that an undo is about; nothing for other kinds."""
    return codec.decode(intent.body, UndoIntent).intent_id if intent.kind == IntentKind.UNDO else ""
