from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet_desktop.desk import lookup, surroundings
from guichet_desktop.desk.desk import Desk
from guichet_desktop.desk.street_lines import Door, drawn
from guichet_desktop.desk.surroundings import Street, Surroundings
from guichet_sync.domain.category import PlaceKind
from guichet_sync.domain.location import Location, distance_m
from guichet_sync.domain.plane import Plane, apart
from guichet_sync.store import places
from tests.helpers.seed import rows
from tests.helpers.stores import address, enrolled_store, put, receive

TOWN_HALL = "L0001"
METRES_NORTH = 1 / 111_195


def point_of(desk: Desk, place: str) -> tuple[float, float]:
    found = lookup.location(desk, place)
    return found.lat, found.lon


def named(around: Surroundings, name: str) -> Street:
    return max((street for street in around.streets if street.name == name), key=lambda street: len(street.line))


def test_the_streets_around_the_town_hall_are_drawn_through_their_addresses(desk: Desk) -> None:
    around = surroundings.around(desk, point_of(desk, TOWN_HALL), 400)
    names = {street.name for street in around.streets}
    assert {"rue de l’Hôtel-de-Ville", "rue du Marché", "rue Saint-Omer", "rue Sainte-Florine"} <= names
    assert "rue des Érables" not in names
    assert "Hôtel de ville" in {place.label for place in around.places}
    assert not around.is_empty


def test_a_street_runs_half_way_between_its_two_sides(desk: Desk) -> None:
    street = named(surroundings.around(desk, point_of(desk, "A00010"), 500), "rue des Érables")
    sides = {
        float(row["lat"]) for row in rows("addresses.csv") if row["street"] == "rue des Érables" and row["kind"] == "address"
    }
    assert len(sides) == 2
    assert [lat for lat, _ in street.line] == pytest.approx([sum(sides) / 2] * len(street.line), abs=METRES_NORTH / 2)
    assert [lon for _, lon in street.line] == sorted(lon for _, lon in street.line)


def test_streets_meet_where_they_cross(desk: Desk) -> None:
    crossing = point_of(desk, "I0005")
    plane, around = Plane(crossing), surroundings.around(desk, crossing, 300)
    across = [plane.spot(spot) for spot in named(around, "rue du Noyer").line]
    along = [plane.spot(spot) for spot in named(around, "rue des Mélèzes").line]
    assert all(abs(x) < 1 for x, _ in across)
    assert all(abs(y) < 1 for _, y in along)
    assert across[0][1] < 0 < across[-1][1]


@pytest.mark.parametrize(
    ("crossing", "ends"), [((200.0, 0.0), (200.0, 0.0)), ((400.0, 0.0), (120.0, 0.0)), ((90.0, 3.0), (120.0, 0.0))]
)
def test_a_street_goes_as_far_as_a_crossing_near_its_end_and_bends_through_one_beside_it(
    crossing: tuple[float, float], ends: tuple[float, float]
) -> None:
    (line,) = drawn([Door(number, (20.0 * number, 0.0)) for number in (2, 4, 6)], [crossing]).lines
    assert line[-1] == ends
    assert (crossing in line) is (crossing[0] != 400)


def test_main_streets_are_told_by_their_name(desk: Desk) -> None:
    around = surroundings.around(desk, point_of(desk, "I0003"), 300)
    majors = {street.name for street in around.streets if street.major}
    assert majors == {"boulevard du Vieux-Moulin"}


def test_a_house_knows_its_number_and_the_direction_of_its_street(desk: Desk) -> None:
    along = {house.civic: house for house in surroundings.around(desk, point_of(desk, "A00010"), 150).houses}
    assert along["129"].heading == pytest.approx(0, abs=0.05)
    up = lookup.place_named(desk, "1011 boulevard du Vieux-Moulin")
    assert up.point is not None
    upright = {house.civic: house for house in surroundings.around(desk, up.point, 200).houses}
    assert upright["1011"].heading == pytest.approx(math.pi / 2, abs=0.05)


def test_all_that_is_around_is_in_reach(desk: Desk) -> None:
    here = point_of(desk, TOWN_HALL)
    around = surroundings.around(desk, here, 250)
    assert all(distance_m(here, house.at) <= 250 * math.sqrt(2) + 1 for house in around.houses)
    assert around.houses[0].civic


def test_in_the_woods_there_is_nothing(desk: Desk) -> None:
    around = surroundings.around(desk, (46.5, -72.0), 500)
    assert around.is_empty
    assert surroundings.nearest(desk, (46.5, -72.0)) is None


