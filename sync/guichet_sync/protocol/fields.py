"""Fields of a request that an edit names, read and written as the JSON values that travel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from guichet_sync.domain.category import Answer
from guichet_sync.domain.intents import ANSWER_FIELD, EDITABLE
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Request

from . import codec

_SHAPES: dict[str, type] = {"description": str, "where": Whereabouts, "urgent": bool}


def is_field(name: str) -> bool:
    """Whether an edit may name this field."""
    return name in EDITABLE or (name.startswith(ANSWER_FIELD) and len(name) > len(ANSWER_FIELD))


def value_of(request: Request, name: str) -> Any:
    """The JSON value of a field; None where a question has no answer."""
    if name.startswith(ANSWER_FIELD):
        return as_json((request.answers or {}).get(name.removeprefix(ANSWER_FIELD)))
    return as_json(getattr(request, name))


def as_json(value: object) -> Any:
    """A field's value as the JSON that travels: what two sides compare."""
    return codec.to_body({"value": value})["value"]


def with_value(request: Request, name: str, value: object) -> Request:
    """The request with another value in a field; None takes an answer away.

    :raises BadReply: the value has not the field's shape.
    """
    if not name.startswith(ANSWER_FIELD):
        return replace(request, **{name: codec.from_body(value, _SHAPES[name])})
    question = name.removeprefix(ANSWER_FIELD)
    answers = {code: answer for code, answer in (request.answers or {}).items() if code != question}
    if value is not None:
        answers[question] = codec.from_body(value, Answer)  # type: ignore[arg-type]  # a union is a type to msgspec
    return replace(request, answers=answers or None)
