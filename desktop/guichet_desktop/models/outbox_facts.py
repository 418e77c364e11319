"""What a line of *À transmettre* holds, fact by fact, in words: what would be sent, as the form would show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from guichet_sync.domain.category import Answer, Category, Datatype, Question
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Requester
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import CHANNEL, NATURE

from ..desk.desk import Desk
from ..desk.drafts import Draft
from ..desk.outbox import Line
from .deed_words import conflict_facts, deed_facts
from .outbox import when


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what stands beside it."""

    name: str
    value: str


def facts_of(line: Line, words: Words, desk: Desk) -> tuple[Fact, ...]:
    """The facts of a line, in the order of the form; what was not said has none."""
    parts = (*_numbers(line, words), *_content(line, words), *_instants(line, words, desk))
    return tuple(fact for fact in parts if fact.value)


def _numbers(line: Line, words: Words) -> Iterator[Fact]:
    if line.deed is not None:
        yield Fact(words.text("Requête"), line.number)
        return
    yield Fact(words.text("Numéro provisoire"), line.number)
    if line.item is not None:
        yield Fact(words.text("Numéro officiel"), line.item.official_number)


def _content(line: Line, words: Words) -> Iterator[Fact]:
    draft = line.content
    if line.deed is not None and line.item is not None:
        told = (*conflict_facts(words, line.deed, line.item), *deed_facts(words, line.deed, line.category))
        yield from (Fact(*each) for each in told)
        yield Fact(words.text("Catégorie"), words.both(line.category.name) if line.category else "")
        return
    if draft is None:
        code = line.item.label if line.item else ""
        yield Fact(words.text("Fiche"), line.article.text(words.language).title if line.article else code)
        return
    yield Fact(words.text("Catégorie"), words.both(line.category.name) if line.category else draft.category)
    yield Fact(words.text("Nature"), words.text(NATURE[draft.nature]) if draft.nature else "")
    yield Fact(words.text("Lieu"), _place(draft.where, words))
    yield from _answers(draft, line.category, words)
    yield Fact(words.text("Description"), draft.description)
    yield Fact(words.text("Urgence"), words.text("Dite urgente") if draft.urgent else "")
    yield Fact(words.text("Demandeur"), _requester(draft.requester, words))


def _instants(line: Line, words: Words, desk: Desk) -> Iterator[Fact]:
    draft = line.content
    if draft is not None:
        yield Fact(words.text("Reçue par"), words.text(CHANNEL[draft.channel]))
    asked_at = line.item.captured_at if line.item else draft.asked_at if draft else None
    yield Fact(words.text("Saisie"), when(asked_at, words, desk) if asked_at else "")
    if draft is not None and draft.updated_at:
        yield Fact(words.text("Brouillon gardé"), when(draft.updated_at, words, desk))
    yield Fact(words.text("Date promise"), words.day(line.promised_on) if line.promised_on else "")
    if line.item is not None and line.item.attempts:
        yield Fact(words.text("Essais d’envoi"), words.number(line.item.attempts))


def _place(where: Whereabouts, words: Words) -> str:
    if where.label or where.point is None:
        return where.label
    return words.text("Point sur la carte")


def _answers(draft: Draft, category: Category | None, words: Words) -> Iterator[Fact]:
    """Answers by the names of their questions, those that lost theirs by its code: shown, never dropped."""
    questions = {question.code: question for question in category.questions} if category else {}
    for code, answer in draft.answers.items():
        question = questions.get(code)
        if question is None:
            yield Fact(code, answer if isinstance(answer, str) else ", ".join(answer))
        else:
            yield Fact(words.both(question.label), _answer(question, answer, words))


def _answer(question: Question, answer: Answer, words: Words) -> str:
    names = {choice.key: words.both(choice.name) for choice in question.values}
    given = (answer,) if isinstance(answer, str) else answer
    told = ", ".join(names.get(each, each) for each in given)
    return _moment(told, words) if question.datatype is Datatype.DATETIME else told


def _moment(told: str, words: Words) -> str:
    """A date and time that was typed in full; anything else stays as it was typed."""
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return told
    if "T" not in told:
        return words.short_day(at)
    return words.text("{day}, {time}", day=words.short_day(at), time=words.time(at))


def _requester(requester: Requester | None, words: Words) -> str:
    if requester is None:
        return words.text("Anonyme")
    behalf = words.text("au nom de {name}", name=requester.on_behalf_of) if requester.on_behalf_of else ""
    return ", ".join(filter(None, (requester.name, requester.phone, requester.email, behalf)))
