from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_VICTIMS = 9
"""What posts, servers and administrators die of: see ``tests/bench/kills/cycles.py``."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="deaths are forks")
def test_whoever_dies_at_whatever_write_point_nothing_is_lost_and_nothing_is_there_twice() -> None:
    campaign(16, 1976)


@pytest.mark.full
@pytest.mark.skipif(not hasattr(os, "fork"), reason="deaths are forks")
def test_two_hundred_deaths_lose_nothing() -> None:
    campaign(200, secrets.randbelow(1_000_000))


def campaign(runs: int, seed: int) -> None:
    command = [sys.executable, "-m", "tests.bench.kills", str(runs), "--seed", str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    tally = json.loads(done.stdout.splitlines()[-1])
    assert tally["wrong"] == [], seed
    assert len(tally["points"]) == _VICTIMS
    assert min(tally["points"].values()) > 10
    assert tally["deaths"] >= 0.9 * runs
