"""How far live hints are followed. They cost the server nothing to say and a post an exchange to follow."""

from __future__ import annotations

from dataclasses import dataclass

FRUITLESS = 3
"""Hints that brought nothing so many times in a row are not believed, until an exchange brings something."""
BURST, PER_S = 30.0, 1.0
"""So many hints are followed at once, then one a second: sixty posts that follow a storm must not be another one."""


@dataclass(slots=True)
class Trust:
    """What past hints were worth."""

    hinted: bool = False
    _fruitless: int = 0
    _left: float = BURST
    _at: float = 0.0

    @property
    def given(self) -> bool:
        """Whether hints are believed."""
        return self._fruitless < FRUITLESS

    def follow(self, now: float) -> float:
        """A hint is there at this monotonic instant: 0 if it is followed now, else the seconds to wait."""
        self._left, self._at = min(BURST, self._left + (now - self._at) * PER_S), now
        if self._left < 1:
            return (1 - self._left) / PER_S
        self._left -= 1
        self.hinted = True
        return 0.0

    def weigh(self, *, fruitful: bool) -> None:
        """An exchange is over: whether it brought anything, hinted or not."""
        if fruitful:
            self._fruitless = 0
        elif self.hinted:
            self._fruitless += 1
        self.hinted = False
