"""The exchange: a first mirror against floor and peers, one change, an idle post, sixty that come back, look-ups meanwhile."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import first_mirror, frames, idle_post, latency, one_change, outage
from .report import Row, publish

_FRAMES = ("typing a query", "filling a request")
Part = Callable[[Path, float], list[Row]]


def run(scale: float) -> None:
    """Every part, one after the other: what the first ones found is published whatever becomes of the last."""
    rows: list[Row] = []
    try:
        for name, part in PARTS.items():
            begun = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
                rows += part(Path(folder), scale)
            sys.stdout.write(f"{name}: {time.monotonic() - begun:.0f} s\n")
    finally:
        publish("sync", rows)


def _lookups(folder: Path, scale: float) -> list[Row]:
    return [row for row in latency.measured(folder, scale) if "syncing" in row.figure or "mirror" in row.figure]


def _window(folder: Path, scale: float) -> list[Row]:
    return [row for row in frames.measured(folder, scale, _FRAMES) if "syncing" in row.figure]


PARTS: dict[str, Part] = {
    "first mirror": first_mirror.measure,
    "one change": one_change.measure,
    "idle post": idle_post.measure,
    "outage": outage.measure,
    "look-ups": _lookups,
    "window": _window,
}
