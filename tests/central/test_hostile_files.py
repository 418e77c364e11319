from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from guichet_sync.central.database import open_engine, writing
from guichet_sync.central.importers.run import Importer, Options, take
from guichet_sync.central.publish import Publication
from guichet_sync.central.verbs import IMPORTERS
from guichet_sync.domain.errors import GuichetError
from tests.central.files import TENANT
from tests.helpers.central import copied_city

SCALAR = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["NDP", "ENV", "2026-03-04", "\x00"])
)
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=6
)
KEYS = (
    "code fr en title body fid id service category name synonyms unit questions district sector date number opened_at status "
    "answers location_id properties geometry coordinates NO_CIVIQUE NOM_ADRESSE ID match"
).split()
ROW = st.dictionaries(st.sampled_from(KEYS), JSON | st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4), max_size=8)
DOCUMENT = st.dictionaries(st.sampled_from(["services", "categories", "routing", "features"]), st.lists(ROW | JSON, max_size=4))
CELL = st.text(max_size=12) | st.sampled_from(
    ["2026-03", "Requete", "Bruit", "Terminée", "Lundi", "1", "NDP", '"', "nan", "\x00", "é"]
)
WHAT = st.sampled_from(sorted(IMPORTERS))
NAME = st.sampled_from(["file.csv", "file.csv.gz", "file.json", "file.json.gz"])
HEADINGS = (
    "month,nature,category,last_status,channels,weekday,hour",
    "category,opened_at,number",
    "location_id,kind,civic,street,label,lat,lon",
    "sector,material,date,moved_because",
    "date,name_fr,name_en",
)


@pytest.fixture(scope="module")
def connection(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """One transaction on the fictional city, for many examples."""
    engine = open_engine(copied_city(city, tmp_path_factory.mktemp("city")))
    with writing(engine) as opened:
        yield opened
    engine.dispose()


def _import(connection: Connection, importer: Importer, path: Path) -> None:
    """A file is imported, or refused with a reason: nothing else comes out of it."""
    step = connection.begin_nested()
    try:
        take(Publication(connection, TENANT), importer, path, Options(skip_bad=True), lambda _count: None)
    except GuichetError as error:
        assert error.code != "unexpected"
    finally:
        step.rollback()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=DOCUMENT | JSON | st.lists(ROW, max_size=4), what=WHAT)
def test_no_json_breaks_an_import(connection: Connection, tmp_path: Path, document: Any, what: str) -> None:
    path = tmp_path / ("file.jsonl" if what == "articles" else "file.json")
    rows = document if what == "articles" and isinstance(document, list) else [document]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    _import(connection, IMPORTERS[what], path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    heading=st.sampled_from(HEADINGS),
    rows=st.lists(st.lists(CELL, min_size=1, max_size=8), max_size=4),
    what=WHAT,
)
def test_no_table_breaks_an_import(
    connection: Connection, tmp_path: Path, heading: str, rows: list[list[str]], what: str
) -> None:
    path = tmp_path / "file.csv"
    text = "\n".join([heading, *(",".join(row) for row in rows)])
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    _import(connection, IMPORTERS[what], path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(),
    name=NAME,
    what=WHAT,
)
def test_no_bytes_break_an_import(connection: Connection, tmp_path: Path, data: bytes, name: str, what: str) -> None:
    (tmp_path / name).write_bytes(data)
    _import(connection, IMPORTERS[what], tmp_path / name)
