from __future__ import annotations

from collections import Counter

from guichet_sync.domain.spaces import Role
from tests.helpers.seed import categories, document, services


def test_ten_services_share_fifty_categories() -> None:
    assert (len(services()), len(categories())) == (10, 50)
    assert {category["service"] for category in categories().values()} == services().keys()


def test_a_category_is_found_in_the_words_of_both_languages() -> None:
    for category in categories().values():
        for language in ("fr", "en"):
            words = [each.casefold() for each in category["synonyms"][language]]
            assert len(words) == len(set(words)) >= 1
            assert category["name"][language].casefold() not in words


def test_the_questions_of_a_category_can_be_answered() -> None:
    for category in categories().values():
        codes = [question["code"] for question in category["questions"]]
        assert len(codes) == len(set(codes))
        for question in category["questions"]:
            keys = [value["key"] for value in question["values"]]
            assert len(keys) == len(set(keys))
            assert (len(keys) >= 2) == question["datatype"].endswith("valuelist"), question["code"]
            for language in ("fr", "en"):
                names = [value["name"][language] for value in question["values"]]
                assert len(names) == len(set(names)), question["code"]


def test_what_makes_a_request_urgent_is_an_answer_that_can_be_given() -> None:
    for category in categories().values():
        offered = {(question["code"], value["key"]) for question in category["questions"] for value in question["values"]}
        for condition in category["urgent"]:
            assert condition.get("always") or (condition["question"], condition["value"]) in offered


def test_a_request_is_promised_a_date_and_knows_its_places() -> None:
    for category in categories().values():
        assert category["delay"]["n"] > 0 or category["nature"] == "information"
        assert category["nature"] != "request" or category["places"]
        assert category["duplicate"]["mode"] == "never" or category["duplicate"]["window_days"] > 0


def test_every_category_is_routed_everywhere_and_a_unit_has_one_name() -> None:
    rules = document("taxonomy.json")["routing"]
    city = document("city.json")
    assert {rule["category"] for rule in rules if not rule["district"] and not rule["sector"]} == categories().keys()
    assert {rule["district"] for rule in rules} <= {"", *(each["code"] for each in city["districts"])}
    assert {rule["sector"] for rule in rules} <= {"", *(each["code"] for each in city["sectors"])}
    names = {(rule["unit"]["code"], *rule["unit"]["name"].values()) for rule in rules}
    assert len(names) == len({code for code, *_ in names})
    assert all(rule["service"] == categories()[rule["category"]]["service"] for rule in rules)


def test_a_service_says_how_to_be_reached_and_what_to_tell_it() -> None:
    told = Counter(service["transfer"]["fr"] for service in services().values())
    assert max(told.values()) == 1
    assert all(service["phone"].startswith("450 555-01") for service in services().values())


def test_every_role_has_someone_and_service_people_a_service() -> None:
    users = document("users.json")
    assert {user["role"] for user in users} == {role.value for role in Role}
    assert len({user["name"] for user in users}) == len(users)
    for user in users:
        assert (user["service"] in services()) == (user["role"] in ("service_employee", "author", "approver")), user["name"]
