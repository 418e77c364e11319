"""Gate: what the tests ran through. ``python -m tests.tooling.coverage_floor`` reads ``build/coverage/report.json``.

The core is covered wholly, lines and branches; the whole by nine tenths.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from tests.tooling.tree import ROOT, report

WHOLE = ("sync/guichet_sync/domain/", "sync/guichet_sync/protocol/", "desktop/guichet_desktop/desk/")
OVERALL_PERCENT = 90.0


@dataclass(frozen=True, slots=True)
class Covered:
    """One file: the lines and the branches (from line, to line) that no test took."""

    name: str
    lines: tuple[int, ...]
    branches: tuple[tuple[int, int], ...]

    @property
    def gaps(self) -> str:
        """What is lacking, in words; empty where nothing is."""
        said = [f"lines {_ranges(self.lines)}"] if self.lines else []
        if self.branches:
            said.append("branches " + ", ".join(f"{start}→{'exit' if end < 0 else end}" for start, end in self.branches))
        return "; ".join(said)


def files_of(document: dict[str, Any]) -> list[Covered]:
    """The files of a JSON report of coverage."""
    return [
        Covered(name.replace("\\", "/"), tuple(each["missing_lines"]), tuple((a, b) for a, b in each["missing_branches"]))
        for name, each in document["files"].items()
    ]


def problems_of(document: dict[str, Any]) -> list[str]:
    """Gaps in the core, and a whole that is covered too little (its emptiest files named)."""
    files = files_of(document)
    problems = [f"{each.name}: {each.gaps}" for each in files if each.name.startswith(WHOLE) and each.gaps]
    problems += [
        f"{folder}: no file of it was measured" for folder in WHOLE if not any(each.name.startswith(folder) for each in files)
    ]
    percent = float(document["totals"]["percent_covered"])
    print(f"{percent:.1f} % of lines and branches")
    if percent < OVERALL_PERCENT:
        emptiest = sorted(files, key=lambda each: -len(each.lines))[:25]
        problems += [
            f"overall {percent:.1f} %, at least {OVERALL_PERCENT:g} %",
            *(f"  {each.name}: {each.gaps}" for each in emptiest),
        ]
    return problems


def _ranges(lines: tuple[int, ...]) -> str:
    """Line numbers, runs of them joined: "3, 7-9"."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def main() -> int:
    """Read the report of the last run."""
    path = ROOT / "build" / "coverage" / "report.json"
    if not path.exists():
        return report("coverage", [f"{path.relative_to(ROOT)} is missing: run the tests first"])
    return report("coverage", problems_of(json.loads(path.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    sys.exit(main())
