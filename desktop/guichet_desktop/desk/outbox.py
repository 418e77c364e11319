"""*À transmettre*: what waits, was refused or was set aside, and the drafts: listed, taken back, corrected, tried again.

An intent never changes once its first byte was sent, and the server keeps its first word on an id for ever. So what was refused
is never sent again: it becomes a draft, saved as a new intent, or is done again on what is there now; what was set aside was
never read, and may be sent as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache, partial

from guichet_sync.domain.article import Article
from guichet_sync.domain.category import Category
from guichet_sync.domain.errors import InvalidInput, NotFound
from guichet_sync.domain.intents import CreateRequest, Intent, IntentKind, OutboxItem, RecordAnswer
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.store import catalogue, outbox, search
from guichet_sync.store.overlay import undone_by
from guichet_sync.store.work_unit import WorkUnit, work_unit

from . import deeds, drafts, redoing, undoing
from .capture import intent_of, may_capture
from .deeds import Deed
from .desk import Desk
from .drafts import Draft

_UNSENT = (SyncState.WAITING,)
_FAILED = (SyncState.REFUSED, SyncState.QUARANTINED)
_SPENT = frozenset({"number_taken", "number_form", "number_check"})
"""Refusals of the number itself: saved under it again, the request would be refused again."""


class Verb(StrEnum):
    """What can be done with a line."""

    CORRECT = "correct"
    RETRY = "retry"
    TAKE_BACK = "take_back"
    OPEN = "open"
    AGAIN = "again"
    UNDO = "undo"
    COPY_TEXT = "copy_text"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list. A draft has no ``item``; only a request has a ``content``, only what was done with a known request (or
    to undo something) a ``deed``; an answer that was given has neither.

    ``content`` is a request as its form would show it. ``category`` and ``article`` are None where this post does not know them.
    ``undone``: something that waits undoes it.
    """

    id: str
    item: OutboxItem | None = None
    content: Draft | None = None
    category: Category | None = None
    article: Article | None = None
    promised_on: date | None = None
    deed: Deed | None = None
    undone: bool = False

    @property
    def failed(self) -> bool:
        """Whether it waits for its author to act."""
        return self.item is not None and self.item.state in _FAILED

    @property
    def number(self) -> str:
        """The provisional number that the person was told, or nothing."""
        if self.item is not None:
            return self.item.number
        return self.content.number if self.content else ""

    @property
    def verbs(self) -> tuple[Verb, ...]:
        """What can truly be done with it now, the main one first."""
        if self.item is None:
            return Verb.OPEN, Verb.DISCARD
        return _VERBS[self.item.state](self, self.item)

    @property
    def main(self) -> Verb | None:
        """What befits it first, if anything does."""
        first = next(iter(self.verbs), None)
        return None if first in _NEVER_MAIN else first


_NEVER_MAIN = (Verb.UNDO, Verb.DISCARD)
"""What takes something away is asked for by its own name."""


def _waiting(_line: Line, _item: OutboxItem) -> tuple[Verb, ...]:
    return (Verb.TAKE_BACK,)


def _sealed(line: Line, item: OutboxItem) -> tuple[Verb, ...]:
    """One that could not be taken waits for its next try; the others are on their way. What left is undone by what follows it."""
    retried = (Verb.RETRY,) if item.last_error else ()
    return (*retried, *_accepted(line, item))


def _accepted(line: Line, item: OutboxItem) -> tuple[Verb, ...]:
    return () if line.undone or item.kind in undoing.FINAL else (Verb.UNDO,)


def _refused(line: Line, item: OutboxItem) -> tuple[Verb, ...]:
    if line.content is not None:
        return (Verb.CORRECT,)
    if item.kind == IntentKind.RECORD_ANSWER:
        return (Verb.RETRY, Verb.DISCARD)
    redone = (Verb.AGAIN,) if item.kind in redoing.REDONE else ()
    return (*redone, *_copied(line), Verb.DISCARD)


def _quarantined(line: Line, _item: OutboxItem) -> tuple[Verb, ...]:
    return (Verb.RETRY, Verb.CORRECT) if line.content is not None else (Verb.RETRY, *_copied(line), Verb.DISCARD)


def _copied(line: Line) -> tuple[Verb, ...]:
    return (Verb.COPY_TEXT,) if line.deed is not None and line.deed.text else ()


