from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guichet_sync.central.importers import reader
from guichet_sync.domain.category import Category, PlaceKind
from guichet_sync.domain.location import Location
from tests.central.conftest import Run
from tests.central.files import fiche, record, write_file

Document = Callable[..., Any]


def test_places_come_as_csv_or_as_a_city_publishes_them(city_url: str, document: Document, tmp_path: Path) -> None:
    csv_file = write_file(
        tmp_path,
        "places.csv",
        [
            "\ufefflocation_id,kind,civic,street,label,postal_code,sector,district,lat,lon",
            'P1,place,,,"Parc\ndes Ormes",G9Z 1C9,S1,SUD,46.05,-72.95',
            "P1,place,,,Parc,,,,46.05,-72.95",
            "P2,volcano,,,Mont,,,,46.05,-72.95",
            "P3,place,,,Nulle part,,,,nan,-72.95",
            "P4,place,,,Trop loin,,,,91,-72.95",
            ",place,,,Sans nom,,,,46,-72.95",
        ],
    )
    report = document(city_url, "import", "addresses", csv_file, "--skip-bad")
    assert [(each["line"], each["code"]) for each in report["problems"]] == [
        (4, "duplicate_code"),
        *((line, "malformed_address") for line in (5, 6, 7, 8)),
    ]
    place = record(city_url, ("places", "location"), "P1", Location)
    assert (place.kind, place.label, place.sector) == (PlaceKind.PLACE, "Parc\ndes Ormes", "S1")

    def point(*position: object, **facts: object) -> dict[str, object]:
        return {"properties": facts, "geometry": {"coordinates": list(position)}}

    features = [
        point(-72.9, 46.0, NO_CIVIQUE=12, NOM_ADRESSE="12, rue des Pins", MATRICULE="8546-45-9730-2-000-0000"),
        point(-72.9, 46.0, NO_CIVIQUE="14", NOM_ADRESSE="rue des Pins"),
        point("x", 46.0, NO_CIVIQUE="16", NOM_ADRESSE="rue des Pins"),
        point(None, [], NO_CIVIQUE="18", NOM_ADRESSE="rue des Pins"),
        {"properties": []},
        3,
    ]
    geojson = write_file(tmp_path, "places.geojson", [{"features": features}])
    report = document(city_url, "import", "addresses", geojson, "--skip-bad")
    assert report["imported"] == 2
    assert [each["line"] for each in report["problems"]] == [3, 4, 5, 6]
    assert record(city_url, ("places", "location"), "8546-45-9730-2-000-0000", Location).label == "12, rue des Pins"
    assert record(city_url, ("places", "location"), "14-rue des Pins", Location).label == "14, rue des Pins"


def test_calendars_and_closed_days_are_read_with_their_materials(city_url: str, document: Document, tmp_path: Path) -> None:
    calendar = write_file(
        tmp_path, "calendar.csv", ["sector,material,date,moved_because", "S9,verre,2026-12-01,", "S9,verre,1er décembre,"]
    )
    write_file(tmp_path, "materials.json", [{"verre": {"fr": "Verre", "en": "Glass"}, "bois": 3}])
    report = document(city_url, "import", "calendar", calendar, "--skip-bad")
    assert (report["imported"], [each["code"] for each in report["problems"]]) == (2, ["malformed_date", "malformed_material"])
    write_file(tmp_path, "materials.json", [[]])
    assert document(city_url, "import", "calendar", calendar, "--skip-bad")["skipped"] == 2
    days = ["date,name_fr,name_en", "2026-12-25,Noël,Christmas", "2026-12-25,Noël,Christmas", "Noël,,", "2026-12-26"]
    report = document(city_url, "import", "closed-days", write_file(tmp_path, "days.csv", days), "--skip-bad")
    assert report["imported"] == 1
    assert [each["code"] for each in report["problems"]] == ["duplicate_code", "malformed_date", "malformed_line"]


