"""What was typed, as it is stored: keys of choices however they were named, and nothing where only spaces were typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from guichet_sync.domain.category import Answer, Category, Datatype, Question
from guichet_sync.domain.request import Requester
from guichet_sync.language import fold

from .drafts import Draft


def tidied(draft: Draft, category: Category) -> Draft:
    """The draft with its answers as stored; spaces around words are none, and a requester of whom nothing is said is nobody.

    Names of choices, in either language, become their keys; what names no choice is left as typed.
    """
    questions = {question.code: question for question in category.questions}
    answers = {code: _stored(questions.get(code), answer) for code, answer in draft.answers.items()}
    return replace(
        draft,
        where=replace(draft.where, label=draft.where.label.strip()),
        answers={code: answer for code, answer in answers.items() if answer},
        description=draft.description.strip(),
        requester=_requester(draft.requester),
    )


def _stored(question: Question | None, answer: Answer) -> Answer:
    """One text, or the chosen keys in their order, each once."""
    given = _trimmed((answer,) if isinstance(answer, str) else answer)
    if question is None or not question.values:
        return given[0] if isinstance(answer, str) and given else given
    names = {fold(name): choice.key for choice in question.values for name in (choice.name.en, choice.name.fr, choice.key)}
    keys = tuple(dict.fromkeys(names.get(fold(each), each) for each in given))
    return keys[0] if question.datatype is Datatype.SINGLE and len(keys) == 1 else keys


def _trimmed(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in given)))


def _requester(requester: Requester | None) -> Requester | None:
    """The requester as told; which language they speak says nothing of who they are."""
    if requester is None:
        return None
    told = replace(
        requester,
        name=requester.name.strip(),
        phone=requester.phone.strip(),
        email=requester.email.strip(),
        on_behalf_of=requester.on_behalf_of.strip(),
    )
    return told if told != Requester(language=told.language) else None
