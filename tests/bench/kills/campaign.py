"""Many deaths: a dry run of each cycle lists its write points, then each point is fatal in turn.

Each run is a fork of this process, which has everything imported and prepared: it costs what it does, not what starting costs.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .cycles import CYCLES, Cycle
from .run import Outcome, run
from .stage import Stage

_PATIENCE_S = 120
_MOST_TOLD = 20


@dataclass(slots=True)
class Tally:
    """A campaign: write points by cycle, runs, those in which somebody died, and what was found wrong (cycle, point, what)."""

    points: dict[str, int] = field(default_factory=dict)
    kinds: int = 0
    runs: int = 0
    deaths: int = 0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    prepared_s: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Planned:
    cycle: Cycle
    fatal: int
    label: str


def campaign(folder: Path, runs: int, seed: int, workers: int = 2) -> Tally:
    """So many deaths, over every write point in turn, in an order of chance."""
    tally, begun = Tally(), time.monotonic()
    stage = Stage.prepared(folder / "stage")
    dry = {each: _in_a_fork(stage, each, folder / "dry", 0) for each in CYCLES}
    tally.prepared_s = time.monotonic() - begun
    labels = {cycle: outcome.labels for cycle, outcome in dry.items()}
    tally.points = {cycle.name: len(each) for cycle, each in labels.items()}
    tally.kinds = len({(cycle.name, label) for cycle, each in labels.items() for label in each})
    for cycle, outcome in dry.items():
        tally.wrong += [(cycle.name, "nobody died", each) for each in outcome.wrong]
    begun = time.monotonic()
    _run_all(stage, folder, _plan(labels, runs, random.Random(seed)), workers, tally)
    tally.seconds = time.monotonic() - begun
    return tally


def _plan(labels: dict[Cycle, list[str]], runs: int, chance: random.Random) -> Iterator[_Planned]:
    """Every point once in an order of chance, then again; few runs are shared among the cycles."""
    left = runs
    while left:
        decks = [[_Planned(cycle, place, label) for place, label in enumerate(each, 1)] for cycle, each in labels.items()]
        for deck in decks:
            chance.shuffle(deck)
        dealt = [deck[place] for place in range(max(map(len, decks))) for deck in decks if place < len(deck)]
        yield from dealt[:left]
        left -= min(left, len(dealt))


def _run_all(stage: Stage, folder: Path, plan: Iterator[_Planned], workers: int, tally: Tally) -> None:
    running: dict[int, tuple[_Planned, Path]] = {}
    planned = next(plan, None)
    while running or planned:
        if planned and len(running) < workers:
            own = folder / f"run-{tally.runs}"
            running[_forked(stage, planned.cycle, own, planned.fatal)] = planned, own
            tally.runs += 1
            planned = next(plan, None)
            continue
        pid, _ = os.wait()
        if pid in running:
            done, own = running.pop(pid)
            _count(tally, done, _outcome(own))


def _count(tally: Tally, planned: _Planned, outcome: Outcome) -> None:
    tally.deaths += outcome.died
    room = _MOST_TOLD - len(tally.wrong)
    tally.wrong += [(planned.cycle.name, f"{planned.fatal}: {planned.label}", each) for each in outcome.wrong[: max(1, room)]]


def _in_a_fork(stage: Stage, cycle: Cycle, folder: Path, fatal: int) -> Outcome:
    os.waitpid(_forked(stage, cycle, folder, fatal), 0)
    return _outcome(folder)


def _forked(stage: Stage, cycle: Cycle, folder: Path, fatal: int) -> int:
    """The process of one run, which leaves its outcome beside ``folder``. One that hangs is ended and tells nothing."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    signal.alarm(_PATIENCE_S)
    try:
        outcome = run(stage, cycle, folder, fatal)
    except BaseException:  # noqa: BLE001 - a run that breaks is a finding; this process ends here
        outcome = Outcome(died=False, labels=[], wrong=[traceback.format_exc()])
    with suppress(OSError):
        _told(folder).write_text(json.dumps(asdict(outcome)), encoding="utf-8")
    os._exit(0)


def _told(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _outcome(folder: Path) -> Outcome:
    shutil.rmtree(folder, ignore_errors=True)
    told = _told(folder)
    if not told.exists():
        return Outcome(died=False, labels=[], wrong=["the run never ended"])
    outcome = Outcome(**json.loads(told.read_text(encoding="utf-8")))
    told.unlink()
    return outcome
