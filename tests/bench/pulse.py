"""How long the window's thread is deaf: the length of each turn of its event loop.

The bench turns the loop itself: a non-blocking ``processEvents`` is one turn (what is posted, what timers and sockets have
ready), timed from outside by two readings of a clock; between turns it sleeps for a millisecond, as a loop that waits does.
Nothing runs in Python for an event that is measured, whereas a ``notify`` override would run for each of the thousands that a
repaint posts. ``awake`` and ``aboutToBlock`` tell nothing here: GLib's dispatcher emits them around wait and work alike.
A turn can last longer than its longest event, never less; and coming back from it may wait for the interpreter's lock (5 ms at
most): the figures are upper bounds of what a key would wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent

_REST_S = 0.001


def turn() -> float:
    """One turn of the loop, and what is to be deleted after it; the seconds that took."""
    begun = time.perf_counter()
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return time.perf_counter() - begun


def live(seconds: float) -> float:
    """Let the window live for so long; its longest turn."""
    ends, longest = time.perf_counter() + seconds, turn()
    while time.perf_counter() < ends:
        time.sleep(_REST_S)
        longest = max(longest, turn())
    return longest


def until(so: Callable[[], object], patience: float = 120.0) -> None:
    """Let the window live until something is so.

    :raises TimeoutError: it never is.
    """
    ends = time.perf_counter() + patience
    while not so():
        if time.perf_counter() > ends:
            raise TimeoutError
        live(_REST_S)


@dataclass(slots=True)
class Beats:
    """For each gesture, the longest time that the thread was deaf until the next one, in seconds; ``names`` tells them apart."""

    longest: list[float] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def feel(self, name: str, gesture: Callable[[], object], then: float) -> None:
        """Make a gesture, then let the window live for ``then`` seconds."""
        begun = time.perf_counter()
        gesture()
        own = time.perf_counter() - begun
        self.longest.append(max(own, live(then)))
        self.names.append(name)

    def worst(self) -> str:
        """The gesture that the longest turn follows."""
        return self.names[self.longest.index(max(self.longest))]
