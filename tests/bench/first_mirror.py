"""A first mirror over HTTP with the real engine and server, against the floor of the disk and against peers, in one run."""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from guichet_desktop.desk import enrolment
from guichet_desktop.desk.desk import Desk
from guichet_desktop.loopback import DEMO_PASSWORD, DEMO_USER
from guichet_sync.client.engine import Exchange
from guichet_sync.client.events import Changes, Event, Progress
from guichet_sync.client.transport import Transport
from guichet_sync.store import account, catalogue, schema
from guichet_sync.store.database import reading
from tests.helpers.posts import new_profile

from .floor import Taken
from .full_city import Served, fill, served
from .peers import Absent, anki, pouchdb
from .report import Row

_RUNS = 3
_PEER_ROWS, _LEAST_PEER_ROWS = 10_000, 500
_FLOOR_TARGET, _POUCHDB_TARGET, _ANKI_TARGET = 2.5, 0.1, 1.0


@dataclass(slots=True)
class Mirrored:
    """A first mirror: its records, seconds in all, those of its own processor time, and records and seconds by space."""

    records: int = 0
    seconds: float = 0.0
    processor_s: float = 0.0
    spaces: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _in_parts: set[str] = field(default_factory=set)

    def count(self, event: Progress | Changes) -> None:
        """Parts of a snapshot tell how far they are; pages, what they brought."""
        if isinstance(event, Progress):
            self._in_parts.add(event.space)
            self.done[event.space] = event.done
        elif event.space not in self._in_parts:
            self.done[event.space] += event.records

    def came_in_parts(self, kind: str) -> bool:
        """Whether spaces of one kind came as snapshots, hence one after the other; pages come together, and tell less."""
        return all(space in self._in_parts for space in self.done if space.startswith(kind))

    def rate_of(self, kind: str) -> float:
        """Rows a second of spaces of one kind."""
        records = sum(done for space, done in self.done.items() if space.startswith(kind))
        return records / max(1e-9, sum(seconds for space, seconds in self.spaces.items() if space.startswith(kind)))


def measure(folder: Path, scale: float) -> list[Row]:
    """Rows of the report."""
    with served(folder / "central") as city:
        fill(city.database, scale)
        with city.central.running():
            first = _mirrored(folder / "first", city.central.url)
            runs = [_mirrored(folder / f"post-{each}", city.central.url) for each in range(_RUNS)]
            floor, bodies = _floor_and_bodies(folder, city)
        wanted = max(_LEAST_PEER_ROWS, min(len(bodies), round(_PEER_ROWS * scale)))
        return [*_own_rows(city, first, runs, floor), *_peer_rows(folder, runs, bodies[:wanted])]


def _mirrored(path: Path, url: str) -> Mirrored:
    with closing(_enrolled(path, url)) as desk:
        return _exchanged(desk)


def _enrolled(path: Path, url: str) -> Desk:
    return enrolment.enrol(new_profile(path), url, DEMO_USER, DEMO_PASSWORD)


def _exchanged(desk: Desk) -> Mirrored:
    """One exchange; the time up to each event is that of the space it tells of."""
    mirrored = Mirrored()
    begun = last = time.perf_counter()
    processor = time.process_time()

    def hear(event: Event) -> None:
        nonlocal last
        if isinstance(event, Progress | Changes):
            now = time.perf_counter()
            mirrored.spaces[event.space] += now - last
            mirrored.count(event)
            last = now

    with closing(Transport(account.read(desk.store).server)) as transport:
        result = Exchange(desk.store, transport, hear).run_once()
    if result.failure is not None:
        raise result.failure
    mirrored.records, mirrored.seconds = result.received, time.perf_counter() - begun
    mirrored.processor_s = time.process_time() - processor
    return mirrored


@dataclass(frozen=True, slots=True)
class Least:
    """One run of the floor: seconds, and those of processor time."""

    seconds: float
    processor_s: float


def _floor_and_bodies(folder: Path, city: Served) -> tuple[list[Least], list[str]]:
    """The floor, several times; and the bodies of the requests, for the peers."""
    taken = {"public": Taken(), "people": Taken()}
    with closing(_enrolled(folder / "taken", city.central.url)) as desk, ExitStack() as listening:
        for kind, each in taken.items():
            listening.enter_context(each.listening(getattr(desk.store, kind)))
        _exchanged(desk)
        _check(desk, taken)
        with reading(desk.store.people) as connection:
            bodies = list(connection.execute(select(schema.request.c.body)).scalars())
    return [_replayed(folder / f"floor-{run}", taken) for run in range(_RUNS)], bodies


def _replayed(folder: Path, taken: dict[str, Taken]) -> Least:
    folder.mkdir()
    processor = time.process_time()
    seconds = sum(each.replayed(folder / f"{kind}.db", kind) for kind, each in taken.items())
    return Least(seconds, time.process_time() - processor)


def _check(desk: Desk, taken: dict[str, Taken]) -> None:
    """The floor has all rows: else it would be too low.

    :raises RuntimeError: it has not.
    """
    inserts = [each for file in taken.values() for transaction in file.transactions for each in transaction]
    put = {
        name: sum(len(rows) for said, rows in inserts if f"INTO {name} " in said) for name in ("location", "article", "request")
    }
    held = catalogue.figures(desk.store)
    if put != {"location": held.addresses, "article": held.articles, "request": held.requests}:
        raise RuntimeError(f"taken down {put}, held {held}")


def _own_rows(city: Served, first: Mirrored, runs: list[Mirrored], floor: list[Least]) -> list[Row]:
    seconds, least = (statistics.median(each.seconds for each in some) for some in (runs, floor))
    processor = statistics.median(each.processor_s for each in runs) / statistics.median(each.processor_s for each in floor)
    records = runs[0].records
    rate = records / seconds
    rows = [
        Row(f"first mirror from {city.engine}, median of {len(runs)}", rate, "rows/s", None, {"floor": round(records / least)}),
        Row(f"first mirror of {records:,} records, median", seconds, "s", None, {"floor": round(least, 2)}),
        Row("first mirror, time against the floor", seconds / least, "×", _FLOOR_TARGET),
        Row("first mirror, the post's own processor time against the floor's", processor, "×"),
        Row("the very first one, which has the snapshots made", first.seconds, "s"),
    ]
    kinds = [kind for kind in ("kb", "places", "requests/") if runs[0].came_in_parts(kind)]
    rates = {kind: statistics.median(each.rate_of(kind) for each in runs) for kind in kinds}
    rows += [Row(f"first mirror of {kind.strip('/')}, median", rate, "rows/s") for kind, rate in rates.items()]
    return rows


def _peer_rows(folder: Path, runs: list[Mirrored], bodies: list[str]) -> list[Row]:
    """Peers bring the bodies of the requests in, without a full-text index. A ratio is their time a row against ours."""
    ours = statistics.median(each.rate_of("requests/") for each in runs)
    rows = []
    for name, peer, target in (("PouchDB", pouchdb, _POUCHDB_TARGET), ("Anki", anki, _ANKI_TARGET)):
        try:
            rate = peer.rate(folder / name, bodies)
        except Absent as reason:
            sys.stdout.write(f"{name} is not compared: {reason}\n")
            continue
        title = f"time a request, ours against {name}'s ({len(bodies):,} rows)"
        rows.append(Row(title, rate / ours, "×", target, {f"{name} rows/s": round(rate), "ours": round(ours)}))
    return rows
