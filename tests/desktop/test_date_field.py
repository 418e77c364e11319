from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guichet_desktop.tour import Hands, until
from guichet_desktop.widgets.date_field import DateField, today_here
from guichet_desktop.widgets.date_reading import Misread, read_date
from guichet_desktop.widgets.field import Field
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.helpers.announcements import Announcements, announcements

TODAY = date(2026, 11, 24)  # a Tuesday
CHRISTMAS_EVE = date(2026, 12, 24)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-24",
        "2026/12/24",
        "24/12/2026",
        "12/24/2026",
        "24.12.2026",
        "24/12",
        "24 déc",
        "24 déc.",
        "  24   DÉCEMBRE 2026 ",
        "le 24 décembre",
        "jeudi 24 décembre 2026",
        "Dec 24",
        "December 24th, 2026",
        "24 of December",
        "Thu Dec 24",
        "dans 30 jours",
        "in 30 days",
    ],
)
def test_the_many_ways_of_saying_one_date(typed: str) -> None:
    assert read_date(typed, TODAY).day == CHRISTMAS_EVE


@pytest.mark.parametrize(
    ("typed", "shift"),
    [
        ("aujourd’hui", 0),
        ("Today", 0),
        ("demain", 1),
        ("tomorrow", 1),
        ("après-demain", 2),
        ("hier", -1),
        ("yesterday", -1),
        ("avant-hier", -2),
        ("il y a 2 semaines", -14),
        ("3 days ago", -3),
        ("lundi prochain", 6),
        ("next Monday", 6),
        ("mardi prochain", 7),
        ("mardi dernier", -7),
        ("last monday", -1),
    ],
)
def test_days_as_seen_from_today(typed: str, shift: int) -> None:
    assert read_date(typed, TODAY).day == TODAY + timedelta(days=shift)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("15 janvier", date(2027, 1, 15)),
        ("15 juin", date(2026, 6, 15)),
        ("29 février", date(2028, 2, 29)),
        ("1er mai", date(2027, 5, 1)),
    ],
)
def test_without_its_year_a_date_is_the_nearest_one(typed: str, day: date) -> None:
    assert read_date(typed, TODAY).day == day


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        ("03/04/2026", [date(2026, 3, 4), date(2026, 4, 3)]),
        ("24-12-26", [date(2024, 12, 26), CHRISTMAS_EVE]),
        ("3 jui", [date(2026, 6, 3), date(2026, 7, 3)]),
        ("lundi", [date(2026, 11, 23), date(2026, 11, 30)]),
        ("mardi", [date(2026, 11, 17), TODAY, date(2026, 12, 1)]),
    ],
)
def test_what_can_be_two_dates_is_not_chosen(typed: str, candidates: list[date]) -> None:
    read = read_date(typed, TODAY)
    assert (read.day, read.misread, list(read.candidates)) == (None, Misread.AMBIGUOUS, candidates)


@pytest.mark.parametrize(
    ("typed", "misread"),
    [
        ("bientôt", Misread.UNKNOWN),
        ("20261224", Misread.UNKNOWN),
        ("2026-12-24T10:00", Misread.UNKNOWN),
        ("24 " * 40, Misread.UNKNOWN),
        ("24", Misread.INCOMPLETE),
        ("décembre", Misread.INCOMPLETE),
        ("décembre 2026", Misread.INCOMPLETE),
        ("31/02/2026", Misread.IMPOSSIBLE),
        ("31 avril", Misread.IMPOSSIBLE),
        ("mercredi 24 décembre 2026", Misread.OTHER_WEEKDAY),
    ],
)
def test_what_is_no_date_says_why(typed: str, misread: Misread) -> None:
    read = read_date(typed, TODAY)
    assert (read.day, read.misread) == (None, misread)


days = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


@given(st.text() | st.text(alphabet="0123456789 /-.,déclunjurvimaoh", max_size=24), days)
def test_whatever_is_typed_is_read_without_a_fault(typed: str, today: date) -> None:
    read = read_date(typed, today)
    assert (read.day is None) or (read.misread is None)
    assert (read.misread is Misread.AMBIGUOUS) == (len(read.candidates) > 1)


