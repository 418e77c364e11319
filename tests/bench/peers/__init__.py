"""Peers, each installed by its own name into ``build/peers`` when first measured; left out with a sentence where it can't be."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ..report import ROOT

PEERS = ROOT / "build" / "peers"
_INSTALL_S = 600


class Absent(Exception):
    """A peer that can't be measured here; why."""


def program(name: str) -> str:
    """The path of a program.

    :raises Absent: there is none.
    """
    found = shutil.which(name)
    if found is None:
        raise Absent(f"{name} is not installed")
    return found


def install(command: list[str], folder: Path) -> None:
    """Run an installer.

    :raises Absent: it does not install.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_INSTALL_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Absent(f"{Path(command[0]).name}: {type(error).__name__}") from None
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Absent(f"{Path(command[0]).name}: {' '.join(last)}")
