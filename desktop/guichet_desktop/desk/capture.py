"""Saving a request, giving an answer: one durable transaction of the post's own file, then the screen may say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet_sync.client import clock
from guichet_sync.domain.category import Category
from guichet_sync.domain.delay import Promise, promised
from guichet_sync.domain.duplicate import Similar, similar
from guichet_sync.domain.errors import InvalidInput, NotAllowed
from guichet_sync.domain.intents import CreateRequest, Intent, IntentBody, IntentKind, RecordAnswer
from guichet_sync.domain.interaction import Outcome
from guichet_sync.domain.request import Channel, SyncState
from guichet_sync.domain.routing import Routing, route
from guichet_sync.domain.spaces import CAPTURING_ROLES
from guichet_sync.domain.words import Language
from guichet_sync.protocol import codec
from guichet_sync.store import catalogue, projection
from guichet_sync.store.work_unit import work_unit

from . import lookup
from .answers import tidied
from .checks import Problem, problems
from .desk import Desk
from .drafts import Draft


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would promise and do, shown beside the form while it is filled.

    ``at`` is when the person asked: now, or the instant of the first capture of what was taken back. ``draft`` is what would be
    saved.
    """

    at: datetime
    draft: Draft
    category: Category
    promise: Promise | None
    routing: Routing
    similar: tuple[Similar, ...]
    problems: tuple[Problem, ...]
    urgent: bool


@dataclass(frozen=True, slots=True)
class Captured:
    """A request that is on this post's disk for good."""

    request_id: str
    intent_id: str
    provisional_number: str
    preview: Preview
    state: SyncState = SyncState.WAITING


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """An answer that was counted."""

    interaction_id: str
    intent_id: str
    outcome: Outcome = Outcome.ANSWERED


def preview(desk: Desk, draft: Draft, language: Language = Language.FR) -> Preview:
    """What saving ``draft`` now would promise; names of closed days in ``language``.

    :raises InvalidInput: ``category_needed``, ``unknown_category``.
    """
    if not draft.category:
        raise InvalidInput("category_needed", field="category")
    category = catalogue.category(desk.store, draft.category)
    draft, now = tidied(draft, category), desk.now()
    asked_at = draft.asked_at or now
    closed = {on: name.in_(language) for on, name in catalogue.closed_days(desk.store).items()}
    rules = catalogue.routing_rules(desk.store, category.code)
    return Preview(
        at=asked_at,
        draft=draft,
        category=category,
        promise=promised(category.delay, desk.local(asked_at), closed),
        routing=route(rules, category.code, category.service, draft.where),
        similar=_similar(desk, draft, category, now),
        problems=problems(draft, category),
        urgent=draft.urgent or category.is_urgent(draft.answers),
    )


def submit(desk: Desk, draft: Draft, language: Language = Language.FR) -> Captured:
    """Save the request: number, outbox and the end of the draft in one transaction that survives a power cut.

    A number that the person was told already stays theirs, where it can.

    :raises InvalidInput: something is missing or wrong; ``field`` says where. Nothing is saved, the draft stays.
    :raises NotAllowed: this role captures no requests.
    """
    may_capture(desk)
    seen = preview(desk, draft, language)
    if seen.problems:
        raise seen.problems[0].as_error()
    request_id, intent_id = desk.new_id(), desk.new_id()
    with work_unit(desk.store) as work:
        told = "" if seen.draft.number_spent else seen.draft.number
        number = told if work.may_bear(told) else str(work.take_number())
        body = _request(seen, request_id, number)
        intent = intent_of(desk, IntentKind.CREATE_REQUEST, request_id, intent_id, body, seen.at)
        work.enqueue(intent, number=number, label=seen.category.code)
        work.remove_draft(draft.id)
    return Captured(request_id, intent_id, number, seen)


def give_answer(desk: Desk, article_id: str, channel: Channel, language: Language, interaction_id: str = "") -> AnswerGiven:
    """Count that a fiche answered a person: no place, no number, no name. Without ``interaction_id`` it is one of its own.

    :raises NotFound: there is no such fiche on this post. :raises NotAllowed: this role answers nobody.
    """
    may_capture(desk)
    article = lookup.article(desk, article_id)
    interaction_id, intent_id = interaction_id or desk.new_id(), desk.new_id()
    body = RecordAnswer(interaction_id, article.code, channel, language, article.category)
    with work_unit(desk.store) as work:
        intent = intent_of(desk, IntentKind.RECORD_ANSWER, interaction_id, intent_id, body, desk.now())
        work.enqueue(intent, label=article.code)
    return AnswerGiven(interaction_id, intent_id)


def may_capture(desk: Desk) -> None:
    """:raises NotAllowed: this person's role serves nobody."""
    if desk.person.role not in CAPTURING_ROLES:
        raise NotAllowed


def _similar(desk: Desk, draft: Draft, category: Category, now: datetime) -> tuple[Similar, ...]:
    since = now - timedelta(days=category.duplicate.window_days)
    candidates = projection.open_near(desk.store, category, draft.where, since)
    return similar(candidates, category, draft.where, now)


def _request(seen: Preview, request_id: str, number: str) -> CreateRequest:
    """Only answers to the category's own questions are sent; those of a category chosen before stay behind."""
    draft = seen.draft
    asked = {question.code for question in seen.category.questions}
    return CreateRequest(
        request_id=request_id,
        provisional_number=number,
        interaction_id=draft.interaction_id,
        channel=draft.channel,
        nature=draft.nature or seen.category.nature,
        category=seen.category.code,
        service=seen.routing.service,
        unit=seen.routing.unit.code if seen.routing.unit else "",
        where=draft.where,
        answers={code: answer for code, answer in draft.answers.items() if code in asked} or None,
        description=draft.description,
        requester=draft.requester,
        urgent=seen.urgent,
        promised_on=seen.promise.on if seen.promise else None,
    )


def intent_of(
    desk: Desk, kind: IntentKind, lane: str, intent_id: str, body: IntentBody, at: datetime, *, base_revision: int = 0
) -> Intent:
    """What was done, as the outbox keeps it, by this machine's clocks now; ``base_revision`` is that of the record it was done
    to, as this post holds it.
    """
    data, moment = codec.encode(body), clock.now()
    return Intent(
        intent_id=intent_id,
        enrolment=desk.enrolment,
        kind=kind,
        lane=lane,
        body=data,
        body_sha256=codec.digest(data),
        captured_at=at,
        monotonic_ms=moment.monotonic_ms,
        boot_id=moment.boot_id,
        base_revision=base_revision,
    )
