"""What can happen between a post and its server, told as a story: ``faults.lose_next_reply("/v1/intents")``.

A :class:`Faults` stands before the real application. It does to the next request of a path what it was told, then stands aside.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import zstandard
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import ErrorReply

_Headers = dict[str, str]
_Fault = Callable[[ASGIApp, Scope, Receive, Send], Awaitable[None]]


@dataclass(slots=True)
class Held:
    """A request that gets no answer until it is let go, or the post goes away."""

    arrived: threading.Event = field(default_factory=threading.Event)
    _going: threading.Event = field(default_factory=threading.Event)

    def let_go(self) -> None:
        """Serve it now."""
        self._going.set()

    async def wait(self, receive: Receive) -> bool:
        """Whether it was let go."""
        self.arrived.set()
        gone = asyncio.ensure_future(receive())
        while not gone.done() and not self._going.is_set():
            await asyncio.wait([gone], timeout=0.01)
        gone.cancel()
        return self._going.is_set()


@dataclass(slots=True, repr=False)
class Faults:
    """``asked`` are the paths of all requests so far, ``sent`` their bodies, ``ranges`` the parts of files asked for,
    ``packed`` the content encodings of what came packed.
    """

    asked: list[str] = field(default_factory=list)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    packed: list[str] = field(default_factory=list)
    _poison: list[tuple[bytes, int, bytes]] = field(default_factory=list)
    _planned: deque[tuple[str, _Fault]] = field(default_factory=deque)

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """The application behind these faults."""

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            self.asked.append(scope["path"])
            self.packed += [value.decode() for name, value in scope["headers"] if name == b"content-encoding"]
            self.ranges += [value.decode() for name, value in scope["headers"] if name == b"range"]
            await self._next(scope["path"])(self._listening(app), scope, receive, send)

        return serve

    def lose_next_reply(self, path: str) -> None:
        """The next request is done, to its commit; its reply never arrives."""
        self.cut_next_reply(path, 0)

    def cut_next_reply(self, path: str, after: int) -> None:
        """The connection breaks ``after`` bytes of the next reply's body."""

        async def cut(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
            left = after

            async def some(message: Message) -> None:
                nonlocal left
                body = message.get("body", b"")
                if message["type"] == "http.response.start" and after:
                    await send(message)
                elif body and left:
                    await send({"type": "http.response.body", "body": body[:left], "more_body": True})
                left -= min(left, len(body))

            await app(scope, receive, some)
            await _hang_up(receive, send)

        self._plan(path, cut)

    def refuse_next(self, path: str, status: int, headers: _Headers | None = None, *, code: str = "", times: int = 1) -> None:
        """The next requests get this status, with the server's own word if there is a ``code``, else a proxy's page."""
        page = codec.encode(ErrorReply(code)) if code else b"<html>Apologies</html>"
        self.answer_next(path, page, status, headers, times=times)

    def answer_next(self, path: str, body: bytes, status: int = 200, headers: _Headers | None = None, *, times: int = 1) -> None:
        """The next requests never reach the application and get this reply."""
        lines = _lines(headers)

        async def answer(_app: ASGIApp, _scope: Scope, receive: Receive, send: Send) -> None:
            await _whole(receive)
            await send({"type": "http.response.start", "status": status, "headers": lines})
            await send({"type": "http.response.body", "body": body})

        for _ in range(times):
            self._plan(path, answer)

    def hold_next(self, path: str) -> Held:
        """The next request gets no answer for now."""
        held = Held()

        async def hold(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
            parts = await _whole(receive)
            if await held.wait(receive):
                await app(scope, _again(parts, receive), send)

        self._plan(path, hold)
        return held

    def before_next(self, path: str, act: Callable[[], object]) -> None:
        """Something happens just before the next request is served."""

        async def serve(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
            act()
            await app(scope, receive, send)

        self._plan(path, serve)

    def rewrite_next(
        self, path: str, change: Callable[[bytes], bytes], headers: _Headers | None = None, *, times: int = 1
    ) -> None:
        """The next replies say something else: ``change`` makes it of what the application said."""

        async def serve(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
            plain = {**scope, "headers": [each for each in scope["headers"] if each[0] != b"accept-encoding"]}
            status, said, body = await _reply_of(app, plain, receive)
            lines = [each for each in said if each[0] != b"content-length"] + _lines(headers)
            await send({"type": "http.response.start", "status": status, "headers": lines})
            await send({"type": "http.response.body", "body": change(body)})

        for _ in range(times):
            self._plan(path, serve)

    def speak_next(self, path: str, *pieces: bytes, every_s: float = 0.0) -> Held:
        """The next request gets a stream of these pieces, one after the other, then silence, until that is let go or the post
        goes away.
        """
        held = Held()

        async def speak(_app: ASGIApp, _scope: Scope, receive: Receive, send: Send) -> None:
            await _whole(receive)
            lines = [(b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": lines})
            for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                await asyncio.sleep(every_s)
            await held.wait(receive)
            await send({"type": "http.response.body", "body": b""})

        self._plan(path, speak)
        return held

    def refuse_whatever_holds(self, word: str, status: int, *, code: str = "") -> None:
        """From now on, a request with this word in its body gets this status: with the server's own word, or none."""
        self._poison.append((word.encode(), status, codec.encode(ErrorReply(code)) if code else b"Internal Server Error"))

    def heal(self) -> None:
        """Nothing planned happens any more."""
        self._planned.clear()
        self._poison.clear()

    def count(self, path: str) -> int:
        """How many requests of this path came so far."""
        return sum(each.startswith(path) for each in self.asked)

    def _plan(self, path: str, fault: _Fault) -> None:
        self._planned.append((path, fault))

    def _next(self, path: str) -> _Fault:
        for planned in self._planned:
            if path.startswith(planned[0]):
                self._planned.remove(planned)
                return planned[1]
        return _serve

    def _listening(self, app: ASGIApp) -> ASGIApp:
        """The application, with an ear on what is sent to it."""

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            parts = await _whole(receive)
            body = _unpacked(scope, b"".join(part.get("body", b"") for part in parts))
            self.sent.append((scope["path"], body))
            for word, status, said in self._poison:
                if word in body:
                    await send({"type": "http.response.start", "status": status, "headers": []})
                    await send({"type": "http.response.body", "body": said})
                    return
            await app(scope, _again(parts, receive), send)

        return serve


def _unpacked(scope: Scope, body: bytes) -> bytes:
    """What a post said, however it packed it."""
    packed = (b"content-encoding", b"zstd") in scope["headers"]
    return zstandard.ZstdDecompressor().decompress(body) if packed else body


def _lines(headers: _Headers | None) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()]


def _again(parts: list[Message], receive: Receive) -> Receive:
    """Receive what was received before, then what comes."""
    waiting = deque(parts)

    async def replayed() -> Message:
        return waiting.popleft() if waiting else await receive()

    return replayed


async def _whole(receive: Receive) -> list[Message]:
    """All messages of a request."""
    parts = [await receive()]
    while parts[-1].get("more_body"):
        parts.append(await receive())
    return parts


async def _serve(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


async def _reply_of(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, tuple[tuple[bytes, bytes], ...], bytes]:
    """What the application answers: status, headers and body."""
    status, parts = 0, list[bytes]()
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def keep(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], tuple((bytes(name), bytes(value)) for name, value in message.get("headers", ()))
        parts.append(message.get("body", b""))

    await app(scope, receive, keep)
    return status, headers, b"".join(parts)


async def _hang_up(receive: Receive, send: Send) -> None:
    """Close the connection under uvicorn's own request: what a network does."""
    send.__self__.transport.close()  # type: ignore[attr-defined]
    while (await receive())["type"] != "http.disconnect":
        pass
