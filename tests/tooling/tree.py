"""The files the gates look at: those git knows, and new ones it does not ignore."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    """Paths, relative to the tree, that match git's patterns (all files without one); deleted ones are left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(Path(name) for name in set(listed.split("\0")) if name and (ROOT / name).is_file())


def report(gate: str, problems: list[str]) -> int:
    """Print what a gate found; its exit status."""
    for problem in problems:
        print(problem)
    print(f"{gate}: {len(problems)} to correct" if problems else f"{gate}: holds")
    return 1 if problems else 0
