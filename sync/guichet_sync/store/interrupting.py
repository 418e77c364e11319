"""Cutting a look-up short from another thread: a newer keystroke makes older work worthless."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class _Connection(Protocol):
    def interrupt(self) -> None: ...


class Interrupter:
    """A handle on the look-up under way. ``interrupt`` may be called from any thread, at any time, any number of times."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: _Connection | None = None

    def interrupt(self) -> None:
        """Make the query under way, if any, end with :class:`~guichet_sync.domain.errors.Interrupted`."""
        with self._lock:
            if self._connection is not None:
                self._connection.interrupt()

    @contextmanager
    def watching(self, connection: _Connection) -> Iterator[None]:
        """The query of this connection is the one to cut."""
        with self._lock:
            self._connection = connection
        try:
            yield
        finally:
            with self._lock:
                self._connection = None


_CURRENT: ContextVar[Interrupter | None] = ContextVar("interrupter", default=None)


@contextmanager
def interruptible(interrupter: Interrupter) -> Iterator[None]:
    """Look-ups of this block answer to ``interrupter``."""
    token = _CURRENT.set(interrupter)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> Interrupter | None:
    """The interrupter of the block we are in."""
    return _CURRENT.get()
