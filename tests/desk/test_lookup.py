from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from guichet_desktop.desk import capture, lookup
from guichet_desktop.desk.desk import Desk
from guichet_sync.domain.article import Freshness
from guichet_sync.domain.errors import InvalidInput, NotFound
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.words import Language
from guichet_sync.store.projection import RequestFilter
from tests.helpers.desks import Clock, filled


def test_a_fiche_is_found_by_what_a_person_says_and_read_in_both_languages(desk: Desk) -> None:
    found = lookup.search(desk, "quand passe le recyclage", Language.FR, limit=3)
    assert found.hits[0].article_id == "COL-001"
    assert len(found.hits) <= 3
    fiche = lookup.article(desk, "COL-001")
    assert fiche.text(Language.FR).title == found.hits[0].title != fiche.text(Language.EN).title


def test_freshness_is_that_of_today_in_the_city(desk: Desk, clock: Clock) -> None:
    def freshness() -> Freshness:
        (hit,) = (
            each for each in lookup.search(desk, "quand passe le recyclage", Language.FR).hits if each.article_id == "COL-001"
        )
        return hit.freshness

    review_on = lookup.article(desk, "COL-001").review_on
    assert review_on is not None
    midnight = datetime.combine(review_on + timedelta(days=1), time(), ZoneInfo(desk.timezone))
    clock.at = midnight - timedelta(minutes=1)
    assert freshness() is Freshness.VERIFIED
    clock.at = midnight
    assert freshness() is Freshness.TO_REVIEW


def test_what_this_post_does_not_have_is_said_by_kind(desk: Desk) -> None:
    for look, code in (
        (lookup.article, "article_not_found"),
        (lookup.location, "location_not_found"),
        (lookup.collections, "location_not_found"),
        (lookup.request, "request_not_found"),
    ):
        with pytest.raises(NotFound) as unknown:
            look(desk, "RIEN")
        assert unknown.value.code == code


def test_a_number_misheard_is_said_to_be_misheard(desk: Desk) -> None:
    number = capture.submit(desk, filled(desk, "COMM", {"txt": "Merci!"})).provisional_number
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    assert lookup.request(desk, f" {number.lower()} ").request.provisional_number == number
    with pytest.raises(InvalidInput) as misheard:
        lookup.request(desk, wrong)
    assert misheard.value.code == "number_check"


def test_words_that_name_one_place_are_that_place(desk: Desk) -> None:
    named = [lookup.place_named(desk, text).label for text in ("102 rue des erables", "HÔTEL DE VILLE", "tilleuls cedres")]
    assert named == ["102, rue des Érables", "Hôtel de ville", "rue des Cèdres / rue des Tilleuls"]


def test_words_that_name_several_places_are_not_guessed(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as ambiguous:
        lookup.place_named(desk, "rue des erables")
    assert (ambiguous.value.code, ambiguous.value.field) == ("location_ambiguous", "location")
    with pytest.raises(InvalidInput) as begun:
        lookup.place_named(desk, "102 rue des era")
    assert begun.value.values["count"] == len(lookup.addresses(desk, "102 rue des era"))


def test_words_that_name_no_place_are_kept_as_a_place_to_be_located(desk: Desk) -> None:
    assert lookup.place_named(desk, "près du vieux pont") == Whereabouts(label="près du vieux pont")


def test_the_next_collections_of_a_place_begin_today_or_when_asked(desk: Desk) -> None:
    sector, coming = lookup.collections(desk, "A00001")
    assert sector == "S1"
    assert coming[0].on >= date(2026, 11, 24)
    assert [each.on for each in coming] == sorted(each.on for each in coming)
    _, winter = lookup.collections(desk, "A00971", date(2026, 12, 24))
    assert winter[0].on >= date(2026, 12, 24)
    assert next(each for each in winter if each.moved_because).on == date(2026, 12, 26)
    assert {each.material for each in (*coming, *winter)} <= lookup.materials(desk).keys()


def test_categories_and_services_are_the_citys(desk: Desk) -> None:
    assert len(lookup.categories(desk)) == 50
    assert lookup.category(desk, "NDP").service == "TP"
    assert lookup.services(desk)["TP"].name.fr
    with pytest.raises(InvalidInput):
        lookup.category(desk, "RIEN")


def test_late_requests_are_the_open_ones_promised_before_today(desk: Desk, clock: Clock) -> None:
    capture.submit(desk, filled(desk, "COMM", {"txt": "Merci!"}))
    assert lookup.requests(desk, RequestFilter(mine=True, late_on=desk.today())).total == 0
    clock.at = datetime(2026, 12, 20, 15, 0, tzinfo=UTC)
    assert lookup.requests(desk, RequestFilter(mine=True, late_on=desk.today())).total == 1
