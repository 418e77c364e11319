"""How long a verb's own work took."""

from __future__ import annotations

import time


class Stopwatch:
    """Runs from its making."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()

    def ms(self) -> float:
        """Milliseconds so far."""
        return round(1000 * (time.perf_counter() - self._begun), 2)
