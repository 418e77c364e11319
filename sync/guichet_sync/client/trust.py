"""How far live hints are followed. They cost the server nothing to say and a post an exchange to follow."""

from __future__ import annotations

import random
from dataclasses import dataclass

FRUITLESS = 3
"""Hints that brought nothing so many times in a row are not believed, until an exchange brings something."""
BURST, PER_S = 300.0, 2.0
"""So many hints are followed at once, then two a second: sixty posts that follow a storm must not be another one."""
_FREE = 20.0
_LEAST_REST, _MOST_REST = 0.5, 1.5
"""After more than a few hinted exchanges, a rest of so many times what the last took: a busy server is asked less."""


@dataclass(slots=True)
class Trust:
    """What past hints were worth. Instants are monotonic, in seconds."""

    hinted: bool = False
    _fruitless: int = 0
    _left: float = BURST
    _at: float = 0.0
    _resting_until: float = 0.0

    @property
    def given(self) -> bool:
        """Whether hints are believed."""
        return self._fruitless < FRUITLESS

    def follow(self, now: float) -> float:
        """A hint is there: 0 if it is followed now, else the seconds to wait."""
        self._left, self._at = min(BURST, self._left + (now - self._at) * PER_S), now
        wait_s = max(self._resting_until - now, (1 - self._left) / PER_S)
        if wait_s > 0:
            return wait_s
        self._left -= 1
        self.hinted = True
        return 0.0

    def weigh(self, now: float, took_s: float, *, fruitful: bool) -> None:
        """An exchange that took so long is over: whether it brought anything, hinted or not."""
        if fruitful:
            self._fruitless = 0
        elif self.hinted:
            self._fruitless += 1
        if self.hinted and self._left < BURST - _FREE:
            self._resting_until = now + random.uniform(_LEAST_REST, _MOST_REST) * took_s
        self.hinted = False
