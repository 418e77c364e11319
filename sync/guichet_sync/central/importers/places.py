"""Addresses and places, collection calendars, closed days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from guichet_sync.domain.category import PlaceKind
from guichet_sync.domain.errors import LineProblem
from guichet_sync.domain.location import Collection, Location, Material
from guichet_sync.domain.spaces import PLACES, TAXONOMY
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol.records import ClosedDay, CollectionCalendar

from ..publish import Change
from .reader import Row, csv_rows, json_document, list_in
from .run import MAX_ID, Outcome, Work

GEOJSON_FORMAT = "geojson"
_ADDRESS_COLUMNS = frozenset({"location_id", "kind", "civic", "street", "label", "lat", "lon"})
_CALENDAR_COLUMNS = frozenset({"sector", "material", "date", "moved_because"})
_CLOSED_COLUMNS = frozenset({"date", "name_fr", "name_en"})


def read_addresses(path: Path, work: Work) -> Iterable[Outcome]:
    """Places from CSV, or from GeoJSON with ``NO_CIVIQUE`` and ``NOM_ADRESSE``."""
    seen: set[str] = set()
    geojson = work.options.format == GEOJSON_FORMAT or (not work.options.format and path.name.endswith(("json", "json.gz")))
    for row in work.limited(_geojson(path) if geojson else csv_rows(path, _ADDRESS_COLUMNS)):
        yield row if isinstance(row, LineProblem) else _place(*row, seen)


def _place(number: int, row: dict[str, Any], seen: set[str]) -> Outcome:
    try:
        place = Location(
            id=row["location_id"].strip(),
            kind=PlaceKind(row["kind"]),
            label=row["label"].strip(),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            civic=row["civic"].strip(),
            street=row["street"].strip(),
            postal_code=row.get("postal_code", ""),
            sector=row.get("sector", ""),
            district=row.get("district", ""),
        )
    except (ValueError, TypeError):
        return LineProblem(number, "malformed_address")
    if not 0 < len(place.id) <= MAX_ID or not place.label or not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180):
        return LineProblem(number, "malformed_address")
    if place.id in seen:
        return LineProblem(number, "duplicate_code", place.id[:80])
    seen.add(place.id)
    return Change(PLACES, "location", place.id, place)


def _geojson(path: Path) -> Iterator[Row | LineProblem]:
    """Address points as cities publish them; "lines" are the places in the list of features."""
    for number, feature in enumerate(list_in(json_document(path), "features"), 1):
        try:
            facts = feature["properties"]
            civic, street = str(facts["NO_CIVIQUE"]), str(facts["NOM_ADRESSE"])
            lon, lat = feature["geometry"]["coordinates"][:2]
            identity = str(facts.get("ID") or facts.get("MATRICULE") or f"{civic}-{street}")
        except (KeyError, TypeError, ValueError, AttributeError):
            yield LineProblem(number, "malformed_address")
            continue
        label = street if street.startswith(civic) else f"{civic}, {street}"
        place = {"location_id": identity, "kind": "address", "civic": civic, "street": street, "label": label}
        yield number, {**place, "lat": lat, "lon": lon}


def read_calendar(path: Path, work: Work) -> Iterable[Outcome]:
    """Collections of each sector; the names of the materials stand in ``materials.json`` beside the file, if at all."""
    sectors: dict[str, list[Collection]] = defaultdict(list)
    for row in work.limited(csv_rows(path, _CALENDAR_COLUMNS)):
        collected = row if isinstance(row, LineProblem) else _collection(*row)
        if isinstance(collected, LineProblem):
            yield collected
        else:
            sectors[collected.sector].append(collected)
    for sector, collections in sorted(sectors.items()):
        yield Change(PLACES, "collections", sector, CollectionCalendar(sector, Bilingual(sector), tuple(collections)))
    yield from _materials(path.with_name("materials.json"))


def _collection(number: int, fields: dict[str, Any]) -> Collection | LineProblem:
    on = _date(number, fields["date"])
    if isinstance(on, LineProblem):
        return on
    return Collection(fields["sector"], fields["material"], on, fields["moved_because"])


def _date(number: int, text: str) -> date | LineProblem:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return LineProblem(number, "malformed_date", text[:20])


def _materials(path: Path) -> Iterator[Outcome]:
    document = json_document(path) if path.is_file() else {}
    for place, (key, name) in enumerate(document.items() if isinstance(document, dict) else [("", document)], 1):
        try:
            yield Change(PLACES, "material", key, Material(key, Bilingual(str(name["fr"]), str(name.get("en", "")))))
        except (KeyError, TypeError, AttributeError):
            yield LineProblem(place, "malformed_material", key[:80])


def read_closed_days(path: Path, work: Work) -> Iterable[Outcome]:
    """Days on which working days do not run."""
    seen: set[date] = set()
    for row in work.limited(csv_rows(path, _CLOSED_COLUMNS)):
        yield row if isinstance(row, LineProblem) else _closed_day(*row, seen)


def _closed_day(number: int, fields: dict[str, Any], seen: set[date]) -> Outcome:
    on = _date(number, fields["date"])
    if isinstance(on, LineProblem):
        return on
    if on in seen:
        return LineProblem(number, "duplicate_code", fields["date"])
    seen.add(on)
    name = Bilingual(fields["name_fr"], fields["name_en"])
    return Change(TAXONOMY, "closed_day", on.isoformat(), ClosedDay(on, name))
