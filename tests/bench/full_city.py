"""A city of the size to hold on a server of its own: PostgreSQL where it is installed, each commit on disk; else SQLite."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from guichet_desktop.loopback import LoopbackCentral
from guichet_sync.central import instance, records
from guichet_sync.central.database import embedded_url, open_engine, writing
from guichet_sync.central.publish import Change, Publication
from guichet_sync.domain.article import Article, ArticleText
from guichet_sync.domain.category import Category, PlaceKind
from guichet_sync.domain.location import Location, Whereabouts
from guichet_sync.domain.request import Request, RequestStatus, TimelineEntry
from guichet_sync.domain.spaces import KNOWLEDGE, PLACES, TAXONOMY, requests_space
from guichet_sync.domain.words import Language
from guichet_sync.language import article_terms
from tests.helpers.postgres import DURABLE_OPTIONS, running_postgres

from .big_city import ADDRESSES, REQUESTS, rows

FICHES = 5_000
_DATABASE = "GUICHET_DATABASE_URL"
_AT_ONCE = 5_000
_BEGUN = datetime(2026, 1, 5, 13, tzinfo=UTC)
_FRENCH = (
    "trottoir arbre neige collecte bac branche permis terrasse piscine chien lampadaire égout aqueduc fuite borne "
    "chaussée rue ruelle parc terrain quartier citoyen demande service formulaire délai bâtiment clôture haie arrosage "
    "déneigement stationnement vignette remorquage panneau feu circulation vitesse bruit nuisance insalubrité logement "
    "bibliothèque abonnement inscription aréna patinoire baignade horaire tarif reçu compte taxe évaluation matrice "
    "paiement versement prélèvement adresse avis "
).split()
_ENGLISH = (
    "sidewalk tree snow pickup bin branch permit terrace pool dog streetlight sewer water leak hydrant roadway street "
    "lane park field borough citizen request service form delay building fence hedge watering clearing parking sticker "
    "towing sign light traffic speed noise nuisance housing library membership registration arena rink swimming "
    "schedule fee receipt account tax assessment roll payment instalment debit address notice inspection office counter "
    "appointment document proof residence owner tenant "
).split()


@dataclass(frozen=True, slots=True)
class Served:
    """A server's process and its database; ``engine`` is the database's name."""

    central: LoopbackCentral
    database: str
    engine: str


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """The fictional city on a server that is not started yet. What is at the end is thrown away."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as undo:
        try:
            postgres = undo.enter_context(running_postgres(DURABLE_OPTIONS))
            database, name = undo.enter_context(postgres.database()), "PostgreSQL"
        except pytest.skip.Exception:
            database, name = embedded_url(folder), "SQLite"
        undo.callback(os.environ.pop, _DATABASE, None)
        os.environ[_DATABASE] = database  # what the server's own processes read
        central = LoopbackCentral(folder)
        central.load_city()
        yield Served(central, database, name)


def fill(database: str, scale: float) -> None:
    """Make the city large: addresses, fiches in two languages, requests."""
    engine = open_engine(database)
    try:
        with writing(engine) as connection:
            categories = records.every(connection, instance.read(connection).tenant, (TAXONOMY, "category"), Category)
        _publish(engine, _addresses(round(ADDRESSES * scale)))
        _publish(engine, _fiches(round(FICHES * scale)))
        _publish(engine, _requests(round(REQUESTS * scale), categories))
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    finally:
        engine.dispose()


def _publish(engine: Engine, changes: Iterable[Change]) -> None:
    waiting = iter(changes)
    while group := list(islice(waiting, _AT_ONCE)):
        with writing(engine) as connection:
            publication = Publication(connection, _tenant(connection))
            publication.put(group)
            publication.commit_order()


def _tenant(connection: Connection) -> str:
    return instance.read(connection).tenant


def _places(count: int) -> Iterator[Location]:
    for row in rows(count):
        key, _kind, civic, street, label, code, sector, district, lat, lon = row
        yield Location(
            str(key),
            PlaceKind.ADDRESS,
            str(label),
            float(str(lat)),
            float(str(lon)),
            str(civic),
            str(street),
            str(code),
            str(sector),
            str(district),
        )


def _addresses(count: int) -> Iterator[Change]:
    return (Change(PLACES, "location", place.id, place) for place in _places(count))


def _fiches(count: int) -> Iterator[Change]:
    chance = random.Random(1976)
    for place in range(count):
        french, english = _text(chance, _FRENCH), _text(chance, _ENGLISH)
        fiche = Article(
            f"GR-{place:05d}",
            french,
            english,
            verified_on=date(2026, 9, 1),
            terms_fr=article_terms(french, Language.FR),
            terms_en=article_terms(english, Language.EN),
        )
        yield Change(KNOWLEDGE, "article", fiche.code, fiche)


def _text(chance: random.Random, words: Sequence[str]) -> ArticleText:
    """About three thousand characters."""
    return ArticleText(
        title=_sentence(chance, words, 5),
        say=_sentence(chance, words, 20),
        summary=_sentence(chance, words, 25),
        bring=(_sentence(chance, words, 6), _sentence(chance, words, 6)),
        body="".join(f"<p>{_sentence(chance, words, 60)}</p>" for _ in range(6)),
        phrasings=tuple(_sentence(chance, words, 5) for _ in range(4)),
    )


def _sentence(chance: random.Random, words: Sequence[str], length: int) -> str:
    return " ".join(chance.choices(words, k=length)).capitalize() + "."


def _requests(count: int, categories: Sequence[Category]) -> Iterator[Change]:
    chance = random.Random(1976)
    everywhere = list(_places(max(1, count // 5)))
    for place in range(count):
        category = categories[place % len(categories)]
        at = _BEGUN + timedelta(minutes=place * 5)
        request = Request(
            id=f"01a20ec2-0000-7000-8000-{place:012d}",
            category=category.code,
            service=category.service,
            status=RequestStatus.DONE if chance.random() < 0.7 else RequestStatus.IN_PROGRESS,
            captured_at=at,
            number=f"25-{place:06d}",
            provisional_number=f"Z{place % 90:02d}-{place:06d}-A",
            where=Whereabouts.of(chance.choice(everywhere)),
            answers={"dim": "moyen"},
            description=_sentence(chance, _FRENCH, 22),
            promised_on=(at + timedelta(days=7)).date(),
            received_at=at,
            sent_at=at,
            requester_count=1,
            timeline=(TimelineEntry(at, "captured", "M. Gagnon"), TimelineEntry(at, "transmitted", "TP-VOIRIE-N")),
        )
        yield Change(requests_space(request.service), "request", request.id, request)
