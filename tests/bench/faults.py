"""What may happen, often: 2,000 deaths of posts and servers at their write points; a million intents whose answers get lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from . import many_intents
from .parts import Part, run_parts
from .report import ROOT, Row

RUNS = 2_000
_LEAST_RUNS = 18


def _kills(_folder: Path, scale: float) -> list[Row]:
    """So many deaths, in a process of their own: each is a fork of it."""
    command = [sys.executable, "-m", "tests.bench.kills", str(max(_LEAST_RUNS, round(RUNS * scale)))]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    tally = json.loads(done.stdout.splitlines()[-1])
    for each in tally["wrong"]:
        sys.stdout.write(f"NOT AS IT MUST BE: {' | '.join(each)}\n")
    return [
        Row(
            f"{tally['runs']:,} runs over {sum(tally['points'].values())} write points: wrong", len(tally["wrong"]), "findings", 0
        ),
        Row("runs in which somebody died by kill -9", tally["deaths"], "runs"),
        *(Row(f"write points: {name}", count, "points") for name, count in tally["points"].items()),
        Row("different write points", tally["kinds"], "points"),
        Row("seconds a run, two at a time", tally["seconds"] / max(1, tally["runs"]), "s"),
    ]


PARTS: dict[str, Part] = {"kills": _kills, "intents": many_intents.measure}


def run(scale: float, only: str = "") -> None:
    """Both campaigns, or one."""
    run_parts("faults", PARTS, scale, only)
