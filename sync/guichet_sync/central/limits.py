"""What stands before the application: requests that are too large or too slow are refused before anything reads them, and an
error that nobody foresaw becomes a reply, without a word of what was sent.
"""

from __future__ import annotations

import asyncio
import logging
import traceback

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import ErrorReply

BODY_WAIT_S = 30
_log = logging.getLogger(__name__)


class _Refused(Exception):
    """The request is not handed on: a status and a reason code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Limits:
    """ASGI middleware: reads a body of at most ``limit`` bytes within ``wait_s`` seconds, and hands it on whole."""

    def __init__(self, app: ASGIApp, limit: int, wait_s: float = BODY_WAIT_S) -> None:
        self._app = app
        self._limit = limit
        self._wait_s = wait_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._body(scope, receive)
        except _Refused as refused:
            await reply(send, refused.status, refused.code)
            return
        if body is not None:
            await self._app(scope, _handing(body, receive), send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body; None if the other side is gone."""
        announced = dict(scope["headers"]).get(b"content-length", b"0")
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


async def reply(send: Send, status: int, code: str) -> None:
    """An error as a whole reply; the connection ends with it, since the rest of the request was not read."""
    body = codec.encode(ErrorReply(code))
    length = str(len(body)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
