"""The JSON that ``guichetctl capture`` reads: a draft from outside, hence checked field by field."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guichet_sync.domain.category import Answer, Nature
from guichet_sync.domain.errors import BadReply, InvalidInput
from guichet_sync.domain.location import Location, Whereabouts
from guichet_sync.domain.request import Channel, Requester
from guichet_sync.language import fold
from guichet_sync.protocol import codec

from ..desk import lookup
from ..desk.desk import Desk
from ..desk.drafts import Draft

_MAX_BYTES = 1024 * 1024


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
    interaction_id: str = ""


_FIELDS = frozenset(_Capture.__dataclass_fields__)


def read_capture(file: str, desk: Desk) -> Draft:
    """The draft that ``file`` (``-`` is standard input) describes.

    :raises InvalidInput: it is not of that shape; ``field`` names the part at fault. Nothing was saved.
    """
    asked = _parse(_text(file))
    if asked.attachments:
        raise InvalidInput("attachments_not_taken", field="attachments")
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
        interaction_id=asked.interaction_id or desk.new_id(),
    )


def _text(file: str) -> str:
    try:
        return sys.stdin.read(_MAX_BYTES) if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput("file_unreadable", field="file", file=Path(file).name) from None


def _parse(text: str) -> _Capture:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidInput("capture_not_json", field="file") from None
    if not isinstance(body, dict):
        raise InvalidInput("capture_not_json", field="file")
    unknown = sorted(body.keys() - _FIELDS)
    if unknown:
        raise InvalidInput("unknown_field", field=unknown[0])
    for name in ("channel", "category"):
        if name not in body:
            raise InvalidInput("field_missing", field=name)
    try:
        return codec.from_body(_without_nulls(body), _Capture)
    except BadReply as error:
        raise InvalidInput("field_shape", field=str(error.values["path"]).removeprefix("$.")) from None


def _without_nulls(body: dict[str, Any]) -> dict[str, Any]:
    """A null says the same as an absent field; answers come as text, whatever JSON type they were given in."""
    kept = {name: value for name, value in body.items() if value is not None}
    if isinstance(kept.get("answers"), dict):
        kept["answers"] = {code: _answer(value) for code, value in kept["answers"].items() if value is not None}
    if isinstance(kept.get("requester"), dict):
        kept["requester"] = {name: value for name, value in kept["requester"].items() if value is not None}
    return kept


def _answer(value: Any) -> Any:
    return format(value, "g") if isinstance(value, int | float) and not isinstance(value, bool) else value


def _where(desk: Desk, place: _Place | None) -> Whereabouts:
    if place is None:
        return Whereabouts()
    if place.id:
        return Whereabouts.of(lookup.location(desk, place.id))
    if place.text:
        return _named(lookup.addresses(desk, place.text), place.text)
    return Whereabouts(lat=place.lat, lon=place.lon)


def _named(found: tuple[Location, ...], text: str) -> Whereabouts:
    """The one place of that name; words that name none are kept as they are: a place to be located."""
    exact = [place for place in found if fold(place.label) == fold(text)]
    if len(exact) == 1 or len(found) == 1:
        return Whereabouts.of((exact or list(found))[0])
    if not found:
        return Whereabouts(label=text)
    raise InvalidInput("location_ambiguous", field="location", count=len(found))