_VERBS = {
    SyncState.WAITING: _waiting,
    SyncState.SEALED: _sealed,
    SyncState.ACCEPTED: _accepted,
    SyncState.REFUSED: _refused,
    SyncState.QUARANTINED: _quarantined,
}


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken out of the outbox, to be put back as it was."""

    intent: Intent
    item: OutboxItem


def lines(desk: Desk) -> tuple[Line, ...]:
    """All lines: what failed, the drafts (last touched first), then what is on its way, oldest first."""
    category, unsettled = cache(partial(_category, desk)), outbox.unsettled(desk.store, desk.person.name)
    undone = {undone_by(intent) for intent, item in unsettled if item.state not in _FAILED}
    sent = [replace(_line(desk, category, *each), undone=each[0].intent_id in undone) for each in unsettled]
    kept = [Line(each.id, None, each, category(each.category)) for each in drafts.waiting(desk)]
    return (*(each for each in sent if each.failed), *kept, *(each for each in sent if not each.failed))


def take_back(desk: Desk, intent_id: str) -> Draft | None:
    """Withdraw a request of which no byte was sent, and give its content back as a draft, in one transaction. None: it is on its
    way already, or is no request.

    :raises NotAllowed: ``built_upon``: something else that waits is about this request.
    """
    return _as_draft_again(desk, intent_id, _UNSENT)


def reopen(desk: Desk, intent_id: str) -> Draft | None:
    """A request that was refused or set aside becomes a draft, with all that was typed, in one transaction. Saved anew it is a
    new intent under the number that the person was told. None: it is no longer in that state, or is no request.
    """
    return _as_draft_again(desk, intent_id, _FAILED)


def retry(desk: Desk, intent_id: str) -> bool:
    """Send at the next exchange what was set aside or waits for its next try, the same to the last byte; a refused answer is
    counted anew. False: there is nothing to try again.

    :raises NotAllowed: this role answers nobody (any more).
    """
    return outbox.hurry(desk.store, intent_id) or _answer_anew(desk, intent_id)


def take_out(desk: Desk, intent_id: str) -> TakenBack | None:
    """What is no request and of which no byte was sent is not sent. None: it is on its way already, or is a request.

    :raises NotAllowed: ``built_upon``: something else that waits rests on it.
    """
    return _taken_out(desk, intent_id, _UNSENT)


def drop(desk: Desk, intent_id: str) -> TakenBack | None:
    """What was refused or set aside, and is no request, is let go of. None: it is no longer in that state, or is a request."""
    return _taken_out(desk, intent_id, _FAILED)


def put_back(desk: Desk, taken: TakenBack) -> None:
    """It stands in the outbox after all, the same and in the same state: no byte of it was sent since."""
    with work_unit(desk.store) as work:
        work.put_back(taken.intent, taken.item)


def undo_capture(desk: Desk, intent_id: str) -> Draft | None:
    """Undo a saved request: what did not leave is a draft again; else it is cancelled by an intent that follows it (None).

    :raises NotAllowed: see :func:`.undoing.undo`.
    """
    draft = take_back(desk, intent_id)
    if draft is None:
        undoing.undo(desk, intent_id)
    return draft


def discard(desk: Desk, draft_id: str) -> Draft | None:
    """Forget a draft; what it held, to be saved again by :func:`drafts.save`. None: there is none (any more)."""
    found = drafts.find(desk, draft_id)
    if found is not None:
        drafts.discard(desk, draft_id)
    return found


def _as_draft_again(desk: Desk, intent_id: str, states: tuple[SyncState, ...]) -> Draft | None:
    with work_unit(desk.store) as work:
        _check_alone(work, intent_id)
        taken = work.take_out(intent_id, states, IntentKind.CREATE_REQUEST)
        if taken is None:
            return None
        asked = codec.decode(taken[0].body, CreateRequest)
        content = _content(desk.new_id(), *taken, asked, _category(desk, asked.category))
        content = replace(content, updated_at=desk.now())
        work.save_draft(content.id, codec.encode(content), desk.now())
    return content


def _taken_out(desk: Desk, intent_id: str, states: tuple[SyncState, ...]) -> TakenBack | None:
    with work_unit(desk.store) as work:
        known = work.known(intent_id)
        if known is None or known[0].kind == IntentKind.CREATE_REQUEST:
            return None
        _check_alone(work, intent_id)
        taken = work.take_out(intent_id, states)
    return TakenBack(*taken) if taken else None


def _check_alone(work: WorkUnit, intent_id: str) -> None:
    """What waits may have others rest on it; on what failed nothing does."""
    known = work.known(intent_id)
    if known is not None and known[1].state in _UNSENT:
        undoing.must_stand_alone(work, known[0])


def _answer_anew(desk: Desk, intent_id: str) -> bool:
    """A refused answer, under a new id: the server keeps its word on the old one."""
    with work_unit(desk.store) as work:
        taken = work.take_out(intent_id, (SyncState.REFUSED,), IntentKind.RECORD_ANSWER)
        if taken is None:
            return False
        may_capture(desk)
        intent, item = taken
        given = codec.decode(intent.body, RecordAnswer)
        again = intent_of(desk, IntentKind.RECORD_ANSWER, intent.lane, desk.new_id(), given, intent.captured_at)
        work.enqueue(again, label=item.label)
    return True


def _line(desk: Desk, category_of: Callable[[str], Category | None], intent: Intent, item: OutboxItem) -> Line:
    if intent.kind == IntentKind.CREATE_REQUEST:
        asked = codec.decode(intent.body, CreateRequest)
        category = category_of(asked.category)
        content = _content(intent.intent_id, intent, item, asked, category)
        return Line(intent.intent_id, item, content, category, None, asked.promised_on)
    if intent.kind in deeds.BODIES:
        return Line(intent.intent_id, item, category=category_of(item.label), deed=deeds.deed_of(desk, intent))
    return Line(intent.intent_id, item, article=_article(desk, item))


def _content(draft_id: str, intent: Intent, item: OutboxItem, asked: CreateRequest, category: Category | None) -> Draft:
    """The form as it was saved. What the category says by itself (its nature, that it is urgent) was not chosen by the person."""
    answers = asked.answers or {}
    return Draft(
        id=draft_id,
        channel=asked.channel,
        category=asked.category,
        nature=None if category and category.nature is asked.nature else asked.nature,
        where=asked.where,
        answers=answers,
        description=asked.description,
        requester=asked.requester,
        urgent=asked.urgent and not (category and category.is_urgent(answers)),
        interaction_id=asked.interaction_id,
        number=asked.provisional_number,
        number_spent=item.last_error in _SPENT,
        asked_at=intent.captured_at,
    )


def _category(desk: Desk, code: str) -> Category | None:
    try:
        return catalogue.category(desk.store, code)
    except InvalidInput:
        return None


def _article(desk: Desk, item: OutboxItem) -> Article | None:
    try:
        return search.article(desk.store, item.label) if item.kind == IntentKind.RECORD_ANSWER else None
    except NotFound:
        return None
