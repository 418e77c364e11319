from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guichet_sync.central.capture_time import TOLERANCE, CaptureTime, capture_time
from guichet_sync.protocol.messages import IntentBatch, IntentEnvelope

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ENROLLED = NOW - timedelta(days=30)
HOUR = timedelta(hours=1)


def _told(wall: datetime, sent: datetime, elapsed: timedelta | None = None, now: datetime = NOW) -> CaptureTime:
    """What the server believes of a capture at ``wall`` by a clock that says ``sent`` at sending; ``elapsed`` if of one boot."""
    boot = "boot" if elapsed is not None else ""
    elapsed_ms = int((elapsed or timedelta()).total_seconds() * 1_000)
    envelope = IntentEnvelope("id", "enrolment", "kind", "lane", "{}", "", wall, 1_000, boot)
    return capture_time(envelope, IntentBatch((), sent, 1_000 + elapsed_ms, boot), now, ENROLLED)


def test_a_right_clock_is_believed() -> None:
    assert _told(NOW - HOUR, NOW) == CaptureTime(NOW - HOUR, approximate=False)
    assert _told(NOW - HOUR, NOW - timedelta(seconds=20)) == CaptureTime(NOW - HOUR, approximate=False)
    assert _told(NOW - HOUR, NOW, HOUR) == CaptureTime(NOW - HOUR, approximate=False)


def test_a_clock_that_is_wrong_by_a_year_is_repaired_exactly_within_one_boot_and_roughly_otherwise() -> None:
    year = timedelta(days=365)
    assert _told(NOW - year - HOUR, NOW - year, HOUR) == CaptureTime(NOW - HOUR, approximate=False)
    assert _told(NOW - year - HOUR, NOW - year) == CaptureTime(NOW - HOUR, approximate=True)
    assert _told(NOW + year - HOUR, NOW + year) == CaptureTime(NOW - HOUR, approximate=True)


def test_a_clock_set_right_between_capture_and_sending_is_found_out() -> None:
    assert _told(datetime(2001, 1, 1, tzinfo=UTC), NOW, HOUR) == CaptureTime(NOW - HOUR, approximate=True)
    assert _told(NOW + 5 * HOUR, NOW, HOUR) == CaptureTime(NOW - HOUR, approximate=True)
    assert _told(datetime(2001, 1, 1, tzinfo=UTC), NOW) == CaptureTime(NOW, approximate=True)


def test_a_night_s_sleep_of_the_machine_does_not_make_a_right_clock_wrong() -> None:
    assert _told(NOW - 15 * HOUR, NOW, HOUR) == CaptureTime(NOW - 15 * HOUR, approximate=False)


def test_monotonic_clocks_that_go_backwards_or_lie_are_not_heard() -> None:
    assert _told(NOW - HOUR, NOW, -HOUR) == CaptureTime(NOW - HOUR, approximate=False)
    assert _told(NOW - HOUR, NOW, timedelta(days=36_500)) == CaptureTime(NOW - HOUR, approximate=False)


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.timezones()),
    st.none() | st.timedeltas(timedelta(days=-10), timedelta(days=50_000)),
)
def test_whatever_a_post_says_a_capture_is_after_its_enrolment_and_before_now(
    wall: datetime, sent: datetime, elapsed: timedelta | None
) -> None:
    told = _told(wall, sent, elapsed)
    assert ENROLLED - TOLERANCE <= told.at <= NOW
