"""What was typed, as it is stored: keys of choices however they were named, and nothing where only spaces were typed."""

from __future__ import annotations

from dataclasses import replace

from guichet_sync.domain.category import Answer, Category, Datatype, Question
from guichet_sync.domain.request import Requester
from guichet_sync.language import fold

from .drafts import Draft

_CONTROLS = dict.fromkeys((*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)))
"""What nobody types and other systems choke on (XML has no place for it); a tab and a new line are text."""


def tidied(draft: Draft, category: Category) -> Draft:
    """The draft with its answers as stored; spaces around words are none, and a requester of whom nothing is said is nobody.

    Names of choices, in either language, become their keys; what names no choice is left as typed.
    """
    questions = {question.code: question for question in category.questions}
    answers = {code: _stored(questions.get(code), answer) for code, answer in draft.answers.items()}
    return replace(
        draft,
        where=replace(draft.where, label=told_text(draft.where.label)),
        answers={code: answer for code, answer in answers.items() if answer},
        description=told_text(draft.description),
        requester=told_requester(draft.requester),
    )


def _stored(question: Question | None, answer: Answer) -> Answer:
    """One text, or the chosen keys in their order, each once."""
    given = tuple(filter(None, map(told_text, (answer,) if isinstance(answer, str) else answer)))
    if question is None or not question.values:
        return given[0] if isinstance(answer, str) and given else given
    names = {fold(name): choice.key for choice in question.values for name in (choice.name.en, choice.name.fr, choice.key)}
    keys = tuple(dict.fromkeys(names.get(fold(each), each) for each in given))
    return keys[0] if question.datatype is Datatype.SINGLE and len(keys) == 1 else keys


def told_text(typed: str) -> str:
    """A text as typed, without the spaces around it and what no other system takes."""
    return typed.translate(_CONTROLS).strip()


def told_requester(requester: Requester | None) -> Requester | None:
    """The requester as told; a language or a preference alone says nothing of who they are."""
    if requester is None:
        return None
    told = Requester(
        name=told_text(requester.name),
        phone=told_text(requester.phone),
        email=told_text(requester.email),
        language=told_text(requester.language),
        prefers=told_text(requester.prefers),
        on_behalf_of=told_text(requester.on_behalf_of),
        capacity=requester.capacity,
    )
    return told if told.name or told.is_reachable or told.on_behalf_of else None
