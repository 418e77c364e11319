"""``python -m guichet_desktop.demo``: the fictional city's server and an enrolled post, in one command."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .loopback import DEMO_PASSWORD, DEMO_USER, LoopbackCentral
from .profiles import PASSPHRASE_VARIABLE

_KEPT = Path("build") / "demo"
_TOUR = Path("build") / "tour"


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; with no display, the tour."""
    parser = argparse.ArgumentParser(prog="dev.py demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="keep the demo's data in build/demo between runs")
    options = parser.parse_args(arguments)
    if not _has_display():
        return _tour()
    if options.keep:
        _KEPT.mkdir(parents=True, exist_ok=True)
        return _run(_KEPT.resolve())
    folder = Path(tempfile.mkdtemp(prefix="guichet-demo-"))
    try:
        return _run(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _tour() -> int:
    from .tour.run import run

    status = run(_TOUR)
    pictures = sorted(each.name for each in _TOUR.glob("*.png"))
    sys.stdout.write(f"No display: the guided tour was taken off-screen, {len(pictures)} pictures in {_TOUR}.\n")
    return status


def _run(folder: Path) -> int:
    central = LoopbackCentral(folder / "central")
    central.load_city()
    with central.running():
        environment = os.environ | {PASSPHRASE_VARIABLE: _passphrase(folder)}
        profile = folder / "profile"
        if not (profile / "people").is_dir():
            _enrol(profile, central.url, environment)
        sys.stdout.write(f"Central server: {central.url} — user {DEMO_USER}, password {DEMO_PASSWORD}\n")
        sys.stdout.flush()
        return open_window(profile, environment)


def open_window(profile: Path, environment: dict[str, str]) -> int:
    """Show the window until it is closed; its exit status."""
    window = [sys.executable, "-m", "guichet_desktop", "--profile", str(profile)]
    return subprocess.run(window, env=environment, check=False).returncode


def _enrol(profile: Path, url: str, environment: dict[str, str]) -> None:
    enrol = ["--profile", str(profile), "enrol", "--server", url, "--user", DEMO_USER, "--password-stdin"]
    subprocess.run(
        [sys.executable, "-m", "guichet_desktop.ctl", *enrol],
        env=environment,
        input=f"{DEMO_PASSWORD}\n".encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _passphrase(folder: Path) -> str:
    """A random passphrase, kept beside the demo's data: they are a fictional city's."""
    path = folder / "passphrase"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(18), encoding="utf-8")
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
