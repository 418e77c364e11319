"""*À transmettre*: what waits, was refused or was set aside, and the drafts: listed, taken back, corrected, tried again.

An intent never changes once its first byte was sent, and the server keeps its first word on an id for ever. So what was refused
is never sent again: it becomes a draft, saved as a new intent; what was set aside was never read, and may be sent as it is.
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
from guichet_sync.store.work_unit import work_unit

from . import drafts
from .capture import intent_of, may_capture
from .desk import Desk
from .drafts import Draft
from .undoing import must_stand_alone

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
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list. A draft has no ``item``; what is no request (an answer that was given) has no ``content``.

    ``content`` is a request as its form would show it. ``category`` and ``article`` are None where this post does not know them.
    """

    id: str
    item: OutboxItem | None = None
    content: Draft | None = None
    category: Category | None = None
    article: Article | None = None
    promised_on: date | None = None

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
        return _VERBS.get(self.item.state, _none)(self, self.item)


def _waiting(_line: Line, _item: OutboxItem) -> tuple[Verb, ...]:
    return (Verb.TAKE_BACK,)


def _sealed(_line: Line, item: OutboxItem) -> tuple[Verb, ...]:
    """One that could not be taken waits for its next try; the others are on their way."""
    return (Verb.RETRY,) if item.last_error else ()


def _refused(line: Line, item: OutboxItem) -> tuple[Verb, ...]:
    if line.content is not None:
        return (Verb.CORRECT,)
    return (Verb.RETRY,) if item.kind == IntentKind.RECORD_ANSWER else ()


def _quarantined(line: Line, _item: OutboxItem) -> tuple[Verb, ...]:
    return (Verb.RETRY, Verb.CORRECT) if line.content is not None else (Verb.RETRY,)


def _none(_line: Line, _item: OutboxItem) -> tuple[Verb, ...]:
    return ()


_VERBS = {
    SyncState.WAITING: _waiting,
    SyncState.SEALED: _sealed,
    SyncState.REFUSED: _refused,
    SyncState.QUARANTINED: _quarantined,
}


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An answer that was taken out before it was sent, to be put back as it was."""

    intent: Intent
    label: str


def lines(desk: Desk) -> tuple[Line, ...]:
    """All lines: what failed, the drafts (last touched first), then what is on its way, oldest first."""
    category = cache(partial(_category, desk))
    sent = [_line(desk, category, intent, item) for intent, item in outbox.unsettled(desk.store, desk.person.name)]
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


def take_out_answer(desk: Desk, intent_id: str) -> TakenBack | None:
    """An answer of which no byte was sent is no longer counted. None: it is on its way already, or is no answer."""
    with work_unit(desk.store) as work:
        taken = work.take_out(intent_id, _UNSENT, IntentKind.RECORD_ANSWER)
    return TakenBack(taken[0], taken[1].label) if taken else None


def put_back(desk: Desk, taken: TakenBack) -> None:
    """Count an answer after all: no byte of it was sent, so that it is the same as before."""
    with work_unit(desk.store) as work:
        work.enqueue(taken.intent, label=taken.label)


def discard(desk: Desk, draft_id: str) -> Draft | None:
    """Forget a draft; what it held, to be saved again by :func:`drafts.save`. None: there is none (any more)."""
    found = drafts.find(desk, draft_id)
    if found is not None:
        drafts.discard(desk, draft_id)
    return found


def _as_draft_again(desk: Desk, intent_id: str, states: tuple[SyncState, ...]) -> Draft | None:
    with work_unit(desk.store) as work:
        known = work.known(intent_id)
        if known is not None and known[1].state in _UNSENT:
            must_stand_alone(work, known[0])
        taken = work.take_out(intent_id, states, IntentKind.CREATE_REQUEST)
        if taken is None:
            return None
        asked = codec.decode(taken[0].body, CreateRequest)
        content = _content(desk.new_id(), *taken, asked, _category(desk, asked.category))
        content = replace(content, updated_at=desk.now())
        work.save_draft(content.id, codec.encode(content), desk.now())
    return content


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
