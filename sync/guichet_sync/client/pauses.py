"""How long to wait. Sixty posts that lost the server together do not come back together: every wait is another one."""

from __future__ import annotations

import random

from guichet_sync.domain.errors import GuichetError, TryLater

IDLE_S = 15.0
"""Between two looks at the server where it says nothing else and no hints come."""
LONG_S = 300.0
"""Between two looks while live hints come."""
FIRST_S, LONGEST_S = 1.0, 60.0
SHORTEST_POLL_S, LONGEST_POLL_S = 5.0, 300.0
_MOST_DOUBLINGS = 16


def jittered(failures: int, longest_s: float = LONGEST_S, first_s: float = FIRST_S) -> float:
    """Full jitter: anything from nothing to a bound that doubles with each failure in a row, up to ``longest_s`` seconds."""
    return random.uniform(0, min(longest_s, first_s * 2 ** min(failures, _MOST_DOUBLINGS)))


def around(seconds: float) -> float:
    """About so long: posts that were started together drift apart."""
    return random.uniform(0.8, 1.2) * seconds


def asked_s(failure: GuichetError | None) -> float:
    """How long the server asked to be left alone, within bounds, in seconds; 0 where it did not."""
    wanted = failure.retry_after_s if isinstance(failure, TryLater) else None
    return min(max(wanted, 0.0), LONGEST_POLL_S) if wanted else 0.0


def pause(failure: GuichetError | None, failures: int, poll_s: float | None, longest_s: float = LONGEST_S) -> float:
    """Seconds until the next look. All being well: as the server asked, within bounds, or the usual time. After so many failures
    in a row: as long as the server asked to be left alone, and a random time that may double with each.
    """
    if failure is None:
        wanted = IDLE_S if poll_s is None else poll_s
        return around(min(max(wanted, SHORTEST_POLL_S), LONGEST_POLL_S))
    return asked_s(failure) + jittered(failures, longest_s)