def test_a_taxonomy_says_which_of_its_rows_are_wrong(new_url: str, document: Document, run: Run, tmp_path: Path) -> None:
    name = {"fr": "Nom"}
    unit = {"code": "U", "name": name}
    taxonomy = {
        "services": [{"code": "TP", "name": name}, {"code": "../TP", "name": name}, {"code": "TP", "name": name}, 3],
        "categories": [
            {"code": "NDP", "service": "TP", "name": name, "synonyms": {"fr": ["trou"]}},
            {"code": "NDP", "service": "TP", "name": name},
            {"code": "ECL", "service": "ZZ", "name": name},
            {"code": "X", "service": "TP", "name": name, "synonyms": 3, "questions": 3},
            [],
        ],
        "routing": [
            {"category": "NDP", "service": "TP", "unit": unit, "district": None},
            {"category": "ZZ", "service": "TP", "unit": unit},
            {"category": "NDP", "service": "ZZ", "unit": unit},
            {"category": "NDP"},
            "x",
        ],
    }
    path = write_file(tmp_path, "taxonomy.json", [taxonomy])
    report = document(new_url, "import", "taxonomy", path, "--skip-bad")
    assert report["imported"] == 3
    assert [(each["line"], each["code"]) for each in report["problems"]] == [
        (2, "malformed_service"),
        (3, "duplicate_code"),
        (4, "malformed_service"),
        (2, "duplicate_code"),
        (3, "unknown_service"),
        (4, "malformed_category"),
        (5, "malformed_category"),
        (2, "unknown_category"),
        (3, "unknown_service"),
        (4, "malformed_routing"),
        (5, "malformed_routing"),
    ]
    assert record(new_url, ("taxonomy", "category"), "NDP", Category).synonyms_fr == ("trou",)
    for wrong in ("{}", '{"categories": 3}', "[]", '{"categories": [{}], "services": {}}'):
        assert run(new_url, "import", "taxonomy", write_file(tmp_path, "wrong.json", [wrong]))[0] == 1


@pytest.mark.parametrize(
    ("what", "name", "content", "said"),
    [
        ("articles", "missing.jsonl", None, "ne peut pas être lu"),
        ("requests", "missing.csv", None, "ne peut pas être lu"),
        ("articles", "short.jsonl.gz", gzip.compress(b"{}\n" * 5_000, mtime=0)[:-20], "endommagé ou incomplet"),
        ("articles", "no.jsonl.gz", b"not gzip at all", "endommagé ou incomplet"),
        ("requests", "latin.csv", "category,opened_at\nNDP,é\n".encode("latin-1"), "n’est pas en UTF-8"),
        ("articles", "latin.jsonl", '{"code": "é"}\n'.encode("latin-1"), "n’est pas en UTF-8"),
        ("taxonomy", "latin.json", '{"code": "é"}\n'.encode("latin-1"), "n’est pas en UTF-8"),
        ("taxonomy", "broken.json", b'{\n"categories": [,]}', "(ligne 2)"),
        ("taxonomy", "deep.json", b"[" * 100_000, "(ligne 1)"),
        ("requests", "object.json", b"{}", "(ligne 1)"),
        ("addresses", "list.geojson", b"[]", "(ligne 1)"),
        ("addresses", "few.csv", b"location_id,kind\n", "civic, label, lat, lon, street"),
        ("closed-days", "empty.csv", b"", "date, name_en, name_fr"),
        ("closed-days", "quote.csv", b'"date"x,name_fr', "(ligne 1)"),
        ("closed-days", "open.csv", b'date,name_fr,name_en\n2026-12-25,"No\n\n', "ligne 2"),
    ],
)
def test_a_file_that_can_not_be_read_is_a_sentence(
    city_url: str, run: Run, tmp_path: Path, what: str, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    status, out, err = run(city_url, "--json", "import", what, str(tmp_path / name))
    assert (status, out) == (1, "")
    assert said in err


def test_a_format_that_is_not_known_names_those_that_are(city: Path, run: Run, tmp_path: Path) -> None:
    status, _out, err = run(f"sqlite:///{city}", "import", "requests", write_file(tmp_path, "x.csv", [""]), "--format", "excel")
    assert status == 1
    assert "guichet, montreal-311" in err


def test_lines_and_files_without_end_are_not_swallowed(
    city_url: str, document: Document, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_LINE", 1_000)
    long = [fiche("X-1"), fiche("X-2", fr={"title": "a" * 5_000}), fiche("X-3"), "{"]
    report = document(city_url, "import", "articles", write_file(tmp_path, "long.jsonl", long), "--skip-bad")
    assert report["imported"] == 2
    assert [(each["line"], each["code"]) for each in report["problems"]] == [(2, "line_too_long"), (4, "malformed_line")]
    days = ["date,name_fr,name_en", f"2026-12-25,{'a' * 5_000},x", "2026-12-26,a,b"]
    report = document(city_url, "import", "closed-days", write_file(tmp_path, "long.csv", days), "--skip-bad")
    assert (report["imported"], report["problems"][0]["line"]) == (1, 2)
    monkeypatch.setattr(reader, "MAX_FILE", 2_000)
    endless = write_file(tmp_path, "endless.jsonl", (fiche(f"X-{rank}") for rank in range(1_000)))
    assert "taille permise" in run(city_url, "import", "articles", endless)[2]
    monkeypatch.setattr(reader, "MAX_DOCUMENT", 10)
    assert "taille permise" in run(city_url, "import", "requests", write_file(tmp_path, "x.json", [[1, 2, 3, 4]]))[2]
