"""JSON to messages and back. Whatever comes in is hostile until it has become a typed message."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, TypeVar, cast

import msgspec

from guichet_sync.domain.errors import BadReply

Message = TypeVar("Message")

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""No single message is larger: snapshots come as files."""

_encoder = msgspec.json.Encoder(order="deterministic")


@lru_cache(maxsize=128)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """Made once for each type: a first mirror reads a few types hundreds of thousands of times."""
    return msgspec.json.Decoder(kind)


def encode(message: object) -> bytes:
    """The JSON of a message or record, with keys in a fixed order: equal values give equal bytes."""
    return _encoder.encode(message)


def decode(data: bytes | str, kind: type[Message]) -> Message:
    """Read ``data`` as a message of ``kind``; unknown fields are ignored.

    :raises BadReply: if it is too large, not JSON or not of that shape; ``path`` tells where, never what.
    """
    if len(data) > MAX_MESSAGE_BYTES:
        raise BadReply("reply_too_large", bytes=len(data))
    try:
        read: Message = _decoder(cast("Hashable", kind)).decode(data)
        return read
    except msgspec.ValidationError as error:
        raise BadReply("reply_shape", kind=kind.__name__, path=_path(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadReply("reply_not_json", kind=kind.__name__) from None


def decode_record(data: bytes, kind: type[Message]) -> Message:
    """The JSON of a record's body as a domain record.

    :raises BadReply: if it has not that shape.
    """
    try:
        read: Message = _decoder(cast("Hashable", kind)).decode(data)
        return read
    except msgspec.ValidationError as error:
        raise BadReply("record_shape", kind=kind.__name__, path=_path(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadReply("record_shape", kind=kind.__name__, path="$") from None


def to_body(record: object) -> dict[str, Any]:
    """A domain record as the JSON object that travels and is stored."""
    body: dict[str, Any] = msgspec.to_builtins(record)
    return body


def canonical(record: object) -> bytes:
    """A record's one JSON form, whoever writes it: its keys are sorted at every depth."""
    return _encoder.encode(msgspec.to_builtins(record))


def as_it_is(text: str) -> dict[str, Any]:
    """A JSON object's text where a message wants its body: encoded, it goes out unread. Nothing else can be done with it."""
    return cast("dict[str, Any]", msgspec.Raw(text.encode()))


def from_body(body: object, kind: type[Message]) -> Message:
    """A JSON object as a domain record.

    :raises BadReply: if it has not that shape.
    """
    try:
        return msgspec.convert(body, type=kind)
    except msgspec.ValidationError as error:
        raise BadReply("record_shape", kind=getattr(kind, "__name__", str(kind)), path=_path(error)) from None


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal, the hash of intents and snapshots on the wire."""
    return hashlib.sha256(data).hexdigest()


def _path(error: msgspec.ValidationError) -> str:
    """Where in the document the error is: the part of msgspec's message that names fields, never values."""
    _, found, path = str(error).rpartition(" - at `")
    return path.rstrip("`") if found else "$"
