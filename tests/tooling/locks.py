"""Gate: the locks are in step with ``pyproject.toml`` and each other, and name no address: ``python -m tests.tooling.locks``."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tooling.tree import ROOT, report

_EXTRAS = {"base": (), "desktop": ("desktop",), "central": ("central",), "dev": ("desktop", "central", "dev")}
_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?P<extras>\[[a-z0-9,_-]+\])?==(?P<version>[^\s;]+)")
_ADDRESS = re.compile(r"://|^\s*-|\bfile:|^\s*[./]")
Pins = dict[str, str]


def pins_of(lock: str) -> Pins:
    """The versions a lock fixes, by canonical name."""
    found = (_PINNED.match(line) for line in lock.splitlines())
    return {canonicalize_name(each["name"]): each["version"] for each in found if each}


def extras_of(lock: str) -> dict[str, set[str]]:
    """The extras a lock fixes with each version: pip refuses a pin that lacks the extras another package asks for."""
    found = (_PINNED.match(line) for line in lock.splitlines())
    return {canonicalize_name(each["name"]): set((each["extras"] or "[]")[1:-1].split(",")) for each in found if each}


def form_problems(name: str, lock: str) -> list[str]:
    """Lines that are neither a pinned version nor a hash, and pins without a hash."""
    problems = []
    for entry in re.split(r"\n(?=\S)", lock):
        if entry.startswith("#"):
            continue
        head, *hashes = entry.split("\\\n")
        if not _PINNED.match(head) or _ADDRESS.search(head):
            problems.append(f"{name}: not a pinned version: {head.strip()}")
        elif not hashes or not all(re.fullmatch(r"\s*--hash=sha256:[0-9a-f]{64}\s*", each) for each in hashes):
            problems.append(f"{name}: without its hashes: {head.strip()}")
    return problems


def range_problems(name: str, lock: str, wanted: list[Requirement]) -> list[str]:
    """Requirements that the lock lacks, leaves their range, or pins without their extras."""
    problems, pins, extras = [], pins_of(lock), extras_of(lock)
    for requirement in wanted:
        known = canonicalize_name(requirement.name)
        pinned = pins.get(known)
        if pinned is None or not requirement.specifier.contains(pinned, prereleases=True):
            problems.append(f"{name}: {requirement} is locked as {pinned or 'nothing'}; run `python3 dev.py lock`")
        elif not requirement.extras <= extras[known]:
            problems.append(f"{name}: {requirement} is locked without its extras; run `python3 dev.py lock`")
    return problems


def wanted_by(project: dict[str, Any], extras: tuple[str, ...]) -> list[Requirement]:
    """What a lock must provide: the project's own dependencies and those of its extras."""
    optional = project["optional-dependencies"]
    return [Requirement(each) for each in (*project["dependencies"], *(line for extra in extras for line in optional[extra]))]


def problems_of(project: dict[str, Any], locks: dict[str, str]) -> list[str]:
    """Everything wrong with the locks, given by name."""
    problems = [f"requirements/{name}.txt is missing" for name in _EXTRAS if name not in locks]
    whole = pins_of(locks.get("dev", ""))
    for name, lock in locks.items():
        pins = pins_of(lock)
        problems += form_problems(name, lock) + range_problems(name, lock, wanted_by(project, _EXTRAS[name]))
        problems += [
            f"{name}: {each} {version}, but dev has {whole.get(each)}"
            for each, version in pins.items()
            if whole.get(each) != version
        ]
    return problems


def main() -> int:
    """Check the locks of this tree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    files: list[Path] = sorted((ROOT / "requirements").glob("*.txt"))
    return report("locks", problems_of(project, {each.stem: each.read_text(encoding="utf-8") for each in files}))


if __name__ == "__main__":
    sys.exit(main())
