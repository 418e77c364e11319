"""The promised date, against cases worked out by hand on a 2026–2027 calendar."""

from datetime import date, datetime

import pytest

from guichet_sync.domain.delay import DelayUnit, SkippedDay, StandardDelay, promised

CLOSED = {
    date(2026, 12, 25): "Noël",
    date(2026, 12, 28): "Congé municipal",
    date(2027, 1, 1): "Jour de l’An",
    date(2027, 6, 24): "Fête nationale",
}


@pytest.mark.parametrize(
    ("n", "unit", "captured", "expected"),
    [
        (2, DelayUnit.WORKING_DAYS, datetime(2026, 11, 24, 10), date(2026, 11, 26)),
        (5, DelayUnit.WORKING_DAYS, datetime(2026, 11, 24, 10), date(2026, 12, 1)),
        (1, DelayUnit.WORKING_DAYS, datetime(2026, 11, 27, 16), date(2026, 11, 30)),
        (1, DelayUnit.WORKING_DAYS, datetime(2026, 11, 28, 9), date(2026, 11, 30)),
        (2, DelayUnit.WORKING_DAYS, datetime(2026, 12, 24, 9), date(2026, 12, 30)),
        (1, DelayUnit.WORKING_DAYS, datetime(2027, 6, 23, 9), date(2027, 6, 25)),
        (7, DelayUnit.CALENDAR_DAYS, datetime(2026, 12, 18, 9), date(2026, 12, 25)),
        (4, DelayUnit.HOURS, datetime(2026, 11, 24, 21), date(2026, 11, 25)),
        (24, DelayUnit.HOURS, datetime(2026, 12, 31, 8), date(2027, 1, 1)),
    ],
)
def test_a_promise(n: int, unit: DelayUnit, captured: datetime, expected: date) -> None:
    promise = promised(StandardDelay(n, unit), captured, CLOSED)
    assert promise is not None
    assert promise.on == expected
    assert promise.started == captured


def test_the_days_that_did_not_count_are_told() -> None:
    promise = promised(StandardDelay(2, DelayUnit.WORKING_DAYS), datetime(2026, 12, 24, 9), CLOSED)
    assert promise is not None
    assert promise.skipped == (
        SkippedDay(date(2026, 12, 25), "Noël"),
        SkippedDay(date(2026, 12, 26)),
        SkippedDay(date(2026, 12, 27)),
        SkippedDay(date(2026, 12, 28), "Congé municipal"),
    )


def test_what_is_settled_at_once_promises_nothing() -> None:
    assert promised(StandardDelay(0, DelayUnit.HOURS), datetime(2026, 11, 24, 10), CLOSED) is None
