"""What was refused, done again on top of what is there now: the same wish, with what its author sees today as its base.

The server keeps its first word on an id for ever, so that it is a new intent; the refused one leaves in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.intents import (
    AddNote,
    ChangeStatus,
    EditRequest,
    FieldEdit,
    IntentBody,
    IntentKind,
    JoinRequest,
    TransferRequest,
)
from guichet_sync.domain.request import Request, SyncState
from guichet_sync.protocol import codec, fields
from guichet_sync.store import projection
from guichet_sync.store.overlay import at_server
from guichet_sync.store.work_unit import work_unit

from .capture import intent_of, may_capture
from .desk import Desk
from .follow_up import FollowedUp, must_be_open

_REFUSED = (SyncState.REFUSED,)


def again(desk: Desk, intent_id: str) -> FollowedUp | None:
    """Do what was refused again, on the request as it is now. None: it is no longer refused, or can't be done again.

    :raises NotFound: this post does not know the request (any more). :raises InvalidInput: ``already_there``,
        ``nothing_changed``, ``status_not_next``: what was wanted is so already, or can't follow. :raises NotAllowed:
        ``request_closed``, or this role serves nobody.
    """
    may_capture(desk)
    with work_unit(desk.store) as work:
        known = work.known(intent_id)
        if known is None or known[1].state not in _REFUSED or known[0].kind not in REDONE:
            return None
        intent, item = known
        now = projection.request(desk.store, intent.lane).request
        kind, rebased = REDONE[intent.kind]
        body = rebased(codec.decode(intent.body, kind), now)
        held = projection.revision(desk.store, now.id)
        new = intent_of(desk, IntentKind(intent.kind), now.id, desk.new_id(), body, desk.now(), base_revision=held)
        work.take_out(intent_id, _REFUSED)
        work.enqueue(new, number=now.number or now.provisional_number, label=item.label)
    return FollowedUp(new.intent_id)


def _joined(asked: JoinRequest, now: Request) -> JoinRequest:
    must_be_open(now)
    return asked


def _noted(asked: AddNote, _now: Request) -> AddNote:
    return asked


def _edited(asked: EditRequest, now: Request) -> EditRequest:
    """Over what stands there today: whoever does it again has seen it."""
    found = {name: fields.value_of(now, name) for name in asked.fields}
    edits = {name: FieldEdit(found[name], each.new) for name, each in asked.fields.items() if each.new != found[name]}
    if not edits:
        raise InvalidInput("nothing_changed")
    return replace(asked, fields=edits)


def _transferred(asked: TransferRequest, now: Request) -> TransferRequest:
    must_be_open(now)
    if (asked.service, asked.unit) == (now.service, now.unit):
        raise InvalidInput("already_there", field="service")
    return replace(asked, from_service=now.service, from_unit=now.unit)


def _status_changed(asked: ChangeStatus, now: Request) -> ChangeStatus:
    expected = at_server(now.status)
    if not expected.may_become(asked.status):
        raise InvalidInput("status_not_next", field="status")
    return replace(asked, expected=expected)


REDONE: dict[str, tuple[type, Callable[[Any, Request], IntentBody]]] = {
    IntentKind.JOIN_REQUEST: (JoinRequest, _joined),
    IntentKind.ADD_NOTE: (AddNote, _noted),
    IntentKind.EDIT_REQUEST: (EditRequest, _edited),
    IntentKind.TRANSFER_REQUEST: (TransferRequest, _transferred),
    IntentKind.CHANGE_STATUS: (ChangeStatus, _status_changed),
}
"""What can be done again, by kind: its body's type, and how it is brought up to date."""
