"""What a request still lacks, said beside each field. Only what the category needs is ever required."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from guichet_sync.domain.category import Answer, Category, Datatype, Identity, Question
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.request import Requester

from .drafts import Draft

MAX_DESCRIPTION = 10_000
MAX_TEXT = 1_000
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: the ``field`` it stands beside (a question's is ``answers.CODE``) and a reason code."""

    field: str
    code: str

    def as_error(self) -> InvalidInput:
        """The same, to be raised."""
        return InvalidInput(self.code, field=self.field)


def problems(draft: Draft, category: Category) -> tuple[Problem, ...]:
    """All that keeps a draft, tidied, from being saved, in the order of the form."""
    return (
        *_category(category),
        *_place(draft, category),
        *_answers(draft, category),
        *_description(draft),
        *_person(draft, category),
    )


def _category(category: Category) -> Iterator[Problem]:
    if category.retired:
        yield Problem("category", "category_retired")


def _place(draft: Draft, category: Category) -> Iterator[Problem]:
    where = draft.where
    if category.places and not (where.id or where.label or where.point):
        yield Problem("location", "location_needed")
    if len(where.label) > MAX_TEXT:
        yield Problem("location", "too_long")


def _description(draft: Draft) -> Iterator[Problem]:
    if len(draft.description) > MAX_DESCRIPTION:
        yield Problem("description", "description_too_long")


def _person(draft: Draft, category: Category) -> Iterator[Problem]:
    if category.identity is Identity.REQUIRED and not (draft.requester and draft.requester.is_reachable):
        yield Problem("requester", "requester_needed")
    yield from requester_problems(draft.requester)


def requester_problems(requester: Requester | None) -> Iterator[Problem]:
    """What of a requester is longer than any name or number."""
    for each in fields(requester) if requester else ():
        if len(getattr(requester, each.name)) > MAX_TEXT:
            yield Problem(f"requester.{each.name}", "too_long")


def _answers(draft: Draft, category: Category) -> Iterator[Problem]:
    for question in category.questions:
        code = _answer(question, draft.answers.get(question.code, ""))
        if code:
            yield Problem(f"answers.{question.code}", code)


def _answer(question: Question, answer: Answer) -> str:
    """The reason code of what is wrong with an answer, or nothing."""
    if not answer:
        return "answer_needed" if question.required else ""
    if sum(map(len, answer)) > MAX_DESCRIPTION:
        return "too_long"
    return _CHECKS.get(question.datatype, _any)(question, answer)


def _any(_question: Question, answer: Answer) -> str:
    return "" if isinstance(answer, str) else "answer_single"


def _number(_question: Question, answer: Answer) -> str:
    return "" if isinstance(answer, str) and _NUMBER.fullmatch(answer) else "answer_number"


def _moment(_question: Question, answer: Answer) -> str:
    return "" if isinstance(answer, str) and _is_moment(answer) else "answer_date"


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _choice(question: Question, answer: Answer) -> str:
    chosen = (answer,) if isinstance(answer, str) else answer
    if question.datatype is Datatype.SINGLE and len(chosen) > 1:
        return "answer_single"
    return "" if {choice.key for choice in question.values}.issuperset(chosen) else "answer_not_listed"


_CHECKS: dict[Datatype, Callable[[Question, Answer], str]] = {
    Datatype.NUMBER: _number,
    Datatype.DATETIME: _moment,
    Datatype.SINGLE: _choice,
    Datatype.MULTI: _choice,
}
