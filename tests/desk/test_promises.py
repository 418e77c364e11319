from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guichet_desktop.desk import capture, lookup
from guichet_desktop.desk.desk import Desk
from guichet_sync.domain.delay import Promise
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import promise_arithmetic
from tests.helpers.desks import Clock, filled


def promised(desk: Desk, category: str, language: Language = Language.FR) -> Promise:
    promise = capture.preview(desk, filled(desk, category), language).promise
    assert promise is not None
    return promise


@pytest.mark.parametrize(
    ("captured", "category", "on"),
    [
        # 5 working days, an ordinary week
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), "NDP", date(2026, 12, 1)),
        # over Christmas: the 24th and 25th are closed, the 26th is a Saturday, the 31st and the 1st are closed again
        (datetime(2026, 12, 22, 15, 0, tzinfo=UTC), "NDP", date(2027, 1, 4)),
        # over the National Holiday and Canada Day
        (datetime(2026, 6, 22, 15, 0, tzinfo=UTC), "NDP", date(2026, 6, 30)),
        (datetime(2026, 6, 29, 15, 0, tzinfo=UTC), "COL-OUBLI", date(2026, 7, 2)),
        # over Good Friday
        (datetime(2026, 4, 1, 15, 0, tzinfo=UTC), "COL-OUBLI", date(2026, 4, 6)),
        # captured on a Sunday
        (datetime(2026, 11, 29, 15, 0, tzinfo=UTC), "COL-OUBLI", date(2026, 12, 1)),
        # late in the evening here, already tomorrow in UTC: today is the city's
        (datetime(2026, 11, 25, 4, 30, tzinfo=UTC), "COL-OUBLI", date(2026, 11, 26)),
        # calendar days run through closed days
        (datetime(2026, 12, 22, 15, 0, tzinfo=UTC), "BAC-BRIS", date(2026, 12, 29)),
        # 24 hours in the night the clocks go back, and 4 hours in the night they go forward
        (datetime(2026, 10, 31, 14, 0, tzinfo=UTC), "NEIGE", date(2026, 11, 1)),
        (datetime(2027, 3, 14, 4, 30, tzinfo=UTC), "GLACE", date(2027, 3, 14)),
    ],
)
def test_the_date_promised_is_the_citys_own(desk: Desk, clock: Clock, captured: datetime, category: str, on: date) -> None:
    clock.at = captured
    assert promised(desk, category).on == on


def test_the_arithmetic_names_the_closed_days_in_the_language_of_the_desk(desk: Desk, clock: Clock) -> None:
    clock.at = datetime(2026, 12, 22, 15, 0, tzinfo=UTC)
    french, english = promised(desk, "NDP"), promised(desk, "NDP", Language.EN)
    assert [each.closure for each in french.skipped if each.closure] == [
        "Fermeture municipale – veille de Noël",
        "Jour de Noël",
        "Fermeture municipale – lendemain de Noël",
        "Fermeture municipale – veille du jour de l’An",
        "Jour de l’An",
        "Fermeture municipale – lendemain du jour de l’An",
    ]
    assert "Christmas Day" in [each.closure for each in english.skipped]
    told = promise_arithmetic(Words(Language.FR), french)
    assert told.startswith("5 jours ouvrables à partir du mardi 22 décembre 2026, sans compter ")
    assert "Jour de Noël (25 déc. 2026)" in told
    assert told.endswith("2 jours de fin de semaine.")


def test_what_is_settled_at_once_promises_nothing(desk: Desk) -> None:
    assert capture.preview(desk, filled(desk, "COL-HORAIRE")).promise is None


def test_the_promise_and_the_capture_are_of_one_instant_even_at_midnight(desk: Desk) -> None:
    class Ticking(Clock):
        def __call__(self) -> datetime:
            before, self.at = self.at, datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
            return before

    late = Desk(desk.store, desk.person, desk.enrolment, desk.timezone, Ticking(datetime(2026, 11, 26, 4, 59, 59, tzinfo=UTC)))
    saved = capture.submit(late, filled(late, "COMM", {"txt": "Merci!"}))
    assert saved.preview.at == datetime(2026, 11, 26, 4, 59, 59, tzinfo=UTC)
    assert lookup.request(late, saved.request_id).request.captured_at == saved.preview.at
    assert saved.preview.promise is not None
    assert saved.preview.promise.started.date() == date(2026, 11, 25)
