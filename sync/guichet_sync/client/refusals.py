"""What a reply other than 200 means: the server's own word, or only a proxy's page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from guichet_sync.domain.errors import (
    BadReply,
    GuichetError,
    InvalidInput,
    NotAllowed,
    ProtocolMismatch,
    ServerRefused,
    SignInRefused,
    TryLater,
    Unreachable,
    Value,
)
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import ErrorReply

SERVER_FAILED = "server_failed"
"""The code of :class:`Unreachable` where the server broke over what it was asked: perhaps over this body alone."""

_BUSY = frozenset({429, 502, 503, 504})
_KINDS: dict[int, type[GuichetError]] = {
    400: InvalidInput,
    401: SignInRefused,
    403: NotAllowed,
    413: InvalidInput,
    422: InvalidInput,
    426: ProtocolMismatch,
}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MOST_VALUES, _LONGEST_VALUE, _LARGEST_VALUE = 16, 200, 2**53


def refusal(status: int, headers: Mapping[str, str], content: bytes) -> GuichetError:
    """The error that a status and its body mean.

    :class:`InvalidInput` says that what was sent can't be taken, now or later; :class:`BadReply` that nothing was said at all.
    """
    if status in _BUSY:
        return TryLater(retry_after_s=seconds(headers.get("Retry-After", ""), datetime.now(UTC)))
    if status >= 500:
        return Unreachable(SERVER_FAILED, status=status)
    try:
        said = codec.decode(content, ErrorReply)
    except BadReply:
        # Too large is too large, whoever says so: a proxy's limit may be lower than the server's.
        return InvalidInput("request_too_large") if status == 413 else BadReply(status=status)
    return _worded(_KINDS.get(status, ServerRefused), said)


def is_code(text: str) -> bool:
    """Whether ``text`` has the form of a reason code: it is shown and logged, whoever sent it."""
    return _CODE.fullmatch(text) is not None


def seconds(header: str, now: datetime) -> float | None:
    """The seconds of a ``Retry-After``, given as a number or as a date; None where it is neither."""
    if header.isascii() and header.isdigit():
        return float(header[:9])
    try:
        return max(0.0, (parsedate_to_datetime(header) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _worded(kind: type[GuichetError], said: ErrorReply) -> GuichetError:
    error = kind(said.code if is_code(said.code) else None)
    error.values.update(list(filter(_is_short, said.values.items()))[:_MOST_VALUES])
    return error


def _is_short(item: tuple[str, Value]) -> bool:
    name, value = item
    if isinstance(value, str):
        return len(name) + len(value) <= _LONGEST_VALUE
    return len(name) <= _LONGEST_VALUE and (value is None or abs(value) <= _LARGEST_VALUE)