def test_a_point_is_taken_for_the_place_it_is_nearest_to(desk: Desk) -> None:
    lat, lon = point_of(desk, "A00010")
    found = surroundings.nearest(desk, (lat + 20 * METRES_NORTH, lon))
    assert found is not None
    assert found.id == "A00010"
    corner = surroundings.nearest(desk, point_of(desk, "I0005"))
    assert corner is not None
    assert corner.label == "rue des Mélèzes / rue du Noyer"


def test_too_far_from_any_place_a_point_is_no_place(desk: Desk) -> None:
    lat, lon = point_of(desk, "A00001")
    south = (lat - 59 * METRES_NORTH, lon), (lat - 61 * METRES_NORTH, lon)
    assert [surroundings.nearest(desk, each) is not None for each in south] == [True, False]
    wider = surroundings.nearest(desk, south[1], within_m=80)
    assert wider is not None
    assert wider.id == "A00001"


@pytest.fixture
def village(tmp_path: Path, desk: Desk) -> Iterator[Desk]:
    """A desk whose post knows no place yet."""
    with closing(enrolled_store(tmp_path / "village")) as store:
        yield replace(desk, store=store)


def test_a_street_without_doors_for_long_is_in_two_parts_and_a_lone_door_is_none(village: Desk) -> None:
    stands = {100: 0, 102: 60, 104: 120, 202: 400, 204: 440, 990: 900}
    _build(village, {number: (0, east) for number, east in stands.items()})
    around = surroundings.around(village, (46.05, -72.95), 1_000)
    assert [len(street.line) for street in around.streets] == [3, 2]
    assert len(around.houses) == 6


def test_a_street_with_doors_on_one_side_runs_along_them(village: Desk) -> None:
    _build(village, {number: (12, 20 * number) for number in range(2, 12, 2)})
    (street,) = surroundings.around(village, (46.05, -72.95), 500).streets
    assert [lat for lat, _ in street.line] == pytest.approx([46.05 + 12 * METRES_NORTH] * 5)


def test_of_a_dense_place_the_nearest_are_read(village: Desk) -> None:
    _build(village, {number: (0, number) for number in range(1, 40)})
    found = places.near(village.store, (46.05, -72.95), 500, 3)
    assert [place.civic for place in found] == ["1", "2", "3"]


def test_addresses_as_some_cities_write_them_are_of_one_street(village: Desk) -> None:
    plane = Plane((46.05, -72.95))
    homes = []
    for civic in ("10", "12 A", "14"):
        lat, lon = plane.point((10.0 * int(civic[:2]), 0.0))
        street = f"{civic} chemin du Lac"
        homes.append(Location(civic, PlaceKind.ADDRESS, street, lat, lon, civic, street))
    receive(village.store, "places", [put("location", each.id, each) for each in homes])
    assert [(each.name, len(each.line)) for each in surroundings.around(village, plane.origin, 300).streets] == [
        ("chemin du Lac", 3)
    ]


def _build(desk: Desk, doors: dict[int, tuple[float, float]]) -> None:
    """Doors of one street, each so many metres north and east of the middle of the village."""
    plane = Plane((46.05, -72.95))
    homes = []
    for number, (north, east) in doors.items():
        lat, lon = plane.point((east, north))
        homes.append(
            replace(address(f"A{number}", f"{number}, rue Longue", civic=str(number), street="rue Longue"), lat=lat, lon=lon)
        )
    receive(desk.store, "places", [put("location", each.id, each) for each in homes])


@given(
    st.lists(st.tuples(st.integers(1, 500), st.floats(-2_000, 2_000), st.floats(-2_000, 2_000)), max_size=40),
    st.lists(st.tuples(st.floats(-2_000, 2_000), st.floats(-2_000, 2_000)), max_size=6),
)
def test_no_part_of_a_street_jumps_nor_goes_twice_through_a_spot(
    doors: list[tuple[int, float, float]], crossings: list[tuple[float, float]]
) -> None:
    street = drawn([Door(number, (x, y)) for number, x, y in doors], crossings)
    for line in street.lines:
        assert len(line) > 1
        assert all(0 < apart(*leg) <= 180 for leg in pairwise(line))  # 150, and a bend
    assert set(street.headings) == {number for number, _, _ in doors}


@given(st.floats(-70, 70), st.floats(-179, 179), st.floats(-30_000, 30_000), st.floats(-30_000, 30_000))
def test_a_spot_of_the_plane_comes_back_and_is_as_far_as_on_the_globe(lat: float, lon: float, x: float, y: float) -> None:
    plane = Plane((lat, lon))
    point = plane.point((x, y))
    assert apart(plane.spot(point), (x, y)) < 0.001
    if abs(lat) < 60 and max(abs(x), abs(y)) < 1_000:
        assert distance_m((lat, lon), point) == pytest.approx(math.hypot(x, y), abs=1)
