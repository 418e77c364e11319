"""Addresses and places, collection calendars, closed days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from guichet_sync.domain.category import PlaceKind
from guichet_sync.domain.errors import InvalidInput, LineProblem
from guichet_sync.domain.location import Collection, Location, Material
from guichet_sync.domain.spaces import PLACES, TAXONOMY
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol.records import ClosedDay, CollectionCalendar

from ..publish import Change
from .reader import csv_rows, json_document
from .run import Outcome, Work

_ADDRESS_COLUMNS = frozenset({"location_id", "kind", "civic", "street", "label", "lat", "lon"})
_CALENDAR_COLUMNS = frozenset({"sector", "material", "date", "moved_because"})
_CLOSED_COLUMNS = frozenset({"date", "name_fr", "name_en"})


def read_addresses(path: Path, work: Work) -> Iterable[Outcome]:
    """Places from CSV, or from GeoJSON with ``NO_CIVIQUE`` and ``NOM_ADRESSE``."""
    seen: set[str] = set()
    rows = _geojson(path) if path.name.endswith(("json", "json.gz")) else csv_rows(path, _ADDRESS_COLUMNS)
    for row in rows:
        if work.options.limit and len(seen) >= work.options.limit:
            return
        yield row if isinstance(row, LineProblem) else _place(row[0], row[1], seen)


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
    except (ValueError, AttributeError):
        return LineProblem(number, "malformed_address")
    if not place.id or not place.label or not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180):
        return LineProblem(number, "malformed_address")
    if place.id in seen:
        return LineProblem(number, "duplicate_code", place.id[:80])
    seen.add(place.id)
    return Change(PLACES, "location", place.id, place)


def _geojson(path: Path) -> Iterator[tuple[int, dict[str, Any]] | LineProblem]:
    """Address points as cities publish them; "lines" are the places in the list of features."""
    document = json_document(path)
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise InvalidInput("malformed_file", field="file", line=1)
    for number, feature in enumerate(document["features"], 1):
        try:
            facts = feature["properties"]
            civic, street = str(facts["NO_CIVIQUE"]), str(facts["NOM_ADRESSE"])
            lon, lat = feature["geometry"]["coordinates"][:2]
            identity = str(facts.get("ID") or facts.get("MATRICULE") or f"{civic}-{street}")
        except (KeyError, TypeError, ValueError):
            yield LineProblem(number, "malformed_address")
            continue
        label = street if street.startswith(civic) else f"{civic}, {street}"
        yield (
            number,
            {
                "location_id": identity,
                "kind": "address",
                "civic": civic,
                "street": street,
                "label": label,
                "lat": lat,
                "lon": lon,
            },
        )


def read_calendar(path: Path, _work: Work) -> Iterable[Outcome]:
    """Collections of each sector; the names of the materials stand in ``materials.json`` beside the file, if at all."""
    sectors: dict[str, list[Collection]] = defaultdict(list)
    for row in csv_rows(path, _CALENDAR_COLUMNS):
        if isinstance(row, LineProblem):
            yield row
            continue
        number, fields = row
        try:
            collected = Collection(
                fields["sector"], fields["material"], date.fromisoformat(fields["date"]), fields["moved_because"]
            )
        except ValueError:
            yield LineProblem(number, "malformed_date", fields["date"][:20])
            continue
        sectors[collected.sector].append(collected)
    for sector, collections in sorted(sectors.items()):
        yield Change(PLACES, "collections", sector, CollectionCalendar(sector, Bilingual(sector), tuple(collections)))
    yield from _materials(path.with_name("materials.json"))


def _materials(path: Path) -> Iterator[Outcome]:
    if path.is_file():
        for key, name in json_document(path).items():
            yield Change(PLACES, "material", key, Material(key, Bilingual(name["fr"], name["en"])))


def read_closed_days(path: Path, _work: Work) -> Iterable[Outcome]:
    """Days on which working days do not run."""
    seen: set[date] = set()
    for row in csv_rows(path, _CLOSED_COLUMNS):
        if isinstance(row, LineProblem):
            yield row
            continue
        number, fields = row
        try:
            on = date.fromisoformat(fields["date"])
        except ValueError:
            yield LineProblem(number, "malformed_date", fields["date"][:20])
            continue
        if on in seen:
            yield LineProblem(number, "duplicate_code", fields["date"])
            continue
        seen.add(on)
        name = Bilingual(fields["name_fr"], fields["name_en"])
        yield Change(TAXONOMY, "closed_day", on.isoformat(), ClosedDay(on, name))
