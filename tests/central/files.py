"""Import files of the tests, and what came of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from guichet_sync.central import records
from guichet_sync.central.database import open_engine, reading
from guichet_sync.domain.article import Article
from guichet_sync.domain.request import Request

TENANT = "val-des-ormes"
HEADING = "month,nature,category,last_status,channels,weekday,hour"
POTHOLE = "2026-03,Requete,Nid-de-poule,Terminée,Téléphone|Mobile,Mercredi,15"
Record = TypeVar("Record")


def write_file(folder: Path, name: str, lines: Iterable[object]) -> str:
    """A file of lines: text as it is, anything else as JSON."""
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return str(path)


def fiche(code: str, **changes: object) -> dict[str, object]:
    """A fiche of our own form."""
    return {"code": code, "fr": {"title": f"Fiche {code}", "body": "<p>Texte</p>"}} | changes


def record(url: str, place: tuple[str, str], record_id: str, kind: type[Record]) -> Record:
    """A record of the database, which must be there."""
    engine = open_engine(url)
    with reading(engine) as connection:
        found = records.one(connection, TENANT, place, record_id, kind)
    engine.dispose()
    assert found is not None
    return found


def has_fiche(url: str, code: str) -> bool:
    """Whether a fiche is there."""
    engine = open_engine(url)
    with reading(engine) as connection:
        found = records.one(connection, TENANT, ("kb", "article"), code, Article)
    engine.dispose()
    return found is not None


def all_requests(url: str) -> list[Request]:
    """Every request of the database, by number."""
    engine = open_engine(url)
    with reading(engine) as connection:
        codes = records.services(connection, TENANT)
        found = [each for code in codes for each in records.every(connection, TENANT, (f"requests/{code}", "request"), Request)]
    engine.dispose()
    return sorted(found, key=lambda request: request.number)
