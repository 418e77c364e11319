"""What a person does with a request that is known: join it, note, edit, transfer, change its status, decide a proposal.

Each verb is one durable transaction of ``work.db`` that puts one intent at the end of the request's lane. It takes the request
*as the person saw it* (:data:`Seen`): what an intent expects to find, and the base of an edit, are taken from there, so that the
server can tell what came in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guichet_sync.domain.errors import BadReply, InvalidInput, NotAllowed, NotFound
from guichet_sync.domain.intents import (
    ANSWER_FIELD,
    AddNote,
    ChangeStatus,
    DecideProposal,
    EditRequest,
    FieldEdit,
    IntentBody,
    IntentKind,
    JoinRequest,
    TransferRequest,
)
from guichet_sync.domain.request import Channel, Request, Requester, RequestStatus, RequestSummary, SyncState
from guichet_sync.protocol import fields
from guichet_sync.store import catalogue, projection
from guichet_sync.store.overlay import at_server
from guichet_sync.store.work_unit import work_unit

from . import checks
from .answers import tidied, told_requester, told_text
from .capture import intent_of, may_capture
from .desk import Desk
from .drafts import Draft

Seen = Request | RequestSummary
"""A request as a screen shows it, whole or a line of a list."""

_MAX_REASON = 200
_FORM_FIELD = {"where": "location"}
"""Names of a request's fields that a form calls otherwise."""


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What was done with a request is on this post's disk for good."""

    intent_id: str
    state: SyncState = SyncState.WAITING


def join(
    desk: Desk,
    seen: Seen,
    channel: Channel,
    *,
    requester: Requester | None = None,
    description: str = "",
    interaction_id: str = "",
) -> FollowedUp:
    """One more person asks for it; ``requester`` is None where they do not say who they are.

    :raises NotAllowed: ``request_closed``, or this role serves nobody. :raises InvalidInput: a text is too long.
    """
    must_be_open(seen)
    requester, description = told_requester(requester), told_text(description)
    for problem in checks.requester_problems(requester):
        raise problem.as_error()
    _at_most(description, checks.MAX_DESCRIPTION, "description")
    return _do(desk, IntentKind.JOIN_REQUEST, seen, JoinRequest(seen.id, channel, interaction_id, requester, description))


def note(desk: Desk, seen: Seen, text: str, *, public: bool = False) -> FollowedUp:
    """A note for the city's people, or (``public``) for the person who asked too.

    :raises InvalidInput: ``note_needed``, ``too_long``. :raises NotAllowed: this role serves nobody.
    """
    text = told_text(text)
    if not text:
        raise InvalidInput("note_needed", field="note")
    _at_most(text, checks.MAX_DESCRIPTION, "note")
    return _do(desk, IntentKind.ADD_NOTE, seen, AddNote(seen.id, text, public))


def edit(desk: Desk, seen: Request, new: Mapping[str, object]) -> FollowedUp:
    """Change fields: ``description``, ``where`` (a :class:`~guichet_sync.domain.location.Whereabouts`), ``urgent``,
    ``answers/QUESTION`` (None takes an answer away). Fields that stay as they were seen are left out.

    :raises InvalidInput: ``nothing_changed``, ``field_not_editable``, or what is wrong with a value; ``field`` says where.
    :raises NotAllowed: this role serves nobody.
    """
    for name in new:
        if not fields.is_field(name):
            raise InvalidInput("field_not_editable", field=name)
    edited = _tidied(desk, seen, new)
    edits = {name: FieldEdit(fields.value_of(seen, name), fields.value_of(edited, name)) for name in new}
    changed = {name: each for name, each in edits.items() if each.base != each.new}
    if not changed:
        raise InvalidInput("nothing_changed")
    return _do(desk, IntentKind.EDIT_REQUEST, seen, EditRequest(seen.id, changed))


