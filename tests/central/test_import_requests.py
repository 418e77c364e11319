from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from guichet_sync.central import schema
from guichet_sync.central.database import open_engine, reading
from guichet_sync.domain.request import RequestStatus
from tests.central.conftest import Run
from tests.central.files import HEADING, POTHOLE, all_requests, fiche, write_file
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.follow_ups import Followed, said
from tests.helpers.wire import SOMEBODY, Post

Document = Callable[..., Any]


def test_a_limit_takes_so_many_lines(city_url: str, document: Document, tmp_path: Path) -> None:
    fiches = write_file(tmp_path, "fiches.jsonl", [fiche(f"X-{rank}") for rank in range(5)])
    rows = write_file(tmp_path, "requests.csv", [HEADING, *[POTHOLE] * 5])
    assert document(city_url, "import", "articles", fiches, "--limit", "3")["imported"] == 3
    assert document(city_url, "import", "requests", rows, "--limit", "4")["imported"] == 4


def test_requests_of_open_data_are_numbered_and_marked_approximate(city_url: str, document: Document, tmp_path: Path) -> None:
    rows = [
        HEADING,
        POTHOLE,
        "2026-03,Plainte,Bruit,Prise en charge,,Dimanche,0",
        "2025-12,Commentaire,Animal mort,Urgente,Médias sociaux,Lundi,23",
    ]
    path = write_file(tmp_path, "requests.csv.gz", rows)
    before = {request.id for request in all_requests(city_url)}
    assert document(city_url, "import", "requests", path)["imported"] == 3
    new = [request for request in all_requests(city_url) if request.id not in before]
    assert [request.category for request in new] == ["ANIM-MORT", "NDP", "BRUIT"]
    dead, pothole, noise = new
    assert (dead.number, dead.urgent, dead.status) == ("25-000001", True, RequestStatus.IN_PROGRESS)
    assert (pothole.number[:3], pothole.requester_count, pothole.approximate) == ("26-", 2, True)
    assert pothole.captured_at.isoformat() == "2026-03-04T20:00:00+00:00"
    assert noise.captured_at.isoformat() == "2026-03-01T05:00:00+00:00"
    assert (noise.requester_count, noise.description) == (0, "Bruit")


def test_the_same_requests_again_keep_their_numbers_and_another_file_of_that_name_is_another(
    city_url: str, document: Document, tmp_path: Path
) -> None:
    march = write_file(tmp_path / "a", "requests.csv", [HEADING, POTHOLE, POTHOLE])
    april = write_file(tmp_path / "b", "requests.csv", [HEADING, POTHOLE])
    document(city_url, "import", "requests", march)
    first = all_requests(city_url)
    before = document(city_url, "verify")["counts"]
    document(city_url, "import", "requests", march)
    assert all_requests(city_url) == first
    assert document(city_url, "verify")["counts"] == before
    document(city_url, "import", "requests", april)
    after = document(city_url, "verify")
    assert len(all_requests(city_url)) == len(first) + 1
    assert after["findings"] == []


def test_a_request_that_another_map_gives_to_another_service_moves_there(
    city_url: str, document: Document, tmp_path: Path
) -> None:
    path = write_file(tmp_path, "requests.csv", [HEADING, POTHOLE])
    maps = [
        write_file(tmp_path, f"{code}.json", [{"categories": [{"match": ["nid-de-poule"], "category": code}]}])
        for code in ("NDP", "SALUB")
    ]
    numbers = []
    for each in maps:
        document(city_url, "import", "requests", path, "--format", "montreal-311", "--map", each)
        (moved,) = [request for request in all_requests(city_url) if request.description == "Nid-de-poule"]
        numbers.append((moved.service, moved.number))
    assert [service for service, _number in numbers] == ["TP", "URB"]
    assert numbers[0][1] == numbers[1][1]
    assert document(city_url, "verify")["findings"] == []
    engine = open_engine(city_url)
    with reading(engine) as connection:
        removals = select(schema.feed.c.space, schema.feed.c.operation, schema.feed.c.reason)
        assert connection.execute(removals.where(schema.feed.c.operation != "put")).all() == [("requests/TP", "evict", "import")]
    engine.dispose()


def test_what_people_did_with_an_imported_request_stands_when_its_file_comes_again(
    any_central: CentralServer, document: Document, tmp_path: Path
) -> None:
    url = any_central.settings.database_url
    row = {"category": "NDP", "opened_at": "2026-03-04T10:00:00", "description": "Nid-de-poule"}
    first = write_file(tmp_path, "before.json", [[{**row, "number": "ANCIEN/17"}, {**row, "number": "ANCIEN/18"}]])
    again = {**row, "status": "done", "description": "Rebouché"}
    then = write_file(tmp_path, "after.json", [[{**again, "number": "ANCIEN/17"}, {**again, "number": "ANCIEN/18"}]])
    document(url, "import", "requests", first)
    post = Post.enrol(any_central.url, AGENT)
    followed = Followed.captured_by(post)
    followed = replace(followed, id="import-ANCIEN/17")
    receipts = post.send(followed.join(post, SOMEBODY), followed.transfer(post, "TP", "ENV"))
    assert [said(each) for each in receipts] == ["applied", "applied"]
    assert document(url, "import", "requests", then)["imported"] == 2
    assert document(url, "import", "requests", then)["imported"] == 2
    by_number = {request.number: request for request in all_requests(url)}
    assert (by_number["ANCIEN/18"].status, by_number["ANCIEN/18"].description) == (RequestStatus.DONE, "Rebouché")
    stands = by_number["ANCIEN/17"]
    assert (stands.service, stands.status, stands.requester_count) == ("ENV", RequestStatus.TRANSMITTED, 1)
    assert document(url, "verify")["findings"] == []


