"""The JSON that ``guichetctl capture`` reads: a draft from outside, hence checked field by field."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from guichet_sync.domain.category import Answer, Nature
from guichet_sync.domain.errors import BadReply, InvalidInput
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Requester
from guichet_sync.protocol import codec

from ..desk import lookup
from ..desk.desk import Desk
from ..desk.drafts import Draft

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Place:
    id: str = ""
    text: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class _Capture:
    channel: Channel
    category: str
    nature: Nature | None = None
    location: _Place | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    description: str = ""
    requester: Requester | None = None
    attachments: tuple[str, ...] = ()
    urgent: bool = False


_REQUIRED = ("channel", "category")
_NAMES = {
    "": frozenset(each.name for each in fields(_Capture)),
    "location": frozenset(each.name for each in fields(_Place)),
    "requester": frozenset(each.name for each in fields(Requester)),
}


def read_capture(file: str, desk: Desk) -> Draft:
    """The draft that ``file`` (``-`` is standard input) describes.

    :raises InvalidInput: it is not of that shape; ``field`` names the part at fault. Nothing was saved.
    :raises NotFound: ``location_not_found``.
    """
    asked = _parse(_text(file))
    if asked.attachments:
        raise InvalidInput("attachments_not_taken", field="attachments")
    _refuse_unasked(asked, desk)
    return Draft(
        id=desk.new_id(),
        channel=asked.channel,
        category=asked.category,
        nature=asked.nature,
        where=_where(desk, asked.location),
        answers=asked.answers,
        description=asked.description,
        requester=asked.requester,
        urgent=asked.urgent,
        interaction_id=desk.new_id(),
    )


def _text(file: str) -> str:
    """The whole file, within bounds."""
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if file == "-" else _head(Path(file))
        if len(data) > MAX_BYTES:
            raise InvalidInput("capture_too_large", field="file")
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput("file_unreadable", field="file", file=Path(file).name) from None


def _head(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _parse(text: str) -> _Capture:
    given = _without_nulls(_object(text))
    for name in _NAMES:
        _refuse_unknown(name, given.get(name) if name else given)
    missing = [name for name in _REQUIRED if name not in given]
    if missing:
        raise InvalidInput("field_missing", field=missing[0])
    try:
        return codec.from_body(given, _Capture)
    except BadReply as error:
        raise InvalidInput("field_shape", field=str(error.values["path"]).removeprefix("$.")) from None


def _object(text: str) -> dict[str, Any]:
    """The JSON object that ``text`` is; half of a character pair is no text."""
    try:
        body = json.loads(text, object_pairs_hook=_each_once)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise InvalidInput("capture_not_json", field="file") from None
    if not isinstance(body, dict):
        raise InvalidInput("capture_not_json", field="file")
    return body


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a field given twice, one value would be lost without a word."""
    body = dict(pairs)
    if len(body) < len(pairs):
        names = [name for name, _ in pairs]
        raise InvalidInput("field_twice", field=next(name for name in names if names.count(name) > 1))
    return body


def _refuse_unknown(name: str, given: object) -> None:
    """A misspelt field would be lost without a word."""
    unknown = sorted(given.keys() - _NAMES[name]) if isinstance(given, dict) else []
    if unknown:
        raise InvalidInput("unknown_field", field=".".join(filter(None, (name, unknown[0]))))


def _refuse_unasked(asked: _Capture, desk: Desk) -> None:
    """An answer to no question of the category would be lost too."""
    questions = {question.code for question in lookup.category(desk, asked.category).questions}
    unasked = sorted(asked.answers.keys() - questions)
    if unasked:
        raise InvalidInput("unknown_field", field=f"answers.{unasked[0]}")


def _without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    """A null says the same as an absent field; answers come as text, whatever JSON number they were given as."""
    given = {name: _known(value) if isinstance(value, dict) else value for name, value in body.items()}
    if isinstance(given.get("answers"), dict):
        given["answers"] = {code: _answer(code, value) for code, value in given["answers"].items()}
    return _known(given)


def _known(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _answer(code: str, value: Any) -> Any:
    """A text or a list of texts, else the question is named: the reader of the whole can't tell which it was."""
    answer = [_text_of(each) for each in value] if isinstance(value, list) else _text_of(value)
    if not all(isinstance(each, str) for each in (answer if isinstance(answer, list) else [answer])):
        raise InvalidInput("field_shape", field=f"answers.{code}")
    return answer


def _text_of(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _where(desk: Desk, place: _Place | None) -> Whereabouts:
    """A known place, or a point, or the words for one: exactly one of them."""
    if place is None:
        return Whereabouts()
    words, by_point = place.text.strip(), place.lat is not None or place.lon is not None
    if [bool(place.id), bool(words), by_point].count(True) != 1:
        raise InvalidInput("location_shape", field="location")
    if place.id:
        return Whereabouts.of(lookup.location(desk, place.id))
    return lookup.place_named(desk, words) if words else _point(place)


def _point(place: _Place) -> Whereabouts:
    if place.lat is None or not abs(place.lat) <= 90:
        raise InvalidInput("location_shape", field="location.lat")
    if place.lon is None or not abs(place.lon) <= 180:
        raise InvalidInput("location_shape", field="location.lon")
    return Whereabouts(lat=place.lat, lon=place.lon)
