"""A city of the size to hold: real fiches where they are at hand, generated addresses, the requests of one borough."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guichet_desktop.loopback import LoopbackCentral

from .report import ROOT

ADDRESSES, REQUESTS = 160_000, 75_000
_DATA = ROOT.parent / "shared" / "data"
FICHES = _DATA / "articles" / "service_public_fr.jsonl.gz"
_REQUESTS = _DATA / "montreal-311-plateau" / "requests.csv.gz"
_COLUMNS = ("location_id", "kind", "civic", "street", "label", "postal_code", "sector", "district", "lat", "lon")
_KINDS = ("rue", "avenue", "boulevard", "chemin", "place", "montée", "impasse", "croissant")
_NAMES = (
    "des Érables", "du Ruisseau", "de l’Église", "Saint-Jean", "des Ormes", "Principale", "du Moulin", "de la Gare", "Lavallée",
    "des Pins", "du Collège", "Sainte-Anne", "des Saules", "de la Rivière", "Bellevue", "du Parc", "des Lilas", "Champlain",
    "de la Montagne", "du Coteau",
)  # fmt: skip
_A_STREET = 100


@dataclass(frozen=True, slots=True)
class BigCity:
    """A server that is loaded with what is at hand; ``fiches`` tells which ones."""

    central: LoopbackCentral
    data: Path
    scale: float
    fiches: str

    @classmethod
    def build(cls, folder: Path, scale: float) -> BigCity:
        """Load everything but the requests."""
        data = folder / "central"
        city = cls(LoopbackCentral(data), data, scale, "7,591 real" if FICHES.exists() else "the seed's")
        city.central.load_city()
        if FICHES.exists():
            city.load("articles", FICHES, limit=round(7_591 * scale))
        city.load("addresses", _addresses(folder / "addresses.csv", round(ADDRESSES * scale)))
        return city

    def load_requests(self) -> int:
        """Load the requests, a number that is small without the open data at hand; how many."""
        if not _REQUESTS.exists():
            return 0
        wanted = round(REQUESTS * self.scale)
        self.load("requests", _REQUESTS, limit=wanted)
        return wanted

    def load(self, what: str, file: Path, limit: int = 0) -> None:
        """Import a file with the server's own command."""
        central = [sys.executable, "-m", "guichet_sync.central.cli", "--data", str(self.data)]
        options = ["--skip-bad", *(("--limit", str(limit)) if limit else ())]
        subprocess.run([*central, "import", what, str(file), *options], check=True, capture_output=True)


def _addresses(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(rows(count))
    return path


def rows(count: int) -> Iterator[tuple[object, ...]]:
    """Lines of a file of addresses, without its header: a hundred doors a street, the same numbers in each."""
    for place in range(count):
        street, door = divmod(place, _A_STREET)
        kind, name = _KINDS[street % len(_KINDS)], _NAMES[street // len(_KINDS) % len(_NAMES)]
        lap = street // (len(_KINDS) * len(_NAMES))
        full = f"{kind} {name}" + (f" {lap + 1}" if lap else "")
        civic = str(100 + 2 * door)
        lat, lon = 45.5 + street * 1e-5, -73.7 + door * 1e-5
        yield f"B{place:06d}", "address", civic, full, f"{civic}, {full}", f"G9Z {street % 10}A{door % 10}", "A", "NORD", lat, lon
