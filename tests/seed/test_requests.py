from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.helpers.seed import Record, categories, document, rows

MATERIALS = {"matieres-organiques": "organiques", "matieres-recyclables": "recyclables"}


def requests() -> list[Record]:
    return list(document("requests.json"))


def opened(request: Record) -> datetime:
    return datetime.fromisoformat(request["opened_at"]).astimezone(ZoneInfo(document("city.json")["timezone"]))


def test_a_request_is_of_a_known_category_at_a_known_place_and_answers_its_questions() -> None:
    places = {row["location_id"]: row["kind"] for row in rows("addresses.csv")}
    for request in requests():
        category = categories()[request["category"]]
        assert places[request["location_id"]] in category["places"], request
        questions = {question["code"]: question for question in category["questions"]}
        assert request["answers"].keys() <= questions.keys(), request
        assert {code for code, each in questions.items() if each["required"]} <= request["answers"].keys(), request
        for code, answer in request["answers"].items():
            keys = {value["key"] for value in questions[code]["values"]}
            assert not keys or answer in keys, request


def test_requests_of_the_phone_and_the_counter_come_when_somebody_is_there() -> None:
    for request in requests():
        at = opened(request)
        if request["channel"] == "phone":
            assert 8 <= at.hour < 20, request
        if request["channel"] == "counter":
            assert at.weekday() < 5 and 8 <= at.hour < 17, request


def test_the_last_days_come_first() -> None:
    assert all(later.date() >= sooner.date() for later, sooner in pairwise(map(opened, requests())))


def test_a_missed_collection_was_due_before_anybody_complained() -> None:
    sectors = {row["location_id"]: row["sector"] for row in rows("addresses.csv")}
    due = {(row["sector"], row["material"], row["date"]) for row in rows("calendar.csv")}
    begins = min(row["date"] for row in rows("calendar.csv"))
    for request in (each for each in requests() if each["category"] == "COL-OUBLI"):
        answers = request["answers"]
        assert date.fromisoformat(answers["date"]) <= opened(request).date(), request
        if answers["date"] >= begins:
            assert (sectors[request["location_id"]], MATERIALS[answers["mat"]], answers["date"]) in due, request


def test_no_two_people_tell_the_same_trouble_in_the_same_words_about_the_same_place() -> None:
    told = [(each["location_id"], each["category"], each["description"]) for each in requests()]
    assert len(told) == len(set(told)) == 42
