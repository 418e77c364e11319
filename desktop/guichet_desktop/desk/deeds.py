"""What was done with a known request, as its line in *À transmettre* tells it: read back from its intent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guichet_sync.domain.category import Service
from guichet_sync.domain.intents import (
    AddNote,
    ChangeStatus,
    DecideProposal,
    EditRequest,
    Intent,
    IntentBody,
    IntentKind,
    JoinRequest,
    TransferRequest,
    UndoIntent,
)
from guichet_sync.domain.routing import Unit
from guichet_sync.protocol import codec
from guichet_sync.store import catalogue, work_unit

from .desk import Desk

BODIES: dict[str, type[IntentBody]] = {
    IntentKind.JOIN_REQUEST: JoinRequest,
    IntentKind.ADD_NOTE: AddNote,
    IntentKind.EDIT_REQUEST: EditRequest,
    IntentKind.TRANSFER_REQUEST: TransferRequest,
    IntentKind.CHANGE_STATUS: ChangeStatus,
    IntentKind.DECIDE_PROPOSAL: DecideProposal,
    IntentKind.UNDO: UndoIntent,
}
"""The body of each kind that is no request of its own and no answer."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What was asked. ``undone_kind`` is the kind of what an undo is about, empty where this post no longer knows it;
    ``services`` and ``units`` name those that a transfer is between.
    """

    body: IntentBody
    undone_kind: str = ""
    services: Mapping[str, Service] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What its author typed, to be copied elsewhere; nothing where they typed none."""
        match self.body:
            case AddNote(text=text):
                return text
            case JoinRequest(description=text) | TransferRequest(reason=text):
                return text
            case EditRequest(fields=fields):
                return "\n".join(str(each.new) for each in fields.values() if isinstance(each.new, str) and each.new)
            case _:
                return ""


def deed_of(desk: Desk, intent: Intent) -> Deed:
    """What an intent of one of :data:`BODIES` asks."""
    body = codec.decode(intent.body, BODIES[intent.kind])
    if isinstance(body, UndoIntent):
        known = work_unit.known(desk.store, body.intent_id)
        return Deed(body, known[0].kind if known else "")
    if not isinstance(body, TransferRequest):
        return Deed(body)
    between = (body.from_service, body.service)
    services = {each.code: each for each in catalogue.services(desk.store) if each.code in between}
    units = {code: unit for service in between for code, unit in catalogue.units(desk.store, service).items()}
    return Deed(body, services=services, units={code: units[code] for code in (body.from_unit, body.unit) if code in units})
