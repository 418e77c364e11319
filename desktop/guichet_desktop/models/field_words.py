"""Fields of a request and their values, in words: what an edit changes, what a proposal proposes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guichet_sync.domain.category import Category, Question
from guichet_sync.domain.errors import BadReply
from guichet_sync.domain.intents import ANSWER_FIELD
from guichet_sync.domain.location import Whereabouts
from guichet_sync.protocol import codec
from guichet_sync.wording import N_, Words

_NAMES = {"description": N_("Description"), "where": N_("Lieu"), "urgent": N_("Urgence")}
_EMPTY = "—"


def field_name(words: Words, field: str, category: Category | None) -> str:
    """The name of a field; of an answer, its question's. What this version does not know is told by its code."""
    if field in _NAMES:
        return words.text(_NAMES[field])
    asked = _question(field, category)
    return words.both(asked.label) if asked else field.removeprefix(ANSWER_FIELD)


def field_names(words: Words, fields: str, category: Category | None) -> str:
    """The names of fields that stand with commas between them, the same way."""
    return ", ".join(field_name(words, each.strip(), category) for each in fields.split(",") if each.strip())


def field_value(words: Words, field: str, value: Any, category: Category | None) -> str:
    """The JSON value of a field as a person reads it; a dash where there is none."""
    if field == "urgent":
        return words.text("Urgente") if value else words.text("Non urgente")
    if field == "where":
        return _place(words, value)
    given = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []
    return _answers(words, _question(field, category), map(str, given)) or _EMPTY


def _answers(words: Words, asked: Question | None, given: Iterable[str]) -> str:
    names = {choice.key: words.both(choice.name) for choice in asked.values} if asked else {}
    return ", ".join(names.get(each, each) for each in given)


def _place(words: Words, value: Any) -> str:
    try:
        where = codec.from_body(value, Whereabouts)
    except BadReply:
        return _EMPTY
    return where.label or (words.text("Point sur la carte") if where.point else words.text("Aucun lieu"))


def _question(field: str, category: Category | None) -> Question | None:
    if category is None or not field.startswith(ANSWER_FIELD):
        return None
    code = field.removeprefix(ANSWER_FIELD)
    return next((each for each in category.questions if each.code == code), None)
