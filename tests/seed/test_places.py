from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import groupby, pairwise
from math import cos, hypot, radians

from tests.helpers.seed import document, rows

METRES_A_DEGREE = 111_320
ACROSS_THE_CITY = 8_000
POSTAL_CODE = re.compile(r"G9Z [0-9][ABCEGHJ-NPRSTV-Z][0-9]")
"""G9Z: a forward sortation area that Canada Post gives to no place."""

Place = dict[str, str]


def of_kind(kind: str) -> list[Place]:
    return [row for row in rows("addresses.csv") if row["kind"] == kind]


def by_street() -> dict[str, list[Place]]:
    streets: dict[str, list[Place]] = defaultdict(list)
    for address in of_kind("address"):
        streets[address["street"]].append(address)
    return streets


def metres(one: Place, other: Place) -> float:
    north = float(one["lat"]) - float(other["lat"])
    east = (float(one["lon"]) - float(other["lon"])) * cos(radians(float(one["lat"])))
    return hypot(north, east) * METRES_A_DEGREE


def number(address: Place) -> int:
    return int(address["civic"].split()[0])


def test_the_city_has_its_2785_places_each_with_an_id_and_a_label_of_its_own() -> None:
    kinds = Counter(row["kind"] for row in rows("addresses.csv"))
    assert kinds == {"address": 2613, "intersection": 130, "place": 42}
    for column in ("location_id", "label"):
        assert max(Counter(row[column] for row in rows("addresses.csv")).values()) == 1, column


def test_every_place_is_in_the_city_with_a_known_sector_and_district() -> None:
    city = document("city.json")
    centre = {"lat": str(city["center"][0]), "lon": str(city["center"][1])}
    sectors, districts = ({each["code"] for each in city[key]} for key in ("sectors", "districts"))
    for row in rows("addresses.csv"):
        assert metres(row, centre) < ACROSS_THE_CITY / 2, row
        assert row["sector"] in sectors, row
        assert row["district"] in districts, row
    assert {row["sector"] for row in rows("addresses.csv")} == sectors
    assert {row["district"] for row in rows("addresses.csv")} == districts


def test_an_address_is_worded_as_its_number_and_its_street_and_stands_alone() -> None:
    spots: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for address in of_kind("address"):
        assert address["label"] == f"{address['civic']}, {address['street']}"
        assert re.fullmatch(r"\d{3,4}( A)?", address["civic"]), address
        spots[address["lat"], address["lon"]].append(address)
    for neighbours in spots.values():
        assert len({(number(each), each["street"]) for each in neighbours}) == 1, neighbours


def test_a_street_goes_from_one_sector_and_district_to_the_next_without_coming_back() -> None:
    for street, addresses in by_street().items():
        for column in ("sector", "district"):
            runs = [key for key, _ in groupby(sorted(addresses, key=number), key=lambda each: each[column])]
            assert len(runs) == len(set(runs)), (street, column, runs)


def test_neighbours_by_number_are_neighbours_on_the_ground() -> None:
    for street, addresses in by_street().items():
        for one, other in pairwise(sorted(addresses, key=number)):
            assert metres(one, other) < 500, (street, one["civic"], other["civic"])


def test_a_postal_code_covers_one_stretch_of_one_street() -> None:
    stretches: dict[str, list[Place]] = defaultdict(list)
    for address in of_kind("address"):
        assert POSTAL_CODE.fullmatch(address["postal_code"]), address
        stretches[address["postal_code"]].append(address)
    for code, addresses in stretches.items():
        assert len({(each["street"], each["sector"]) for each in addresses}) == 1, code
        assert len(addresses) <= 12, code


def test_an_intersection_joins_two_streets_of_the_city_that_meet_there() -> None:
    streets = by_street()
    for crossing in of_kind("intersection"):
        names = crossing["label"].split(" / ")
        assert len(set(names)) == 2 and crossing["street"] == names[0], crossing
        for name in names:
            assert min(metres(crossing, each) for each in streets[name]) < 500, crossing


def test_a_place_stands_on_a_street_of_the_city_beside_an_address_of_its_sector() -> None:
    streets = by_street()
    for place in of_kind("place"):
        nearest = min(streets[place["street"]], key=lambda each: metres(place, each))
        assert metres(place, nearest) < 150, place
        assert [nearest[key] for key in ("sector", "district")] == [place["sector"], place["district"]], place
        assert place["postal_code"] in {each["postal_code"] for each in streets[place["street"]]}, place


def test_city_hall_is_in_the_centre_on_its_own_street() -> None:
    hall = next(place for place in of_kind("place") if place["label"] == "Hôtel de ville")
    assert (hall["street"], hall["district"]) == ("rue de l’Hôtel-de-Ville", "CENTRE")
