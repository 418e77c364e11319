"""Where a request goes, what is like it, what a role reads."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet_sync.domain.article import Article, ArticleText, Freshness
from guichet_sync.domain.category import Category, DuplicateMode, DuplicateRule, PlaceKind, UrgentWhen
from guichet_sync.domain.duplicate import similar
from guichet_sync.domain.errors import GuichetError, ImportRefused, InvalidInput, LineProblem, TryLater
from guichet_sync.domain.interaction import Outcome
from guichet_sync.domain.location import Location, Whereabouts, box, distance_m
from guichet_sync.domain.request import Requester, RequestStatus, RequestSummary
from guichet_sync.domain.routing import Routing, RoutingRule, Unit, route
from guichet_sync.domain.spaces import (
    PUBLIC_SPACES,
    Role,
    confidential_space,
    is_public,
    people_space,
    readable_spaces,
    requester_space,
    requests_space,
)
from guichet_sync.domain.words import Bilingual, Language

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
CITY_HALL = (46.05, -72.95)
POTHOLE = Category(
    "NDP",
    "TP",
    Bilingual("Nid-de-poule", "Pothole"),
    duplicate=DuplicateRule(50, 30, DuplicateMode.JOIN),
    urgent=(UrgentWhen("dim", "gros"),),
)
NORTH = RoutingRule("NDP", "TP", Unit("TP-NORD", Bilingual("Voirie – Nord")), district="N")
NORTH_S1 = RoutingRule("NDP", "TP", Unit("TP-S1", Bilingual("Voirie – S1")), district="N", sector="S1")
ANYWHERE = RoutingRule("NDP", "TP", Unit("TP-VOIRIE", Bilingual("Voirie")))


def _open_request(request_id: str, **changes: object) -> RequestSummary:
    where = Whereabouts(lat=CITY_HALL[0], lon=CITY_HALL[1])
    base = RequestSummary(request_id, "", "", "NDP", "TP", RequestStatus.TRANSMITTED, NOW - timedelta(days=1), where)
    return replace(base, **changes)  # type: ignore[arg-type]


def test_the_most_specific_row_routes_and_says_why() -> None:
    rules = [ANYWHERE, NORTH, NORTH_S1]
    assert route(rules, "NDP", "TP", Whereabouts(district="N", sector="S1")) == Routing(
        "TP", NORTH_S1.unit, ("category", "district", "sector")
    )
    assert route(rules, "NDP", "TP", Whereabouts(district="N")).unit == NORTH.unit
    assert route(rules, "NDP", "TP", Whereabouts()) == Routing("TP", ANYWHERE.unit, ("category",))


def test_without_a_row_the_service_itself_receives() -> None:
    assert route([NORTH], "ECL", "TP", Whereabouts(district="N")) == Routing("TP", None)


def test_equal_rows_are_decided_alike_everywhere() -> None:
    other = replace(ANYWHERE, unit=Unit("TP-AUTRE", Bilingual("Autre")))
    assert route([ANYWHERE, other], "NDP", "TP", Whereabouts()) == route([other, ANYWHERE], "NDP", "TP", Whereabouts())


def test_distances_are_those_of_the_globe() -> None:
    assert distance_m((45.0, -73.0), (46.0, -73.0)) == pytest.approx(111_195, rel=1e-4)
    assert distance_m(CITY_HALL, CITY_HALL) == 0


def _distance_beyond(corner: tuple[float, float, float, float], point: tuple[float, float]) -> bool:
    south, north, west, east = corner
    return not (south <= point[0] <= north and west <= point[1] <= east)


@given(st.floats(-89, 89), st.floats(-90, 90), st.floats(0, 50_000) | st.just(2e7), st.floats(-1, 1), st.floats(-1, 1))
def test_a_circle_is_within_its_box(lat: float, lon: float, radius: float, north: float, east: float) -> None:
    point = (max(-90.0, min(90.0, lat + north)), lon + east)
    if distance_m((lat, lon), point) <= radius:
        assert not _distance_beyond(box((lat, lon), radius), point)


def test_a_box_is_hardly_larger_than_its_circle() -> None:
    south, north, west, east = box(CITY_HALL, 1_000)
    for corner in ((south, CITY_HALL[1]), (north, CITY_HALL[1]), (CITY_HALL[0], west), (CITY_HALL[0], east)):
        assert distance_m(CITY_HALL, corner) == pytest.approx(1_000, abs=1)
    assert box((89.9, 0), 50_000)[2:] == pytest.approx((-180, 180))


def test_similar_requests_are_near_recent_open_and_nearest_first() -> None:
    here = Whereabouts(lat=CITY_HALL[0], lon=CITY_HALL[1])
    forty_metres = Whereabouts(lat=CITY_HALL[0] + 0.00036, lon=CITY_HALL[1])
    candidates = [
        _open_request("40 m", where=forty_metres),
        _open_request("here"),
        _open_request("far", where=Whereabouts(lat=46.06, lon=-72.95)),
        _open_request("old", opened_at=NOW - timedelta(days=31)),
        _open_request("closed", status=RequestStatus.DONE),
        _open_request("other", category="ECL"),
        _open_request("nowhere", where=Whereabouts(label="près du pont")),
    ]
    found = similar(candidates, POTHOLE, here, NOW)
    assert [each.request.id for each in found] == ["here", "40 m"]
    assert found[1].distance_m == pytest.approx(40, abs=1)


def test_a_radius_of_zero_means_the_very_same_place() -> None:
    at_home = replace(POTHOLE, duplicate=DuplicateRule(0, 7, DuplicateMode.ASK))
    home, next_door = Whereabouts(id="A1", lat=46.0, lon=-72.9), Whereabouts(id="A2", lat=46.0001, lon=-72.9)
    candidates = [_open_request("home", where=home), _open_request("next door", where=next_door)]
    assert [each.request.id for each in similar(candidates, at_home, home, NOW)] == ["home"]


def test_a_neighbour_never_learns_that_somebody_complained() -> None:
    here = Whereabouts(lat=CITY_HALL[0], lon=CITY_HALL[1])
    assert similar([_open_request("x")], replace(POTHOLE, confidential=True), here, NOW) == ()
    assert similar([_open_request("x")], replace(POTHOLE, duplicate=DuplicateRule()), here, NOW) == ()


def test_an_answer_makes_a_request_urgent() -> None:
    assert POTHOLE.is_urgent({"dim": "gros"})
    assert POTHOLE.is_urgent({"dim": ("petit", "gros")})
    assert not POTHOLE.is_urgent({"dim": "petit"})
    assert not POTHOLE.is_urgent({})
    assert replace(POTHOLE, urgent=(UrgentWhen(always=True),)).is_urgent({})


def test_an_agent_sees_the_city_a_service_sees_itself_an_author_sees_no_request() -> None:
    services = ["TP", "ENV"]
    everything = (*PUBLIC_SPACES, "requests/ENV", "requests/TP", "people/ENV", "people/TP")
    assert readable_spaces(Role.AGENT, "", services) == (*everything, "confidential/ENV", "confidential/TP")
    assert readable_spaces(Role.SERVICE_EMPLOYEE, "TP", services) == (*PUBLIC_SPACES, "requests/TP", "people/TP")
    assert readable_spaces(Role.SUPERVISOR, "", services) == (*PUBLIC_SPACES, "requests/ENV", "requests/TP")
    assert readable_spaces(Role.AUTHOR, "TP", services) == PUBLIC_SPACES
    assert {requests_space("ENV"), people_space("TP")} <= set(everything)
    assert is_public("kb")
    assert not is_public("people/TP")


@pytest.mark.parametrize("role", Role)
def test_who_complains_about_a_neighbour_is_known_to_those_who_answer_the_public_alone(role: Role) -> None:
    reads = confidential_space("TP") in readable_spaces(role, "TP", ["TP"])
    assert reads == (role in (Role.AGENT, Role.CLERK))
    assert requester_space("TP", confidential=True) == confidential_space("TP") != requester_space("TP", confidential=False)


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (RequestStatus.TRANSMITTED, RequestStatus.ACCEPTED, True),
        (RequestStatus.IN_PROGRESS, RequestStatus.DONE, True),
        (RequestStatus.DONE, RequestStatus.REOPENED, True),
        (RequestStatus.REOPENED, RequestStatus.DONE, True),
        (RequestStatus.DONE, RequestStatus.IN_PROGRESS, False),
        (RequestStatus.ACCEPTED, RequestStatus.ACCEPTED, False),
        (RequestStatus.ACCEPTED, RequestStatus.REOPENED, False),
        (RequestStatus.ACCEPTED, RequestStatus.WAITING, False),
    ],
)
def test_an_open_request_goes_on_and_a_closed_one_is_only_reopened(
    before: RequestStatus, after: RequestStatus, allowed: bool
) -> None:
    assert before.may_become(after) is allowed


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_the_public_spaces_first(role: Role) -> None:
    assert readable_spaces(role, "TP", ["TP"])[: len(PUBLIC_SPACES)] == PUBLIC_SPACES


def test_a_fiche_ages_in_the_open() -> None:
    text = ArticleText("Feuilles mortes")
    fiche = Article("F", text, verified_on=date(2026, 9, 1), review_on=date(2026, 12, 1), expires_on=date(2027, 1, 1))
    assert fiche.freshness(date(2026, 12, 1)) is Freshness.VERIFIED
    assert fiche.freshness(date(2026, 12, 2)) is Freshness.TO_REVIEW
    assert fiche.freshness(date(2027, 1, 2)) is Freshness.EXPIRED
    assert Article("F", text).freshness(date(2026, 12, 1)) is Freshness.UNVERIFIED


def test_a_fiche_without_english_is_read_in_french() -> None:
    french, english = ArticleText("Feuilles mortes"), ArticleText("Fallen leaves")
    assert Article("F", french).text(Language.EN) is french
    assert Article("F", french, english).text(Language.EN) is english
    assert Bilingual("Bac", "").in_(Language.EN) == "Bac"
    assert Bilingual("Bac", "Bin").in_(Language.EN) == "Bin"


def test_a_known_place_is_whereabouts() -> None:
    place = Location("A1", PlaceKind.ADDRESS, "1425, rue des Érables", 46.0, -72.9, sector="S1", district="N")
    where = Whereabouts.of(place)
    assert (where.id, where.point, where.sector) == ("A1", (46.0, -72.9), "S1")
    assert Whereabouts(label="près du pont").point is None


def test_only_a_phone_or_an_address_reaches_somebody() -> None:
    assert Requester(phone="4505550142").is_reachable
    assert Requester(email="a@exemple.ca").is_reachable
    assert not Requester(name="S. Gagnon").is_reachable


def test_an_error_is_a_code_with_values() -> None:
    assert str(GuichetError(size=3, file="work.db")) == "unexpected file='work.db' size=3"
    assert str(TryLater(retry_after_s=2.0)) == "try_later retry_after_s=2.0"
    assert InvalidInput("required", field="mat").field == "mat"
    refused = ImportRefused((LineProblem(3, "unknown_category", "ZZZ"),))
    assert refused.values == {"count": 1}
    assert refused.problems[0].line == 3


def test_what_comes_of_an_interaction_has_the_names_that_are_printed() -> None:
    assert list(Outcome) == ["answered", "request_created"]
