"""A request that is too large is refused before it is read, also when it does not say its size."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import ErrorReply

_TOO_LARGE = codec.encode(ErrorReply("request_too_large"))


class _TooLarge(Exception):
    """More bytes came than are taken."""


class SizeLimit:
    """ASGI middleware: answers 413 to a body of more than ``limit`` bytes."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self._limit:
            await _refuse(send)
            return
        try:
            await self._app(scope, self._counting(receive), send)
        except _TooLarge:
            await _refuse(send)

    def _counting(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise _TooLarge
            return message

        return counted


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _TOO_LARGE})
