from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import holidays

from tests.helpers.seed import document, rows

YEARS = (2026, 2027, 2028)
CLOSURE = "Fermeture municipale"
WINTER = {12, 1, 2, 3}
MOVED = {(12, 25), (1, 1), (6, 24)}
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
FIRST_WEEKDAY = {"S4": 0, "S5": 1, "S1": 2, "S6": 2, "S2": 3, "S3": 4}
"""The day of bulky items, as the fiche COL-007 says it."""


def closed_days() -> dict[date, str]:
    return {date.fromisoformat(row["date"]): row["name_fr"] for row in rows("closed_days.csv")}


def meant() -> dict[tuple[str, str], list[date]]:
    """The days of each sector's materials before any holiday moved them."""
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for row in rows("calendar.csv"):
        on = date.fromisoformat(row["date"])
        days[row["sector"], row["material"]].append(on - A_DAY if row["moved_because"] else on)
    return days


def test_the_holidays_are_those_of_quebec_as_the_library_knows_them() -> None:
    known = holidays.country_holidays("CA", subdiv="QC", years=YEARS, language="fr")
    ours = {on: name for on, name in closed_days().items() if not name.startswith(CLOSURE)}
    assert ours == {on: name.replace("'", "’").replace("l’an", "l’An") for on, name in known.items()}


def test_the_city_also_closes_around_christmas_and_new_year() -> None:
    added = {(on.month, on.day) for on, name in closed_days().items() if name.startswith(CLOSURE)}
    assert added == {(12, 24), (12, 26), (12, 31), (1, 2)}
    assert len(rows("closed_days.csv")) == len(closed_days())


def test_every_sector_has_a_calendar_of_every_material() -> None:
    sectors = {each["code"] for each in document("city.json")["sectors"]}
    assert meant().keys() == {(sector, material) for sector in sectors for material in document("materials.json")}


def test_nothing_is_collected_at_christmas_new_year_and_the_national_holiday_but_on_the_next_day() -> None:
    closed = closed_days()
    for row in rows("calendar.csv"):
        on = date.fromisoformat(row["date"])
        assert (on.month, on.day) not in MOVED, row
        if row["moved_because"]:
            before = on - A_DAY
            assert closed[before] == row["moved_because"], row
            assert (before.month, before.day) in MOVED, row


def test_a_sector_is_collected_on_one_day_of_the_week() -> None:
    for (sector, material), days in meant().items():
        assert len({day.weekday() for day in days}) == 1, (sector, material)
        assert len(set(days)) == len(days), (sector, material)


def test_garbage_and_recyclables_alternate_week_after_week() -> None:
    days = meant()
    for sector in {sector for sector, _ in days}:
        together = sorted(days[sector, "dechets"] + days[sector, "recyclables"])
        assert {later - sooner for sooner, later in pairwise(together)} == {A_WEEK}, sector
        assert {later - sooner for sooner, later in pairwise(days[sector, "dechets"])} == {2 * A_WEEK}, sector


def test_organic_waste_is_collected_every_week_from_april_to_november_and_every_two_in_winter() -> None:
    for (sector, material), days in meant().items():
        if material == "organiques":
            for sooner, later in pairwise(days):
                gap = 2 * A_WEEK if {sooner.month, later.month} <= WINTER else A_WEEK
                edge = (sooner.month in WINTER) != (later.month in WINTER)
                assert later - sooner == gap or (edge and later - sooner <= 2 * A_WEEK), (sector, sooner, later)


def test_bulky_items_are_collected_on_the_first_such_day_of_each_month() -> None:
    for (sector, material), days in meant().items():
        if material == "encombrants":
            assert {day.weekday() for day in days} == {FIRST_WEEKDAY[sector]}, sector
            assert all(day.day <= 7 for day in days), sector
            assert len({(day.year, day.month) for day in days}) == len(days), sector


def test_seasonal_collections_fall_in_the_months_that_fiches_tell() -> None:
    months: dict[str, set[int]] = defaultdict(set)
    for (_, material), days in meant().items():
        months[material] |= {day.month for day in days}
    assert months["feuilles"] == {4, 5, 10, 11}
    assert months["branches"] == {5, 7, 9, 11}
    assert months["sapins"] == {1}
    assert set(
        Counter(sector for (sector, material), days in meant().items() if material == "sapins" for _ in days).values()
    ) == {2}
