"""Live hints: a thread that listens to the server and says when it tells of something the mirror does not have yet.

Hints are a courtesy. What they say is believed only as far as "look now": nothing of it reaches the files, and a server that
says too much, or nonsense, is left alone for a while, during which the post polls as if there were no hints.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Protocol

from guichet_sync.domain.errors import BadReply, GuichetError
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Hint

from .pauses import pause

Heads = dict[str, int]

END_S = 1.5
"""How long the end of the thread is waited for; where the network holds it longer, it ends with the process."""
LONGEST_LINE = 64 * 1024
_LARGEST = 2**53
_MOST_SPACES, _LONGEST_SPACE = 2_000, 200
_WINDOW_S, _MOST_LINES = 10.0, 3_000
"""An honest server tells at most fifty events a second."""
_STEADY_S = 60.0
"""A stream that lasted for so long was a good one: what follows its end is a first failure."""
_LONGEST_PAUSE_S = 300.0


class Stream(Protocol):
    """A reply that lasts."""

    def chunks(self) -> Iterator[bytes]:
        """What comes, as it comes."""
        ...

    def cut(self) -> None:
        """End it; any thread may."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Hints:
    """Listens, in a thread of its own, while the server answers. ``connect`` opens a stream; ``stir`` is called when something is
    heard that may be news, and when the stream begins or ends.
    """

    def __init__(self, connect: Callable[[], Stream], stir: Callable[[], None]) -> None:
        self._connect = connect
        self._stir = stir
        self._lock = threading.Lock()
        self._welcome, self._ending = threading.Event(), threading.Event()
        self._stream: Stream | None = None
        self._heads: Heads = {}
        self._live = self._first = False
        self._thread: threading.Thread | None = None

    def welcome(self, *, answered: bool) -> None:
        """The server has just answered, or has not: while it does not, nobody knocks a second time for hints."""
        if not answered:
            self._welcome.clear()
            return
        self._welcome.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="guichet hints", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Come to an end."""
        with self._lock:
            self._ending.set()
            if self._stream is not None:
                self._stream.cut()
        self._welcome.set()
        if self._thread is not None:
            self._thread.join(END_S)

    @property
    def live(self) -> bool:
        """Whether the server is heard now."""
        return self._live

    def news(self, at: Mapping[str, int]) -> bool:
        """Whether what was heard is not what a mirror holds that is ``at`` these numbers of its spaces. The first event of a
        stream names all spaces: one that is missing there, or has come down, is news too, once.
        """
        with self._lock:
            heads, first, self._first = self._heads, self._first, False
        ahead = any(head > at.get(space, 0) for space, head in heads.items())
        return ahead or (first and any(seq > heads.get(space, -1) for space, seq in at.items()))

    def _run(self) -> None:
        failures = 0
        while not self._ending.is_set():
            self._welcome.wait()
            begun = time.monotonic()
            failure = self._listen()
            failures = 1 if time.monotonic() - begun >= _STEADY_S else failures + 1
            self._ending.wait(pause(failure, failures, None, _LONGEST_PAUSE_S))

    def _listen(self) -> GuichetError:
        """Listen until the stream ends; why it did."""
        try:
            if self._ending.is_set():
                return BadReply()
            with closing(self._connect()) as stream:
                with self._lock:
                    self._stream = stream
                    if self._ending.is_set():
                        stream.cut()
                for heard in read(stream.chunks()):
                    self._hear(heard)
        except GuichetError as error:
            return error
        finally:
            with self._lock:
                self._stream = None
            if self._live:
                self._live = False
                self._stir()
        return BadReply()

    def _hear(self, heard: Heads) -> None:
        """Keep what came. The first event of a stream says it all, the others what moved since; a mere beat says nothing."""
        if not heard:
            return
        with self._lock:
            self._heads = {**self._heads, **heard} if self._live else heard
            if len(self._heads) > _MOST_SPACES:
                raise BadReply("reply_too_large")
            self._first = self._first or not self._live
            self._live = True
        self._stir()


def read(chunks: Iterable[bytes], clock: Callable[[], float] = time.monotonic) -> Iterator[Heads]:
    """What each piece of a stream of server-sent events says, taken together; nothing for a piece that has no whole event.

    :raises BadReply: it is not the protocol, or more than anybody needs.
    """
    rest, data, lines, since = b"", b"", 0, clock()
    for chunk in chunks:
        heads: Heads = {}
        *whole, rest = (rest + chunk).split(b"\n")
        if clock() - since > _WINDOW_S:
            lines, since = 0, clock()
        lines += len(whole)
        if lines > _MOST_LINES or len(rest) > LONGEST_LINE:
            raise BadReply("reply_too_large")
        for line in whole:
            name, _, value = line.rstrip(b"\r").partition(b":")
            if name == b"data":
                data += value
                if len(data) > LONGEST_LINE:
                    raise BadReply("reply_too_large")
            elif not line.rstrip(b"\r"):
                heads.update(_heads(data) if data else {})
                data = b""
        yield heads


def _heads(data: bytes) -> Heads:
    heads = codec.decode(data, Hint).heads
    if not all(0 <= head <= _LARGEST and 0 < len(space) <= _LONGEST_SPACE for space, head in heads.items()):
        raise BadReply("reply_shape", kind="Hint", path="$.heads")
    return heads
