"""Live hints: which spaces moved, and nothing else, told at once to the posts that listen.

One notifier for each process feeds all its streams. It looks at the heads of all spaces with one small query: at once after a
commit of this process, which nudges it; otherwise often while things happen, rarely when all is quiet, and not at all while
nobody listens. A stream costs a task of the event loop: no thread, no connection of the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from guichet_sync.domain.errors import GuichetError, TryLater
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Hint

from . import feed, identity, instance, schema
from .database import reading

Heads = dict[str, int]
Result = TypeVar("Result")

ENDING = "guichet_ending"
"""Where a server that ends finds, in the application's state, what ends its streams: it would wait for them for ever."""
_BEAT = b":\n\n"
"""A line that says nothing: silence would mean that the stream is cut."""
_LEAST_GAP_S, _BUSY_GAP_S, _QUIET_GAP_S, _AWAY_GAP_S = 0.005, 0.02, 0.1, 1.0
_BUSY_FOR_S = 2.0
"""Where something moved, more is likely for so long."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Manners:
    """How streams are kept: seconds between two lines at most, between two looks at rights, how many streams an enrolment may
    have (the oldest ends), how many there may be in all, and what a post that lost its stream is told to wait, in milliseconds.
    """

    beat_s: float = 15.0
    rights_s: float = 45.0
    per_enrolment: int = 2
    in_all: int = 1_000
    retry_ms: int = 2_000


MANNERS = Manners()


@dataclass(eq=False, slots=True)
class _Stream:
    """Who listens, by which token, to what, and what they were told last."""

    enrolment: str
    token: str
    told: Heads = field(default_factory=dict)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    def end(self) -> None:
        """Have it end at once."""
        self.over = True
        self.stirred.set()


class Hints:
    """The notifier of this process and its streams. All but :meth:`nudge` belongs to the event loop."""

    def __init__(self, engine: Engine, manners: Manners = MANNERS) -> None:
        self._looking = _Looking(engine)
        self._manners = manners
        self._streams: list[_Stream] = []
        self._heads: Heads = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._away = False
        self._listened, self._nudged = asyncio.Event(), asyncio.Event()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Notify until the block ends; streams end with it."""
        self._loop = asyncio.get_running_loop()
        notifier = asyncio.create_task(self._notify())
        try:
            yield
        finally:
            self.end()
            notifier.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await notifier
            await self._looking.close()

    def end(self) -> None:
        """No stream goes on, none begins."""
        self._loop = None
        for stream in self._streams:
            stream.end()

    def nudge(self) -> None:
        """Something was committed just now. Any thread may say so."""
        loop = self._loop
        if loop is not None and self._streams:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                loop.call_soon_threadsafe(self._nudged.set)

    async def listen(self, enrolment: str, token: str) -> AsyncGenerator[bytes]:
        """The events of one stream, from now on: all heads first.

        :raises TryLater: there are too many, or the server ends. :raises SignInRefused: the token is no longer good.
        """
        if self._loop is None or len(self._streams) >= self._manners.in_all:
            raise TryLater(retry_after_s=random.uniform(5, 30))
        stream = _Stream(enrolment, token)
        self._keep(stream)
        with contextlib.ExitStack() as undo:
            undo.callback(self._forget, stream)
            stream.told = await self._looking.of(lambda: self._looking.readable(token))
            undo.pop_all()
        return self._events(stream)

    def _keep(self, stream: _Stream) -> None:
        mine = [each for each in self._streams if each.enrolment == stream.enrolment and not each.over]
        for oldest in mine[: max(0, len(mine) + 1 - self._manners.per_enrolment)]:
            oldest.end()
        self._streams.append(stream)
        self._listened.set()

    def _forget(self, stream: _Stream) -> None:
        with contextlib.suppress(ValueError):
            self._streams.remove(stream)
        if not self._streams:
            self._listened.clear()

    async def _events(self, stream: _Stream) -> AsyncGenerator[bytes]:
        clock = asyncio.get_running_loop().time
        check_at = clock() + self._manners.rights_s
        try:
            yield b"retry: %d\n\n%s" % (self._manners.retry_ms, _event(stream.told))
            while True:
                moved = await self._next(stream)
                if clock() >= check_at:
                    stream.over = stream.over or not await self._may_go_on(stream)
                    check_at = clock() + self._manners.rights_s
                if stream.over:
                    return
                stream.told.update(moved)
                yield _event(moved) if moved else _BEAT
        finally:
            self._forget(stream)

    async def _next(self, stream: _Stream) -> Heads:
        """What moved, as soon as something did; nothing when it is time for a line."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(self._manners.beat_s, self._manners.rights_s)):
                while not stream.over and not (moved := self._moved(stream)):
                    stream.stirred.clear()
                    await stream.stirred.wait()
                return {} if stream.over else moved
        return {}

    def _moved(self, stream: _Stream) -> Heads:
        return {space: head for space, told in stream.told.items() if (head := self._heads.get(space, 0)) > told}

    async def _may_go_on(self, stream: _Stream) -> bool:
        """Whether the token is still good for the same spaces. A database that is away takes nobody's rights."""
        try:
            return (await self._looking.of(lambda: self._looking.readable(stream.token))).keys() == stream.told.keys()
        except GuichetError:
            return False
        except SQLAlchemyError:
            return True

    async def _notify(self) -> None:
        clock = asyncio.get_running_loop().time
        moved_at = clock()
        while True:
            if not self._listened.is_set():
                await self._looking.of(self._looking.rest)
                await self._listened.wait()
            looked_at = clock()
            heads = await self._looked()
            if heads is None:
                await asyncio.sleep(_AWAY_GAP_S)
                continue
            if heads != self._heads:
                self._heads, moved_at = heads, looked_at
                for stream in self._streams:
                    stream.stirred.set()
            await self._pause(_BUSY_GAP_S if looked_at - moved_at < _BUSY_FOR_S else _QUIET_GAP_S)
            await asyncio.sleep(looked_at + _LEAST_GAP_S - clock())

    async def _looked(self) -> Heads | None:
        """The heads; None while the database is away, which is said once."""
        try:
            heads = await self._looking.of(self._looking.heads)
        except (SQLAlchemyError, GuichetError) as error:
            if not self._away:
                _log.warning("no hints for now: %s", type(getattr(error, "orig", error)).__name__)
            self._away = True
            return None
        self._away = False
        return heads

    async def _pause(self, seconds: float) -> None:
        """Until the next look: a nudge makes it come at once."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._nudged.wait()
        self._nudged.clear()


class _Looking:
    """The one thread that asks the database for all streams, and the one connection it keeps while somebody listens."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._tenant = ""
        self._thread: ThreadPoolExecutor | None = None

    async def of(self, ask: Callable[[], Result]) -> Result:
        """Have the thread ask."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "guichet hints")
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask)

    async def close(self) -> None:
        """Have the thread end, once it has let go of its connection."""
        if self._thread is not None:
            await self.of(self.rest)
            self._thread.shutdown(wait=False)

    def rest(self) -> None:
        """Nobody listens: let go of the connection."""
        kept, self._connection = self._connection, None
        if kept is not None:
            kept.close()

    def heads(self) -> Heads:
        """The heads of all spaces."""
        if self._connection is None:
            self._connection = self._engine.connect()
            with self._connection.begin():
                self._tenant = instance.read(self._connection).tenant
        table = schema.space
        try:
            with self._connection.begin():
                asked = select(table.c.space, table.c.head).where(table.c.tenant == self._tenant)
                return dict(self._connection.execute(asked).all())
        except SQLAlchemyError:
            self._connection.invalidate()
            self.rest()
            raise

    def readable(self, token: str) -> Heads:
        """The heads of all spaces that the holder of this token may read today; 0 where nothing was ever written."""
        with reading(self._engine) as connection:
            here, caller = identity.caller_by_token(connection, token)
            spaces = feed.spaces_of(connection, here, caller.person)
            known = feed.heads(connection, here.tenant, spaces)
        return {space: known.get(space, 0) for space in spaces}


def _event(heads: Mapping[str, int]) -> bytes:
    return b"data: %s\n\n" % codec.encode(Hint(dict(heads)))


class EventStream(StreamingResponse):
    """A reply that lasts. However it ends, its events know at once."""

    def __init__(self, events: AsyncGenerator[bytes]) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}  # what a proxy keeps back comes too late
        super().__init__(events, headers=headers, media_type="text/event-stream")
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it."""
        async with contextlib.aclosing(self._events):
            await super().__call__(scope, receive, send)
