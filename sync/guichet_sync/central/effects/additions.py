"""Additions to a request: one more person who asks for it, a note. They never conflict, but with a request that is closed."""

from __future__ import annotations

from dataclasses import astuple, replace

from guichet_sync.domain.category import Category
from guichet_sync.domain.intents import AddNote, JoinRequest
from guichet_sync.domain.merging import NOTE_WITHDRAWN, UNDONE
from guichet_sync.domain.request import Request, Requester
from guichet_sync.domain.spaces import TAXONOMY, confidential_space, people_space, requester_space
from guichet_sync.protocol.messages import IntentOutcome
from guichet_sync.protocol.records import RequesterOf

from .. import records
from ..publish import Change
from . import standing
from .taken import MAX_LINE, Deed, Done, Refusal, Taken, check_text, check_words, decoded
from .undoing import Earlier


def join(taken: Taken) -> Done:
    """One more person for a request that is open."""
    asked = decoded(taken, JoinRequest)
    check_words(asked.interaction_id)
    check_text(asked.description, "description")
    _check_requester(asked.requester)
    request = standing.find(taken, asked.request_id)
    if not request.status.is_open:
        raise Refusal("request_closed", IntentOutcome.CONFLICT)
    entry = taken.told(standing.JOINED, asked.description)
    joined = standing.appended(replace(request, requester_count=request.requester_count + 1), entry)
    requester = standing.requester_ids(joined)[-1]
    effect = standing.put(taken, request, joined, *_person(taken, request, requester, asked))
    return Done(effect=effect, deed=Deed(len(request.timeline), requester=requester))


def unjoin(taken: Taken, earlier: Earlier) -> Done:
    """The person who joined is taken off, wherever the request went since."""
    request = standing.find(taken, earlier.body_as(JoinRequest).request_id)
    left = standing.appended(
        replace(request, requester_count=max(0, request.requester_count - 1)), taken.told(UNDONE, standing.JOINED)
    )
    spaces = (people_space(request.service), confidential_space(request.service))
    people = [Change(space, "requester", earlier.deed.requester, None) for space in spaces]
    return Done(effect=standing.put(taken, request, left, *people, reason=UNDONE))


def note(taken: Taken) -> Done:
    """A note in the timeline."""
    asked = decoded(taken, AddNote)
    check_text(asked.text, "text")
    if not asked.text.strip():
        raise Refusal("intent_shape")
    request = standing.find(taken, asked.request_id)
    entry = taken.told("public_note" if asked.public else "note", asked.text)
    effect = standing.put(taken, request, standing.appended(request, entry))
    return Done(effect=effect, deed=Deed(len(request.timeline)))


def withdraw_note(taken: Taken, earlier: Earlier) -> Done:
    """What was written goes; that something was stays."""
    asked, place = earlier.body_as(AddNote), earlier.deed.entry
    request = standing.find(taken, asked.request_id)
    before, written, after = request.timeline[:place], request.timeline[place : place + 1], request.timeline[place + 1 :]
    if [each.note for each in written] != [asked.text]:  # the request was written anew by an import
        raise Refusal("built_upon", IntentOutcome.CONFLICT)
    timeline = (*before, replace(written[0], code=NOTE_WITHDRAWN, note=""), *after)
    return Done(effect=standing.put(taken, request, replace(request, timeline=timeline)))


def _check_requester(requester: Requester | None) -> None:
    for each in astuple(requester) if requester else ():
        check_text(each, "requester", MAX_LINE)


def _person(taken: Taken, request: Request, requester: str, asked: JoinRequest) -> list[Change]:
    """The requester's record, if they gave a name: kept from the service where the request's category says so."""
    if asked.requester is None:
        return []
    category = records.one(taken.connection, taken.instance.tenant, (TAXONOMY, "category"), request.category, Category)
    space = requester_space(request.service, confidential=category is not None and category.confidential)
    return [Change(space, "requester", requester, RequesterOf(request.id, asked.requester, asked.channel))]
