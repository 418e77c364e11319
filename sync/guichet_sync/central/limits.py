"""What stands before the application: requests that are too many, too large or too slow are refused before anything reads them,
and an error that nobody foresaw becomes a reply, without a word of what was sent.
"""

from __future__ import annotations

import asyncio
import io
import logging
import math
import random
import threading
import time
import traceback
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import zstandard
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guichet_sync.domain.errors import TryLater
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import ErrorReply

BODY_WAIT_S = 30
MOST_UNDER_WAY = 120
"""Sixty posts that return together, twice over. Each may hold a body in memory; what is beyond comes back a little later."""
BURST, PER_S = 1_000, 50.0
"""Requests of one enrolment's: a first mirror and a comparison of all buckets of a space, and then some."""
ENCODINGS = ("zstd", "gzip")
"""How the body of a request may be packed."""
LASTING = frozenset({"/v1/hints"})
"""Replies that last for hours, and count elsewhere."""
_LARGEST_WINDOW = 8 * 1024 * 1024
_SOONEST_S, _LATEST_S = 1, 8
_MOST_HOLDERS = 10_000
_log = logging.getLogger(__name__)


class _Refused(Exception):
    """The request is not handed on: a status, a reason code, and when to come back, in seconds, if ever."""

    def __init__(self, status: int, code: str, later_s: int = 0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.later_s = later_s


class Limits:
    """ASGI middleware: reads a body of at most ``limit`` bytes, unpacked, within ``wait_s`` seconds, and hands it on whole. At
    most ``most`` requests are under way; who comes then is asked to come back, each after another pause.
    """

    def __init__(self, app: ASGIApp, limit: int, wait_s: float = BODY_WAIT_S, most: int = MOST_UNDER_WAY) -> None:
        self._app = app
        self._limit = limit
        self._wait_s = wait_s
        self._most = most
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        counts = scope.get("path") not in LASTING
        self._under_way += counts
        try:
            await self._serve(scope, receive, send)
        except _Refused as refused:
            await reply(send, refused.status, refused.code, refused.later_s)
        finally:
            self._under_way -= counts

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._under_way > self._most:
            raise _Refused(503, "try_later", random.randint(_SOONEST_S, _LATEST_S))
        headers = dict(scope["headers"])
        body = await self._body(headers, receive)
        if body is not None:
            packed = headers.get(b"content-encoding", b"identity").lower().decode("latin-1")
            if packed != "identity":
                body = unpacked(body, packed, self._limit)
                scope = {**scope, "headers": _of_unpacked(scope["headers"], len(body))}
            await self._app(scope, _handing(body, receive), send)

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes | None:
        """The whole body; None if the other side is gone."""
        announced = headers.get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self._limit:
            raise _Refused(413, "request_too_large")
        parts, size, more = [], 0, True
        try:
            async with asyncio.timeout(self._wait_s):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    parts.append(message.get("body", b""))
                    size, more = size + len(parts[-1]), message.get("more_body", False)
                    if size > self._limit:
                        raise _Refused(413, "request_too_large")
        except TimeoutError:
            raise _Refused(408, "request_too_slow") from None
        return b"".join(parts)


def unpacked(body: bytes, packed: str, limit: int) -> bytes:
    """What a body holds, as long as that is at most ``limit`` bytes: no more is ever unpacked.

    :raises _Refused: 413 ``request_too_large``; 415 or 422 ``request_shape`` if it is packed otherwise than it says.
    """
    unpack = {"zstd": _of_zstd, "gzip": _of_gzip}.get(packed)
    if unpack is None:
        raise _Refused(415, "request_shape")
    try:
        whole = unpack(body, limit)
    except (zstandard.ZstdError, zlib.error, EOFError):
        raise _Refused(422, "request_shape") from None
    if whole is None:
        raise _Refused(413, "request_too_large")
    return whole


def _of_zstd(body: bytes, limit: int) -> bytes | None:
    """The one frame that a body is; None if it holds too much, which it says itself or which is tried."""
    unpacking = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    size = zstandard.frame_content_size(body)
    if size < 0:
        size = len(unpacking.stream_reader(io.BytesIO(body)).read(limit + 1))
    return None if size > limit else unpacking.decompress(body, max_output_size=limit, allow_extra_data=False)


def _of_gzip(body: bytes, limit: int) -> bytes | None:
    unpacking = zlib.decompressobj(wbits=31)
    whole = unpacking.decompress(body, limit + 1)
    if len(whole) <= limit and not unpacking.eof:
        raise EOFError
    return None if len(whole) > limit else whole


def _of_unpacked(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    kept = [each for each in headers if each[0] not in (b"content-encoding", b"content-length", b"transfer-encoding")]
    return [*kept, (b"content-length", str(length).encode())]


@dataclass(slots=True)
class _Bucket:
    """What is left of a holder's tokens, at an instant."""

    left: float
    at: float


class Rates:
    """How often each enrolment may ask: ``burst`` requests at once, ``per_s`` a second in the long run. A token bucket for each;
    any thread may take from it.
    """

    def __init__(self, burst: int = BURST, per_s: float = PER_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._per_s, self._clock = burst, per_s, clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, holder: str) -> None:
        """One request of this holder's.

        :raises TryLater: that is too often; ``retry_after_s`` is when some will be left, each time another instant.
        """
        now = self._clock()
        with self._lock:
            bucket = self._buckets.setdefault(holder, _Bucket(self._burst, now))
            bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._per_s)
            bucket.at = now
            taken = bucket.left >= 1
            bucket.left -= taken
            if len(self._buckets) > _MOST_HOLDERS:
                self._buckets = {name: each for name, each in self._buckets.items() if not self._full(each, now)}
        if not taken:
            raise TryLater(retry_after_s=math.ceil(1 / self._per_s) + random.uniform(0, _LATEST_S))

    def _full(self, bucket: _Bucket, now: float) -> bool:
        return bucket.left + (now - bucket.at) * self._per_s >= self._burst


def _handing(body: bytes, receive: Receive) -> Receive:
    """What the application receives: the body, then whatever follows."""
    given = False

    async def handed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return handed


class LastResort:
    """ASGI middleware: an unforeseen error is logged by its kind and place, never by its message, and answered 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the top of each request; its message may quote what was sent
            place = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)[-3:]))
            _log.error("%s in %s\n%s", type(error).__name__, scope.get("path"), place)
            if not started and scope["type"] == "http":
                await reply(send, 500, "unexpected")


async def reply(send: Send, status: int, code: str, later_s: int = 0) -> None:
    """An error as a whole reply; the connection ends with it, since the rest of the request was not read."""
    body = codec.encode(ErrorReply(code))
    length = str(len(body)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length), (b"connection", b"close")]
    if later_s:
        headers.append((b"retry-after", str(later_s).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
