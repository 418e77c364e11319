"""A bench of several parts, which can be run one by one."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from .report import Row, publish

Part = Callable[[Path, float], list[Row]]
"""Measures in an empty folder of its own, at a scale."""


def run_parts(bench: str, parts: Mapping[str, Part], scale: float, only: str = "") -> None:
    """Run every part, or ``only`` one, in order; what the first ones found is published whatever becomes of the last."""
    rows: list[Row] = []
    try:
        for name, part in parts.items():
            if only in ("", name):
                begun = time.monotonic()
                with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
                    rows += part(Path(folder), scale)
                sys.stdout.write(f"{name}: {time.monotonic() - begun:.0f} s\n")
    finally:
        publish("-".join((bench, *only.split())), rows)
