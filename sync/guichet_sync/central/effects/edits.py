"""Edits of a request's fields. What nobody touched meanwhile is changed; where two edits met, the second becomes a proposal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from guichet_sync.domain.errors import BadReply
from guichet_sync.domain.intents import ANSWER_FIELD, DecideProposal, EditRequest, FieldEdit
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.merging import EDITED, UNDONE
from guichet_sync.domain.request import Request
from guichet_sync.protocol import fields
from guichet_sync.protocol.edits import Editor, merged
from guichet_sync.protocol.messages import IntentOutcome

from . import standing
from .taken import MAX_LINE, Deed, Done, Refusal, Taken, check_text, decoded
from .undoing import Earlier

MAX_FIELDS = 100
_QUESTION = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
_BLANK = Request("", "", "", "", None)  # type: ignore[arg-type]  # what a field's shape is tried on


def edit(taken: Taken) -> Done:
    """Each field on its own; the timeline names those that changed, and those that were kept as proposals."""
    asked = decoded(taken, EditRequest)
    edits = _edits(asked)
    request = standing.find(taken, asked.request_id)
    edited = merged(request, edits, Editor(taken.envelope.intent_id, taken.person.display, taken.captured.at))
    if not edited.told:
        return Done()
    entries = (taken.told(code, names) for code, names in edited.told.items())
    effect, deed = standing.put(taken, request, standing.appended(edited.request, *entries)), Deed(fields=edited.applied)
    if not edited.kept:
        return Done(effect=effect, deed=deed)
    return Done(IntentOutcome.MERGED, values={"proposals": len(edited.kept)}, effect=effect, deed=deed)


def put_back(taken: Taken, earlier: Earlier) -> Done:
    """Fields are as they were where they are still as the edit left them, and its proposals are dropped."""
    asked = earlier.body_as(EditRequest)
    edits = _edits(asked)
    request = standing.find(taken, asked.request_id)
    back = [name for name in earlier.deed.fields if fields.value_of(request, name) == edits[name].new]
    proposals = tuple(each for each in request.proposals if not each.id.startswith(f"{earlier.intent_id}/"))
    if not back and proposals == request.proposals:
        raise Refusal("built_upon", IntentOutcome.CONFLICT)
    before = replace(_with(request, {name: edits[name].base for name in back}), proposals=proposals)
    before = standing.appended(before, taken.told(UNDONE, EDITED))
    others = len(earlier.deed.fields) - len(back)
    return Done(effect=standing.put(taken, request, before), values={"kept": others} if others else {})


def decide(taken: Taken) -> Done:
    """A proposal is taken over or dropped; either way it is decided."""
    asked = decoded(taken, DecideProposal)
    request = standing.find(taken, asked.request_id)
    proposal = next((each for each in request.proposals if each.id == asked.proposal), None)
    if proposal is None:
        raise Refusal("already_decided", IntentOutcome.CONFLICT)
    decided = _with(request, {proposal.field: proposal.proposed}) if asked.accept else request
    decided = replace(decided, proposals=tuple(each for each in request.proposals if each is not proposal))
    entry = taken.told("proposal_accepted" if asked.accept else "proposal_dropped", proposal.field)
    return Done(effect=standing.put(taken, request, standing.appended(decided, entry)))


def _edits(asked: EditRequest) -> dict[str, FieldEdit]:
    """What is asked, each value in the one form that the server writes.

    :raises Refusal: ``intent_shape`` or ``too_long``.
    """
    if not 0 < len(asked.fields) <= MAX_FIELDS:
        raise Refusal("intent_shape")
    return {name: FieldEdit(_value(name, each.base), _value(name, each.new)) for name, each in sorted(asked.fields.items())}


def _value(name: str, value: Any) -> Any:
    if not fields.is_field(name) or not _QUESTION.fullmatch(name.removeprefix(ANSWER_FIELD)):
        raise Refusal("intent_shape")
    try:
        tried = fields.with_value(_BLANK, name, value)
    except BadReply:
        raise Refusal("intent_shape") from None
    _check_place(tried.where)
    check_text(tried.description, "description")
    for answer in (tried.answers or {}).values():
        check_text(answer if isinstance(answer, str) else "".join(answer), name)
    return fields.value_of(tried, name)


def _check_place(where: Whereabouts) -> None:
    for said in (where.id, where.label, where.sector, where.district):
        check_text(said, "where", MAX_LINE)
    if (where.lat is None) != (where.lon is None) or abs(where.lat or 0) > 90 or abs(where.lon or 0) > 180:
        raise Refusal("intent_shape")


def _with(request: Request, values: dict[str, Any]) -> Request:
    for name, value in values.items():
        request = fields.with_value(request, name, value)
    return request
