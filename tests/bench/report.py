"""What a bench measured: a table for people, a JSON file for comparisons. A bench never decides whether a test passes."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``target`` is an upper bound, or None; ``against`` has the same figure of peers in the same run."""

    figure: str
    value: float
    unit: str
    target: float | None = None
    against: dict[str, float] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        """Whether the figure keeps its target."""
        return None if self.target is None else self.value <= self.target


@dataclass(frozen=True, slots=True)
class Spread:
    """How a series of durations spreads, in milliseconds."""

    p50: float
    p99: float
    worst: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        """The spread of durations given in seconds."""
        ordered = sorted(1000 * each for each in seconds)
        return cls(statistics.median(ordered), ordered[int(0.99 * (len(ordered) - 1))], ordered[-1])

    def rows(self, figure: str, p99_target: float | None = None) -> list[Row]:
        """Three rows of a report."""
        return [
            Row(f"{figure}, p50", self.p50, "ms"),
            Row(f"{figure}, p99", self.p99, "ms", p99_target),
            Row(f"{figure}, worst", self.worst, "ms"),
        ]


def publish(name: str, rows: Sequence[Row]) -> Path:
    """Print the table and write ``build/bench/NAME.json``; the file's path."""
    for row in rows:
        verdict = {None: "", True: "holds", False: "MISSED"}[row.holds]
        target = "" if row.target is None else f"≤ {row.target:g}"
        peers = "  ".join(f"{peer}: {value:,.2f}" for peer, value in row.against.items())
        sys.stdout.write(f"{row.figure:<58}{row.value:>14,.2f} {row.unit:<8}{target:>9} {verdict:<7}{peers}\n")
    path = ROOT / "build" / "bench" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "name": name,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "commit": _commit(),
        "rows": [asdict(row) | {"holds": row.holds} for row in rows],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _commit() -> str:
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()