def test_our_own_requests_keep_the_numbers_they_bring(city_url: str, document: Document, run: Run, tmp_path: Path) -> None:
    rows = [
        {"category": "NDP", "opened_at": "2026-03-04T10:00:00-05:00", "number": "26-000900", "location_id": "A00831"},
        {"category": "NDP", "opened_at": "2026-03-04T10:00:00", "number": "ANCIEN/17", "location_id": "Près du pont"},
        {"category": "NDP", "opened_at": "2026-03-04T10:00:00", "status": "done", "promised_on": "2026-03-06", "urgent": True},
    ]
    path = write_file(tmp_path, "requests.json", [rows])
    for _ in range(2):
        assert document(city_url, "import", "requests", path)["imported"] == 3
    by_number = {request.number: request for request in all_requests(city_url)}
    assert by_number["26-000900"].where.sector
    assert by_number["ANCIEN/17"].where.label == "Près du pont"
    assert by_number["ANCIEN/17"].captured_at.isoformat() == "2026-03-04T15:00:00+00:00"
    assert (by_number["26-000901"].status, by_number["26-000901"].urgent) == (RequestStatus.DONE, True)
    taken = write_file(tmp_path, "other.csv", ["category,opened_at,number", "NDP,2026-03-04T10:00:00Z,26-000901"])
    status, _out, err = run(city_url, "import", "requests", taken)
    assert status == 1
    assert "ligne 2\u00a0: Ce numéro est déjà celui d’une autre requête. (26-000901)" in err
    assert document(city_url, "verify")["findings"] == []


def test_bad_requests_are_named_by_their_line(city_url: str, document: Document, tmp_path: Path) -> None:
    rows = [
        HEADING,
        "2026-13,Requete,Bruit,Terminée,,Lundi,1",
        "2026-03,Requete,Bruit,Terminée,,Lundi,25",
        "2026-03,Requete,Bruit,Terminée,,Funday,1",
        "2026-03,Requete,Bruit,Oubliée,,Lundi,1",
        "2026-03,Requete,Soucoupe volante,Terminée,,Lundi,1",
        "2026-03,Requete",
        "2026-03,Requete,Bruit,Terminée,,Lundi,1,trop",
        '"2026-03","Requete","Bruit","Terminée","","Lundi","1"x',
    ]
    path = write_file(tmp_path, "requests.csv", rows)
    report = document(city_url, "import", "requests", path, "--skip-bad")
    told = [(problem["line"], problem["code"]) for problem in report["problems"]]
    malformed = [(line, "malformed_line") for line in (2, 3, 4, 5)]
    assert told == [*malformed, (6, "unknown_category"), *((line, "malformed_line") for line in (7, 8, 9))]
    own = [
        {"category": "ZZZ", "opened_at": "2026-03-04T10:00:00Z"},
        {"category": "NDP"},
        {"category": "NDP", "opened_at": "hier"},
        {"category": "NDP", "opened_at": "2026-03-04T10:00:00Z", "number": "\x1b"},
        {"category": "NDP", "opened_at": "2026-03-04T10:00:00Z", "number": "7"},
        {"category": "NDP", "opened_at": "2026-03-04T10:00:00Z", "number": "7"},
        {"category": "NDP", "opened_at": "2026-03-04T10:00:00Z", "status": "lost"},
        3,
    ]
    report = document(city_url, "import", "requests", write_file(tmp_path, "own.json", [own]), "--skip-bad")
    told = [(problem["line"], problem["code"]) for problem in report["problems"]]
    assert told == [
        (1, "unknown_category"),
        (2, "malformed_line"),
        (3, "malformed_line"),
        (4, "malformed_line"),
        (6, "duplicate_code"),
        (7, "malformed_line"),
        (8, "malformed_line"),
    ]


@pytest.mark.parametrize("rows", ["3", "[{}]", '[{"match": [], "category": 3}]', '[{"match": [3], "category": "NDP"}]', "[3]"])
def test_a_map_of_another_shape_is_refused(city: Path, run: Run, tmp_path: Path, rows: str) -> None:
    path = write_file(tmp_path, "requests.csv", [HEADING, POTHOLE])
    wrong = write_file(tmp_path, "map.json", [f'{{"categories": {rows}}}'])
    status, _out, err = run(f"sqlite:///{city}", "import", "requests", path, "--map", wrong)
    assert status == 1
    assert "n’a pas la forme attendue" in err
