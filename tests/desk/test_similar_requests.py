from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from guichet_desktop.desk import capture, lookup
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import RequestStatus
from guichet_sync.domain.words import Language
from guichet_sync.store.projection import RequestFilter
from tests.helpers.desks import Clock, SyncedPost, at_desk, connected, filled
from tests.helpers.posts import exchanged

HOUSE = "A00831"
METRES_NORTH = 1 / 111_195
POTHOLE = {"dim": "moyen"}


def similar(desk: Desk, category: str, at: str | Whereabouts) -> list[tuple[str, int]]:
    found = capture.preview(desk, filled(desk, category, at=at)).similar
    return [(each.request.provisional_number or each.request.number, round(each.distance_m)) for each in found]


def beside(desk: Desk, metres: float) -> Whereabouts:
    place = lookup.location(desk, HOUSE)
    return Whereabouts(label="devant", lat=place.lat + metres * METRES_NORTH, lon=place.lon)


def test_open_requests_of_the_same_category_nearby_are_shown_nearest_first(desk: Desk) -> None:
    own = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=beside(desk, 20))).provisional_number
    found = capture.preview(desk, filled(desk, "NDP", at=HOUSE)).similar
    assert [round(each.distance_m) for each in found] == [0, 0, 0, 0, 20]
    assert found[-1].request.provisional_number == own
    assert found[-1].request.status is RequestStatus.WAITING
    assert {each.request.category for each in found} == {"NDP"}
    assert similar(desk, "ECL", HOUSE) == []


def test_the_categorys_radius_decides_to_the_metre(desk: Desk) -> None:
    for metres in (49, 51):
        capture.submit(desk, filled(desk, "NDP", POTHOLE, at=beside(desk, metres)))
    assert [distance for _, distance in similar(desk, "NDP", HOUSE)] == [0, 0, 0, 0, 49]


def test_the_categorys_window_decides_for_ones_own_unsent_requests_too(desk: Desk, clock: Clock) -> None:
    capture.submit(desk, filled(desk, "PUISARD", {"pb": "bouche"}, at=beside(desk, 0)))
    now = clock.at
    clock.at = now + timedelta(days=14)
    assert len(similar(desk, "PUISARD", HOUSE)) == 1
    clock.at = now + timedelta(days=14, seconds=1)
    assert similar(desk, "PUISARD", HOUSE) == []


def test_a_radius_of_nothing_means_the_very_same_place(desk: Desk) -> None:
    answers = {"mat": "dechets", "date": "2026-11-23", "sorti": "oui", "rue": "non"}
    own = capture.submit(desk, filled(desk, "COL-OUBLI", answers, at="A00001")).provisional_number
    assert similar(desk, "COL-OUBLI", "A00001") == [(own, 0)]
    assert similar(desk, "COL-OUBLI", "A00002") == []
    assert similar(desk, "COL-OUBLI", Whereabouts(label="102, rue des Érables")) == []


def test_a_place_in_words_alone_is_near_nothing(desk: Desk) -> None:
    assert similar(desk, "NDP", Whereabouts(label="Près du vieux pont")) == []


def test_a_neighbours_complaint_is_shown_to_nobody(desk: Desk) -> None:
    noise = {"src": "musique", "quand": "2026-11-24T09:00", "encours": "non"}
    capture.submit(desk, filled(desk, "BRUIT", noise, at=HOUSE))
    assert similar(desk, "BRUIT", HOUSE) == []


def test_a_category_that_never_looks_finds_nothing(desk: Desk) -> None:
    capture.submit(desk, filled(desk, "ZONAGE", {"q": "Quel zonage?"}, at=HOUSE))
    assert similar(desk, "ZONAGE", HOUSE) == []


def test_a_request_is_similar_once_while_it_travels(profile: Profile, synced_post: SyncedPost, tmp_path: Path) -> None:
    with synced_post.server(tmp_path / "central") as server:
        connected(profile, server)
        desk = at_desk(profile, Clock())
        own = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=beside(desk, 20))).provisional_number
        before = similar(desk, "NDP", HOUSE)
        assert exchanged(desk).failure is None
        after = similar(desk, "NDP", HOUSE)
        desk.close()
    assert before == after
    assert [number for number, _ in after].count(own) == 1


def test_ones_own_unsent_requests_are_listed_among_the_others(desk: Desk) -> None:
    own = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=HOUSE)).provisional_number
    mine = lookup.requests(desk, RequestFilter(mine=True))
    everyones = lookup.requests(desk, RequestFilter())
    assert [each.provisional_number for each in mine.requests] == [own]
    assert everyones.requests[0] == mine.requests[0]
    assert everyones.total == 43


def test_the_preview_in_english_shows_the_same_requests(desk: Desk) -> None:
    draft = filled(desk, "NDP", at=HOUSE)
    french, english = (capture.preview(desk, draft, language) for language in Language)
    assert replace(english, promise=None) == replace(french, promise=None)
