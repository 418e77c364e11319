"""When was it captured? A post's clock may be wrong by hours, or have been set right between the capture and its sending.

Nothing is refused for its time. What the wall's clock says, corrected by how wrong it is at sending, is taken where it is
possible: not before the enrolment that captured it, nor after what the monotonic clock of the same boot allows (which may stand
still while the machine sleeps, but never runs ahead). Otherwise the latest possible instant stands, flagged.

What somebody else carried was sealed at an instant that only its author's clock knows: that clock is taken at its word where that
is possible, and flagged unless the sealing was just now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from guichet_sync.protocol.messages import IntentBatch, IntentEnvelope

TOLERANCE = timedelta(minutes=5)
"""Differences below this are the network's, not a clock's."""


@dataclass(frozen=True, slots=True)
class CaptureTime:
    """The instant of a capture; ``approximate`` where it could only be guessed."""

    at: datetime
    approximate: bool


def capture_time(
    envelope: IntentEnvelope, batch: IntentBatch, now: datetime, enrolled_at: datetime, *, carried: bool = False
) -> CaptureTime:
    """The true time of a capture, by the server's clock ``now``. ``carried`` says that ``batch`` was sealed a while ago."""
    elapsed = _elapsed(envelope, batch)
    latest = now if elapsed is None else max(now - elapsed, enrolled_at)
    try:
        skew = now - batch.sent_at
        wrong = abs(skew) > TOLERANCE
        at = envelope.captured_at.astimezone(UTC) + (skew if wrong and not carried else timedelta())
    except OverflowError:
        return CaptureTime(latest, approximate=True)
    if not enrolled_at - TOLERANCE <= at <= latest + TOLERANCE:
        return CaptureTime(latest, approximate=True)
    certain = not wrong or (not carried and elapsed is not None and abs(latest - at) <= TOLERANCE)
    return CaptureTime(min(at, now), approximate=not certain)


def _elapsed(envelope: IntentEnvelope, batch: IntentBatch) -> timedelta | None:
    """How long ago by the monotonic clock, where both readings are of one boot."""
    milliseconds = batch.sent_monotonic_ms - envelope.monotonic_ms
    if not envelope.boot_id or envelope.boot_id != batch.boot_id or not 0 <= milliseconds < _LONGEST_MS:
        return None
    return timedelta(milliseconds=milliseconds)


_LONGEST_MS = int(timedelta(days=3_650).total_seconds() * 1_000)