def transfer(desk: Desk, seen: Request, service: str, unit: str = "", reason: str = "") -> FollowedUp:
    """Send it from the service where it was seen to another, or to another unit; ``reason`` in the person's own words.

    :raises InvalidInput: ``unknown_service``, ``unknown_unit``, ``already_there``, ``too_long``.
    :raises NotAllowed: ``request_closed``, or this role serves nobody.
    """
    must_be_open(seen)
    reason = told_text(reason)
    _at_most(reason, checks.MAX_TEXT, "reason")
    if service not in {each.code for each in catalogue.services(desk.store)}:
        raise InvalidInput("unknown_service", field="service")
    if unit and unit not in catalogue.units(desk.store, service):
        raise InvalidInput("unknown_unit", field="unit")
    if (service, unit) == (seen.service, seen.unit):
        raise InvalidInput("already_there", field="service")
    return _do(desk, IntentKind.TRANSFER_REQUEST, seen, TransferRequest(seen.id, seen.service, service, seen.unit, unit, reason))


def change_status(desk: Desk, seen: Seen, status: RequestStatus, reason: str = "") -> FollowedUp:
    """Take charge of it, close it, reopen it…: from the status that was seen to one that may follow; ``reason`` on one line.

    :raises InvalidInput: ``status_not_next``, ``too_long``. :raises NotAllowed: this role serves nobody.
    """
    reason = " ".join(told_text(reason).split())
    _at_most(reason, _MAX_REASON, "reason")
    expected = at_server(seen.status)
    if not expected.may_become(status):
        raise InvalidInput("status_not_next", field="status")
    return _do(desk, IntentKind.CHANGE_STATUS, seen, ChangeStatus(seen.id, expected, status, reason))


def decide_proposal(desk: Desk, seen: Request, proposal: str, *, accept: bool) -> FollowedUp:
    """Take a proposal over, or keep what is there.

    :raises NotFound: ``proposal_not_found``: somebody decided already. :raises NotAllowed: this role serves nobody.
    """
    if all(each.id != proposal for each in seen.proposals):
        raise NotFound("proposal_not_found")
    return _do(desk, IntentKind.DECIDE_PROPOSAL, seen, DecideProposal(seen.id, proposal, accept))


def _do(desk: Desk, kind: IntentKind, seen: Seen, body: IntentBody) -> FollowedUp:
    may_capture(desk)
    held = projection.revision(desk.store, seen.id)
    intent = intent_of(desk, kind, seen.id, desk.new_id(), body, desk.now(), base_revision=held)
    with work_unit(desk.store) as work:
        work.enqueue(intent, number=seen.number or seen.provisional_number, label=seen.category)
    return FollowedUp(intent.intent_id)


def must_be_open(seen: Seen) -> None:
    """:raises NotAllowed: ``request_closed``."""
    if not seen.status.is_open:
        raise NotAllowed("request_closed")


def _at_most(text: str, most: int, field: str) -> None:
    if len(text) > most:
        raise InvalidInput("too_long", field=field)


def _tidied(desk: Desk, seen: Request, new: Mapping[str, object]) -> Request:
    """The request as edited, its texts and choices as a form would store them."""
    edited = seen
    for name, value in new.items():
        try:
            edited = fields.with_value(edited, name, fields.as_json(value))
        except BadReply:
            raise InvalidInput("invalid_input", field=name) from None
    category = catalogue.category(desk.store, seen.category)
    form = tidied(
        Draft(
            seen.id,
            seen.channel,
            seen.category,
            where=edited.where,
            answers=edited.answers or {},
            description=edited.description,
        ),
        category,
    )
    touched = {_FORM_FIELD.get(name, name.replace(ANSWER_FIELD, "answers.")) for name in new}
    for problem in checks.problems(form, category):
        if problem.field in touched:
            raise problem.as_error()
    for name in new:
        edited = _as_stored(edited, name, form)
    return edited


def _as_stored(edited: Request, name: str, form: Draft) -> Request:
    if name == "urgent":
        return edited
    if name.startswith(ANSWER_FIELD):
        return fields.with_value(edited, name, fields.as_json(form.answers.get(name.removeprefix(ANSWER_FIELD))))
    return fields.with_value(edited, name, fields.as_json(getattr(form, name)))
