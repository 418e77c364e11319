"""The fictional city: everything a demonstration needs, loaded from the project's own seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from guichet_sync import resources
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.spaces import Role
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol.messages import Person

from . import identity, instance
from .database import reading, writing
from .importers.articles import read_articles
from .importers.places import read_addresses, read_calendar, read_closed_days
from .importers.reader import json_document
from .importers.requests import read_requests
from .importers.run import Importer, Options, import_file
from .importers.taxonomy import read_taxonomy

PASSWORD = "guichet-demo"  # noqa: S105 - published on purpose: it opens the fictional city alone
_FILES: tuple[tuple[str, Importer], ...] = (
    ("taxonomy.json", read_taxonomy),
    ("closed_days.csv", read_closed_days),
    ("addresses.csv", read_addresses),
    ("calendar.csv", read_calendar),
    ("articles.jsonl", read_articles),
    ("requests.json", read_requests),
)


def load(engine: Engine, progress: Callable[[str, int], None]) -> dict[str, int]:
    """Load the fictional city into an empty instance; how much of each file.

    :raises InvalidInput: ``not_empty`` if real users are there.
    """
    with reading(engine) as connection:
        here = instance.read(connection)
        if identity.count_people(connection) and not here.demonstration:
            raise InvalidInput("not_empty")
    seed = resources.folder("seed")
    counts = {}
    for name, importer in _FILES:
        report = import_file(engine, importer, seed / name, Options(), lambda count, name=name: progress(name, count))
        counts[name] = report.imported
    counts["users.json"] = _city_and_users(engine, seed)
    return counts


def _city_and_users(engine: Engine, seed: Path) -> int:
    city = json_document(seed / "city.json")
    users = json_document(seed / "users.json")
    with writing(engine) as connection:
        here = instance.read(connection)
        name = Bilingual(city["name"]["fr"], city["name"]["en"])
        instance.describe(connection, name, city["timezone"], demonstration=True)
        if here.demonstration:
            return 0
        for user in users:
            person = Person(user["name"], user["display"], Role(user["role"]), user["service"] or "")
            identity.add_person(connection, here.tenant, person, PASSWORD)
    return len(users)
