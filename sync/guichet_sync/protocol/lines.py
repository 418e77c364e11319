"""Lines of a snapshot. Where bodies can be taken as they are, they are not read: a first mirror has hundreds of thousands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import msgspec

from guichet_sync.domain.errors import BadReply

from . import codec
from .messages import FeedEntry, Operation


@dataclass(frozen=True, slots=True)
class _Line:
    """A :class:`FeedEntry` whose body is bytes that are known to be JSON, and no more."""

    seq: int
    operation: Operation
    kind: str
    id: str
    revision: int
    body: msgspec.Raw
    intent: str = ""


def entries(lines: list[bytes]) -> list[FeedEntry]:
    """The entries of these lines. Where bodies are canonical, of which the first one tells since a server writes all alike, they
    stay as they came: such a body can be encoded (see :func:`.codec.as_it_is`), nothing else.

    :raises BadReply: a line is no entry with a body.
    """
    if not lines or not _is_canonical(lines[0]):
        return [codec.decode(line, FeedEntry) for line in lines]
    read = [codec.decode(line, _Line) for line in lines]
    if not all(bytes(line.body).startswith(b"{") for line in read):
        raise BadReply("reply_shape", kind="FeedEntry", path="$.body")
    return cast("list[FeedEntry]", read)


def _is_canonical(line: bytes) -> bool:
    first = codec.decode(line, FeedEntry)
    return codec.encode(first.body) == codec.encode(codec.decode(line, _Line).body)
