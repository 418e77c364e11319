"""How soon the window is painted, how soon one can search, what was imported before, and what it weighs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guichet_desktop.loopback import DEMO_PASSWORD, DEMO_USER, LoopbackCentral
from guichet_desktop.profiles import PASSPHRASE_VARIABLE

from .report import Row, publish

_RUNS = 7
_HEAVY = ("sqlalchemy", "sqlcipher3", "requests", "keyring", "babel", "msgspec", "argon2", "nh3", "Stemmer")
_STEPS = ("first paint", "sign-in page", "usable search box")


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds from the program's beginning to each step, modules imported and resident MB at each."""

    seconds: dict[str, float]
    modules: dict[str, int]
    heavy: tuple[str, ...]
    megabytes: dict[str, float]


def run(scale: float) -> None:
    """Start a window of the demonstration again and again; its server is there."""
    with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
        central = LoopbackCentral(Path(folder) / "central")
        central.load_city()
        with central.running():
            profile, environment = Path(folder) / "profile", os.environ | {PASSPHRASE_VARIABLE: "bench"}
            _prepare(profile, central.url, environment)
            starts = [_start(profile, environment) for _ in range(max(1, round(_RUNS * scale)))]
            qt_alone = [_qt_alone() for _ in starts]
    publish("start", _rows(starts, qt_alone))


def _prepare(profile: Path, url: str, environment: dict[str, str]) -> None:
    ctl = [sys.executable, "-m", "guichet_desktop.ctl", "--profile", str(profile)]
    for verb, given in ((["enrol", "--server", url, "--user", DEMO_USER, "--password-stdin"], DEMO_PASSWORD), (["sync"], "")):
        subprocess.run([*ctl, *verb], input=given.encode(), env=environment, stdout=subprocess.DEVNULL, check=True)


def _start(profile: Path, environment: dict[str, str]) -> Start:
    command = [sys.executable, "-m", "tests.bench.watched_start", str(profile), DEMO_PASSWORD]
    begun = time.monotonic()
    done = subprocess.run(command, env=_offscreen(environment), capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return Start(
        {each["step"]: each["at"] - begun for each in told},
        {each["step"]: each["modules"] for each in told},
        tuple(name for name in _HEAVY if name in told[0]["heavy"]),
        {each["step"]: each["kilobytes"] / 1024 for each in told},
    )


def _qt_alone() -> float:
    """The floor: an interpreter that imports Qt and paints an empty window."""
    script = (
        "import time\nfrom PySide6.QtWidgets import QApplication, QMainWindow\n"
        "a = QApplication([]); w = QMainWindow(); w.show(); a.processEvents(); print(time.monotonic())"
    )
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], env=_offscreen(os.environ.copy()), capture_output=True, text=True, check=True
    )
    return float(done.stdout) - begun


def _offscreen(environment: dict[str, str]) -> dict[str, str]:
    return {"QT_QPA_PLATFORM": "offscreen"} | environment


def _rows(starts: Sequence[Start], qt_alone: Sequence[float]) -> list[Row]:
    floor = {"Qt alone": round(statistics.median(qt_alone), 3)}
    rows = [
        Row(f"{step}, median of {len(starts)}", statistics.median(each.seconds[step] for each in starts), "s", None, floor)
        for step in _STEPS
    ]
    rows += [Row(f"modules imported at {step}", starts[0].modules[step], "modules") for step in _STEPS]
    rows.append(Row("heavy libraries imported at first paint", len(starts[0].heavy), "libraries", 0))
    rows += [Row(f"resident at {step}", statistics.median(each.megabytes[step] for each in starts), "MB") for step in _STEPS]
    return rows