@given(days, st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.sampled_from(Language))
def test_a_date_written_out_is_read_as_itself(day: date, today: date, language: Language) -> None:
    assert read_date(day.isoformat(), today).day == day
    if day.year >= 1000:
        assert read_date(Words(language).day(day), today).day == day
        assert read_date(format_date(day, "d MMMM y", locale=f"{language}_CA"), today).day == day


# ── the field ────────────────────────────────────────────────────────────────


@pytest.fixture
def heard() -> Iterator[Announcements]:
    with announcements() as heard:
        yield heard


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A form with a date field and another one to go to."""
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(Field("Depuis quand?", DateField(Words(Language.FR), lambda: TODAY)))
    layout.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.show()
    until(window.isActiveWindow, "the window before the person")
    return window


@pytest.fixture
def editor(window: QWidget) -> DateField:
    editor = window.findChildren(DateField)[0]
    editor.setFocus()
    return editor


def _shown(editor: DateField) -> set[str]:
    return {each.text() for each in editor.window().findChildren(QLabel) if each.isVisible() and each.text()}


def test_what_was_understood_stands_beside_while_one_types(editor: DateField, heard: Announcements) -> None:
    told: list[date | None] = []
    editor.changed.connect(lambda: told.append(editor.value()))
    hands = Hands(editor.window())
    hands.type("24 dec")
    assert told[-1] == CHRISTMAS_EVE
    assert _shown(editor) == {"Depuis quand?", "jeudi 24 décembre 2026"}
    assert editor.accessibleDescription() == "jeudi 24 décembre 2026"
    assert not heard.said
    hands.press("Tab")
    assert editor.text() == "2026-12-24"
    assert heard.said == ["jeudi 24 décembre 2026"]


def test_what_can_be_two_dates_is_asked_about_once_one_leaves(editor: DateField, heard: Announcements) -> None:
    hands = Hands(editor.window())
    hands.type("3/4/2026")
    assert _shown(editor) == {"Depuis quand?"}
    hands.press("Tab")
    dates = "mercredi 4 mars 2026 ou vendredi 3 avril 2026"
    question = f"Plusieurs dates sont possibles\u00a0: {dates}. Écrivez le mois en lettres et l’année."
    assert heard.said == [question]
    assert question in _shown(editor)
    assert editor.accessibleDescription() == question
    assert (editor.value(), editor.text()) == (None, "3/4/2026")
    editor.setFocus()
    editor.selectAll()
    hands.type("3 avril 2026")
    assert _shown(editor) == {"Depuis quand?", "vendredi 3 avril 2026"}


def test_up_and_down_go_from_day_to_day(editor: DateField, heard: Announcements) -> None:
    hands, told = Hands(editor.window()), list[date | None]()
    editor.changed.connect(lambda: told.append(editor.value()))
    hands.press("Up", "Up", "Down", "Down")
    assert told == [TODAY, TODAY + timedelta(1), TODAY, TODAY - timedelta(1)]
    assert editor.text() == "2026-11-23"
    assert heard.said[-1] == "lundi 23 novembre 2026"


def test_the_last_day_there_is_has_none_after_it(editor: DateField) -> None:
    editor.show_date(date.max)
    Hands(editor.window()).press("Up")
    assert editor.value() == date.max


def test_what_was_kept_is_shown_and_not_touched(editor: DateField, heard: Announcements) -> None:
    told: list[int] = []
    editor.changed.connect(lambda: told.append(1))
    editor.show_text("la semaine passée")
    Hands(editor.window()).press("Tab")
    assert editor.text() == "la semaine passée"
    editor.show_date(CHRISTMAS_EVE)
    assert editor.value() == CHRISTMAS_EVE
    editor.show_date(None)
    assert (editor.text(), editor.value()) == ("", None)
    assert not told
    assert not heard.said


def test_an_error_and_a_note_are_both_told(editor: DateField) -> None:
    field = editor.parentWidget()
    assert isinstance(field, Field)
    editor.show_date(CHRISTMAS_EVE)
    field.show_error("Cette date est trop loin.")
    assert editor.accessibleDescription() == "Cette date est trop loin. jeudi 24 décembre 2026"
    field.show_error("")
    assert editor.accessibleDescription() == "jeudi 24 décembre 2026"


def test_today_is_the_day_of_this_post() -> None:
    assert abs(today_here() - date.today()) <= timedelta(days=1)
