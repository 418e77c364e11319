"""The exchange: a first mirror against floor and peers, one change, an idle post, sixty that come back, look-ups meanwhile."""

from __future__ import annotations

from pathlib import Path

from . import first_mirror, frames, idle_post, latency, one_change, outage
from .parts import Part, run_parts
from .report import Row

_FRAMES = ("typing a query", "filling a request")


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


def run(scale: float, only: str = "") -> None:
    """All parts, or one."""
    run_parts("sync", PARTS, scale, only)
