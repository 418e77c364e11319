"""How long a look-up and a save take on a post of full size: idle, and while 75,000 requests sync in the exchange process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import TypeVar

from guichet_desktop.desk import capture, drafts, enrolment, lookup
from guichet_desktop.desk.desk import Desk
from guichet_desktop.loopback import DEMO_PASSWORD, DEMO_USER
from guichet_desktop.profiles import PASSPHRASE_VARIABLE, Profile, open_profile
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel
from guichet_sync.domain.words import Language
from guichet_sync.store.projection import RequestFilter

from .big_city import BigCity
from .report import Row, Spread, publish

Found = TypeVar("Found")
_QUESTIONS = (
    "passeport perdu", "carte grise changement adresse", "acte de naissance", "permis de construire", "taxe habitation",
    "allocation logement étudiant", "deneigement", "l'arrosage", "bacs bruns", "pension alimentaire", "carte d'identité mineur",
    "inscription liste électorale", "garde d'enfant", "congé maternité", "vente voiture occasion",
)  # fmt: skip
_PLACES = ("1425 erables", "ormes 102", "boul du ruisseau", "120 rue principale", "saint jean 144", "G9Z 1A1", "200 av des pins")
_IDLE_ROUNDS = 6
_SEARCH_P99_MS, _ADDRESS_P99_MS, _SAVE_P99_MS = 30, 16, 50


def run(scale: float) -> None:
    """Measure and publish."""
    with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
        publish("latency", measured(Path(folder), scale))


def measured(folder: Path, scale: float) -> list[Row]:
    """Build the city, enrol a post, measure idle, then while the requests come in."""
    os.environ[PASSPHRASE_VARIABLE] = "bench"
    city = BigCity.build(folder, scale)
    with city.central.running():
        profile = open_profile(folder / "post")
        with closing(enrolment.enrol(profile, city.central.url, DEMO_USER, DEMO_PASSWORD)) as desk:
            first_mirror = _sync(profile)
            idle = _Series(desk)
            for _ in range(_IDLE_ROUNDS):
                idle.one_round()
            expected = city.load_requests()
            busy, seconds = _while_syncing(profile, desk)
            held = lookup.requests(desk, RequestFilter(limit=1)).total
    return [*_about(city, first_mirror, expected, held, seconds), *idle.rows("idle"), *busy.rows("while syncing")]


class _Series:
    """Durations of each kind of look-up, and of saving."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._category = next(each for each in lookup.categories(desk) if not each.questions and each.places)
        self._place = Whereabouts.of(lookup.addresses(desk, "120 rue", 1)[0])
        self._searches, self._addresses, self._saves = list[float](), list[float](), list[float]()

    def one_round(self, go_on: Callable[[], bool] = lambda: True) -> None:
        """Type every question and every place key by key, saving now and then."""
        for query, place in zip(_keystrokes(_QUESTIONS), cycle(_keystrokes(_PLACES))):
            if not go_on():
                return
            _timed(self._searches, lambda query=query: lookup.search(self._desk, query, Language.FR))  # type: ignore[misc]
            _timed(self._addresses, lambda place=place: lookup.addresses(self._desk, place))  # type: ignore[misc]
            if query in _QUESTIONS:
                _timed(self._saves, self._save)

    def _save(self) -> None:
        draft = drafts.Draft(
            self._desk.new_id(), Channel.PHONE, self._category.code, where=self._place, description="Banc d’essai."
        )
        capture.submit(self._desk, draft)

    def rows(self, when: str) -> list[Row]:
        """Rows of the report."""
        return [
            *Spread.of(self._searches).rows(f"search a keystroke, {when} ({len(self._searches)})", _SEARCH_P99_MS),
            *Spread.of(self._addresses).rows(f"address a keystroke, {when} ({len(self._addresses)})", _ADDRESS_P99_MS),
            *Spread.of(self._saves).rows(f"save a request, {when} ({len(self._saves)})", _SAVE_P99_MS),
        ]


def _keystrokes(texts: tuple[str, ...]) -> Iterator[str]:
    return (text[:end] for text in texts for end in range(1, len(text) + 1))


def _timed(into: list[float], act: Callable[[], Found]) -> Found:
    begun = time.perf_counter()
    done = act()
    into.append(time.perf_counter() - begun)
    return done


def _while_syncing(profile: Profile, desk: Desk) -> tuple[_Series, float]:
    """The same look-ups while the exchange process brings the requests in; the seconds that took."""
    series, begun = _Series(desk), time.perf_counter()
    with _ctl(profile, "sync") as process:
        while process.poll() is None:
            series.one_round(lambda: process.poll() is None)
    return series, time.perf_counter() - begun


def _sync(profile: Profile) -> dict[str, float]:
    with _ctl(profile, "--json", "sync", out=subprocess.PIPE) as process:
        said, _ = process.communicate()
    done: dict[str, float] = json.loads(said)
    return done


def _ctl(profile: Profile, *verb: str, out: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "guichet_desktop.ctl", "--profile", str(profile.folder.path), *verb]
    return subprocess.Popen(command, stdout=out)


def _about(city: BigCity, first: dict[str, float], expected: int, held: int, seconds: float) -> list[Row]:
    return [
        Row(f"first mirror ({city.fiches} fiches, addresses)", first["received"], "records"),
        Row("first mirror", 1000 * first["received"] / max(1.0, first["elapsed_ms"]), "rows/s"),
        Row("requests held after the sync, of those imported", held, "requests"),
        Row("requests synced while looking up", expected / seconds, "rows/s"),
    ]
