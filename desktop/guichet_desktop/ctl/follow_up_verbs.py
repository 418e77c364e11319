"""Verbs about requests that are known: join, note, edit, transfer, close, reopen, and undo."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from guichet_sync.domain.category import Answer, Datatype
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.intents import ANSWER_FIELD
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Request, Requester, RequestStatus, SyncState
from guichet_sync.wording import N_

from ..desk import follow_up, lookup, undoing
from ..desk.desk import Desk
from ..desk.follow_up import FollowedUp
from .output import Output

_MAX_NOTE_BYTES = 100_000
_WITHDRAWN = "withdrawn"
"""The state of what never left and is not sent any more."""

FollowUp = Callable[[argparse.Namespace, Desk, Request], FollowedUp]


def _join(options: argparse.Namespace, desk: Desk, seen: Request) -> FollowedUp:
    told = Requester(options.name, options.phone, options.email, options.requester_language)
    return follow_up.join(desk, seen, Channel(options.channel), requester=told, description=options.description)


def _note(options: argparse.Namespace, desk: Desk, seen: Request) -> FollowedUp:
    text = _typed() if options.text == "-" else options.text
    return follow_up.note(desk, seen, text, public=options.public)


def _typed() -> str:
    try:
        return sys.stdin.buffer.read(_MAX_NOTE_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("not_utf8", field="note") from None


def _edit(options: argparse.Namespace, desk: Desk, seen: Request) -> FollowedUp:
    new: dict[str, object] = {}
    if options.description is not None:
        new["description"] = options.description
    if options.urgent is not None:
        new["urgent"] = options.urgent == "yes"
    if options.location is not None:
        new["where"] = Whereabouts.of(lookup.location(desk, options.location))
    for question, given in options.answer:
        new[f"{ANSWER_FIELD}{question}"] = _answer(desk, seen, question, given)
    return follow_up.edit(desk, seen, new)


def _answer(desk: Desk, seen: Request, question: str, given: str) -> Answer | None:
    """As typed; keys with commas between them where several may be chosen. Nothing takes the answer away."""
    asked = {each.code: each.datatype for each in lookup.category(desk, seen.category).questions}
    if asked.get(question) is Datatype.MULTI:
        return tuple(filter(None, (each.strip() for each in given.split(",")))) or None
    return given or None


def _transfer(options: argparse.Namespace, desk: Desk, seen: Request) -> FollowedUp:
    return follow_up.transfer(desk, seen, options.service, options.unit, options.reason)


def _close(options: argparse.Namespace, desk: Desk, seen: Request) -> FollowedUp:
    return follow_up.change_status(desk, seen, RequestStatus(options.as_status), options.reason)


def _reopen(options: argparse.Namespace, desk: Desk, seen: Request) -> FollowedUp:
    return follow_up.change_status(desk, seen, RequestStatus.REOPENED, options.reason)


def _undo(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    undone = undoing.undo(desk, options.intent_id)
    if undone.withdrawn:
        return _say(output, {"intent_id": options.intent_id, "state": _WITHDRAWN}, N_("Retiré : rien n’en est parti."))
    return _say(
        output, {"intent_id": undone.undo_id, "state": SyncState.WAITING}, N_("L’annulation partira au prochain échange.")
    )


def _say(output: Output, document: dict[str, Any], sentence: str) -> int:
    return output.say(document, [output.words.text(sentence)])


def _verb(act: FollowUp) -> Callable[[argparse.Namespace, Output, Desk], int]:
    """A verb on the request of a number or an id, as this post shows it now."""

    def run(options: argparse.Namespace, output: Output, desk: Desk) -> int:
        done = act(options, desk, lookup.request(desk, options.request).request)
        return _say(output, {"intent_id": done.intent_id, "state": done.state}, N_("Enregistré ici, à envoyer."))

    return run


VERBS = {
    "join": _verb(_join),
    "note": _verb(_note),
    "edit": _verb(_edit),
    "transfer": _verb(_transfer),
    "close": _verb(_close),
    "reopen": _verb(_reopen),
    "undo": _undo,
}
