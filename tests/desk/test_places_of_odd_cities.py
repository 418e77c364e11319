"""What some cities have and others do not: crossings off the street, houses without a number, builds without metadata."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from guichet_desktop.desk import capture, lookup, software, surroundings
from guichet_desktop.desk.desk import Desk
from guichet_desktop.desk.street_lines import Door, drawn
from guichet_sync.domain.category import PlaceKind
from guichet_sync.domain.location import Location
from guichet_sync.domain.plane import Plane
from guichet_sync.store.projection import RequestFilter
from tests.helpers.desks import filled
from tests.helpers.stores import enrolled_store, put, receive

DOORS = [Door(number, (20.0 * number, 0.0)) for number in (2, 4, 6)]


@pytest.fixture
def village(tmp_path: Path, desk: Desk) -> Iterator[Desk]:
    """A desk whose post knows no place yet."""
    with closing(enrolled_store(tmp_path / "village")) as store:
        yield replace(desk, store=store)


@pytest.mark.parametrize(("north", "bends"), [(29.0, True), (31.0, False)])
def test_a_crossing_too_far_from_the_line_is_of_another_street(north: float, bends: bool) -> None:
    (line,) = drawn(DOORS, [(90.0, north)]).lines
    assert ((90.0, north) in line) is bends


def test_a_crossing_where_nothing_is_drawn_draws_nothing() -> None:
    assert drawn([], [(0.0, 0.0)]).lines == ()


def test_a_house_without_a_number_is_a_house_and_no_door_of_its_street(village: Desk) -> None:
    plane = Plane((46.05, -72.95))
    stands = {"10": 0.0, "12": 20.0, "bâtiment B": 90.0}
    homes = [
        Location(civic, PlaceKind.ADDRESS, f"{civic}, rue du Parc", *plane.point((east, 0.0)), civic, "rue du Parc")
        for civic, east in stands.items()
    ]
    receive(village.store, "places", [put("location", each.id, each) for each in homes])
    around = surroundings.around(village, plane.origin, 300)
    assert {house.civic for house in around.houses} == set(stands)
    assert [len(street.line) for street in around.streets] == [2]


def test_a_build_that_left_its_metadata_out_still_says_what_it_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(software, "_DISTRIBUTION", "guichet-nowhere-installed")
    runs = software.installed()
    assert (runs.version, runs.components) == ("", ())
    assert runs.python.startswith("3.")


def test_the_list_of_requests_is_ids_first_and_lines_where_one_looks(desk: Desk) -> None:
    told = capture.submit(desk, filled(desk, "NDP", {"dim": "gros"}, at="A00010"))
    ids = lookup.request_ids(desk, RequestFilter(mine=True))
    assert ids == (told.request_id,)
    line = lookup.request_lines(desk, (*ids, "no such request"))
    assert set(line) == {told.request_id}
    assert lookup.request(desk, told.provisional_number.lower()).request.id == told.request_id


def test_the_team_a_request_goes_to_is_named_where_the_post_knows_it(desk: Desk) -> None:
    told = capture.submit(desk, filled(desk, "NDP", {"dim": "gros"}, at="A00010"))
    assert told.preview.routing.unit is not None
    assert lookup.unit(desk, "NDP", told.preview.routing.unit.code) == told.preview.routing.unit
    assert lookup.unit(desk, "NDP", "AUCUNE") is None
