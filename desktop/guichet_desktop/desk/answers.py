"""Answers as they are stored: the key of a choice, however it was named."""

from __future__ import annotations

from dataclasses import replace

from guichet_sync.domain.category import Answer, Category, Question
from guichet_sync.language import fold

from .drafts import Draft


def keyed(draft: Draft, category: Category) -> Draft:
    """The draft with the names of choices, in either language, replaced by their keys. What names no choice is left as typed."""
    questions = {question.code: question for question in category.questions if question.values}
    answers = {code: _key(questions[code], answer) if code in questions else answer for code, answer in draft.answers.items()}
    return replace(draft, answers=answers)


def _key(question: Question, answer: Answer) -> Answer:
    names = {fold(name): choice.key for choice in question.values for name in (choice.name.en, choice.name.fr, choice.key)}
    if isinstance(answer, str):
        return names.get(fold(answer), answer)
    return tuple(names.get(fold(each), each) for each in answer)
