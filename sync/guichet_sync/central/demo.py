"""The fictional city: everything a demonstration needs, loaded from the project's own seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine

from guichet_sync import resources
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.spaces import Role
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol.messages import Person

from . import identity, instance, passwords
from .database import writing
from .importers.articles import read_articles
from .importers.places import read_addresses, read_calendar, read_closed_days
from .importers.reader import json_document
from .importers.requests import read_requests
from .importers.run import Importer, Options, Progress, take
from .importers.taxonomy import read_taxonomy
from .publish import Publication

TENANT = "val-des-ormes"
PASSWORD = "guichet-demo"  # noqa: S105 - published on purpose: it opens the fictional city alone
_FILES: tuple[tuple[str, Importer], ...] = (
    ("taxonomy.json", read_taxonomy),
    ("closed_days.csv", read_closed_days),
    ("addresses.csv", read_addresses),
    ("calendar.csv", read_calendar),
    ("articles.jsonl", read_articles),
    ("requests.json", read_requests),
)


def load(engine: Engine, progress_of: Callable[[str], Progress]) -> dict[str, int]:
    """Load the fictional city into an empty instance, whole or not at all; how much of each file.

    :raises InvalidInput: ``not_empty`` if real users are there.
    """
    seed = resources.folder("seed")
    with writing(engine) as connection:
        here = instance.read(connection)
        if identity.count_people(connection) and not here.demonstration:
            raise InvalidInput("not_empty")
        publication = Publication(connection, here.tenant, reason="import")
        reports = {name: take(publication, importer, seed / name, Options(), progress_of(name)) for name, importer in _FILES}
        users = _city_and_users(connection, seed)
        publication.commit_order()
    return {name: report.imported for name, report in reports.items()} | {"users.json": users}


def _city_and_users(connection: Connection, seed: Path) -> int:
    here = instance.read(connection)
    city = json_document(seed / "city.json")
    name = Bilingual(city["name"]["fr"], city["name"]["en"])
    instance.describe(connection, name, city["timezone"], demonstration=True)
    if here.demonstration:
        return 0
    users, password_hash = json_document(seed / "users.json"), passwords.hashed_as_published(PASSWORD)
    for user in users:
        person = Person(user["name"], user["display"], Role(user["role"]), user["service"] or "")
        identity.add_person(connection, here.tenant, person, password_hash)
    return len(users)
