#!/usr/bin/env python3
"""Everything a developer types: ``python3 dev.py VERB``.

Only the standard library is used, on Linux and on Windows. The verbs that need more make ``.venv`` first, from the locked
dependencies with their hashes; they make it again only when the lock has changed.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "guichet-lock.sha256"
REQUIREMENTS = ROOT / "requirements"
LOCK = REQUIREMENTS / "dev.txt"
LOCKED_EXTRAS = {"base": (), "desktop": ("desktop",), "central": ("central",), "dev": ("desktop", "central", "dev")}

# What Qt opens even off-screen, then what a window under X needs as well: the file it opens and Debian's package.
OFFSCREEN_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


class CannotGoOn(Exception):
    """Something is missing that only a person can provide; the message says what to do."""


@dataclass(frozen=True)
class Gate:
    """One check of the tree: its name, its command, and whether a person wants to see it advance."""

    name: str
    command: tuple[str | Path, ...]
    shown: bool = False


# ── set-up ────────────────────────────────────────────────────────────


def set_up() -> None:
    """Make the system libraries, ``.venv`` and the compiled catalogues ready; do only what is not done yet."""
    provide_packages(missing_packages())
    wanted = lock_digest()
    if not (PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted):
        make_venv()
        STAMP.write_text(wanted, encoding="ascii")
    compile_catalogues()


def lock_digest() -> str:
    """What the environment is made from, as one digest (hexadecimal)."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make_venv() -> None:
    """Create ``.venv`` where it does not run, and install the lock and this project into it."""
    if not runs(PYTHON, "-c", "import pip"):
        say(f"creating {VENV.name}")
        run(sys.executable, "-m", "venv", "--clear", VENV)
    say(f"installing the locked dependencies ({LOCK.relative_to(ROOT).as_posix()})")
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--quiet")
    run(*pip, "--require-hashes", "--requirement", LOCK)
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)


def compile_catalogues() -> None:
    """Compile the catalogues that are newer than their compiled form."""
    stale = [each for each in sorted((ROOT / "resources" / "i18n").glob("*/LC_MESSAGES/guichet.po")) if is_stale(each)]
    for catalogue in stale:
        compiled = catalogue.with_suffix(".mo")
        run(BIN / "pybabel", "--quiet", "compile", "--input-file", catalogue, "--output-file", compiled)


def is_stale(catalogue: Path) -> bool:
    """Whether a catalogue's compiled form is missing or older."""
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime


def missing_packages() -> list[str]:
    """Debian's names of what this machine lacks; nothing on Windows, where Qt brings all it needs."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = dict(OFFSCREEN_LIBRARIES)
    if has_display():
        wanted |= WINDOW_LIBRARIES
    missing = [package for library, package in wanted.items() if not can_open(library)]
    if importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python3.{sys.version_info.minor}-venv")
    return missing


def can_open(library: str) -> bool:
    """Whether the dynamic loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def provide_packages(packages: Sequence[str]) -> None:
    """Install Debian packages where this runs as root, else name the one command.

    :raises CannotGoOn: if they must be installed by someone else.
    """
    if not packages:
        return
    apt = shutil.which("apt-get")
    if not apt:
        raise CannotGoOn(f"This system lacks what Debian calls {' '.join(packages)}. Install them, then run this again.")
    if os.name == "nt" or os.geteuid() != 0:
        raise CannotGoOn(f"Run this first, then again what you ran:\n  sudo apt-get install {' '.join(packages)}")
    say(f"installing {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(apt, "update", "-qq", env=quiet)
    run(apt, "install", "-y", "-qq", "--no-install-recommends", *packages, env=quiet)
    importlib.invalidate_caches()


# ── verbs ────────────────────────────────────────────────────────────


def setup(_options: argparse.Namespace) -> int:
    """Make ``.venv`` and what it needs."""
    set_up()
    return 0


def demo(options: argparse.Namespace) -> int:
    """Start a central server with the fictional city, enrol a demo post and open Guichet (or the tour, without a display)."""
    set_up()
    return status_of(PYTHON, "-m", "guichet_desktop.demo", *options.rest)


def test(options: argparse.Namespace) -> int:
    """Run the test suite; everything after the verb goes to pytest."""
    set_up()
    arguments = list(options.rest)
    chosen = any(each == "-m" or each.startswith("--markers") for each in arguments)
    return status_of(PYTHON, "-m", "pytest", *arguments, *(() if chosen else ("-m", "not full and not bench")))


def bench(options: argparse.Namespace) -> int:
    """Measure; each bench prints a table and writes ``build/bench/NAME.json``."""
    set_up()
    return status_of(PYTHON, "-m", "tests.bench", *options.rest)


def lock(options: argparse.Namespace) -> int:
    """Resolve ``pyproject.toml`` into exact versions with hashes, for Linux and Windows alike."""
    set_up()
    for name in ("dev", "base", "desktop", "central"):
        output = REQUIREMENTS / f"{name}.txt"
        extras = [word for extra in LOCKED_EXTRAS[name] for word in ("--extra", extra)]
        if name != "dev":
            extras += ["--constraint", str(LOCK.relative_to(ROOT).as_posix())]
        elif options.upgrade:
            extras += ["--upgrade"]
        uv = (BIN / "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-annotate", "--no-strip-extras")
        said = ("--custom-compile-command", "python3 dev.py lock", "--output-file", output.relative_to(ROOT).as_posix())
        run(*uv, *said, *extras, "pyproject.toml", env={**os.environ, "UV_SYSTEM_CERTS": "true"})
        say(f"locked {output.relative_to(ROOT).as_posix()}")
    return 0


def check(options: argparse.Namespace) -> int:
    """Run every gate in order, show what each red one says, and end with a line for each."""
    set_up()
    results = [(gate.name, *passes(gate)) for gate in gates(full=options.full) if not options.only or gate.name in options.only]
    print()
    for name, passed, seconds in results:
        print(f"{'ok ' if passed else 'RED'}  {name:<14}{seconds:8.1f} s")
    red = [name for name, passed, _ in results if not passed]
    print(f"\n{'Red: ' + ', '.join(red) if red else 'All gates hold.'}", flush=True)
    return 1 if red else 0


def gates(*, full: bool) -> tuple[Gate, ...]:
    """All gates, cheapest first."""
    module = (PYTHON, "-m")
    pytest = (*module, "pytest", "-n", "2", "--dist", "loadfile", "--cov", "--cov-report=json:build/coverage/report.json")
    return (
        Gate("format", (*module, "ruff", "format", "--check", ".")),
        Gate("lint", (*module, "ruff", "check", "--quiet", ".")),
        Gate("sizes", (*module, "tests.tooling.sizes")),
        Gate("types", (*module, "mypy")),
        Gate("layers", (BIN / "lint-imports", "--no-cache")),
        Gate("catalogue", (*module, "tests.tooling.catalogue")),
        Gate("typography", (*module, "tests.tooling.typography")),
        Gate("locks", (*module, "tests.tooling.locks")),
        Gate("addresses", (*module, "tests.tooling.addresses")),
        Gate("documents", (*module, "tests.tooling.documents")),
        Gate("tests", (*pytest, "-m", "not bench" if full else "not full and not bench"), shown=True),
        Gate("coverage", (*module, "tests.tooling.coverage_floor")),
    )


def passes(gate: Gate) -> tuple[bool, float]:
    """Whether a gate holds, and the seconds it took; what a red one printed is shown."""
    print(f"── {gate.name}", flush=True)
    started = time.monotonic()
    if gate.shown:
        return status_of(*gate.command) == 0, time.monotonic() - started
    done = subprocess.run(
        [str(each) for each in gate.command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != 0:
        sys.stdout.write(done.stdout.decode(errors="replace"))
    return done.returncode == 0, time.monotonic() - started


# ── small things ────────────────────────────────────────────────────────────


def has_display() -> bool:
    """Whether a window can be shown here."""
    return os.name == "nt" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def runs(*command: str | Path) -> bool:
    """Whether a command exists and succeeds; its output is dropped."""
    try:
        return subprocess.run([str(each) for each in command], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command of the set-up.

    :raises CannotGoOn: if it fails; its own output has said why.
    """
    words = [str(each) for each in command]
    if subprocess.run(words, cwd=ROOT, env=env, check=False).returncode != 0:
        raise CannotGoOn(f"This failed: {shlex.join(words)}")


def status_of(*command: str | Path) -> int:
    """Run a command in the foreground and return its exit status (of a signal: 128 + its number, as a shell says it)."""
    try:
        status = subprocess.run([str(each) for each in command], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130
    return status if status >= 0 else 128 - status


def say(sentence: str) -> None:
    """Tell what takes time, on standard error."""
    print(sentence, file=sys.stderr, flush=True)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked; words a verb hands on are in ``rest``."""
    parser = argparse.ArgumentParser(prog="dev.py", description="Set up, show, test and check Guichet.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("setup", help=summary(setup.__doc__)).set_defaults(act=setup)
    handing_on = {"demo": (demo, "[--keep]"), "test": (test, "[pytest arguments]"), "bench": (bench, "[NAME]")}
    for name, (act, usage) in handing_on.items():
        verb = verbs.add_parser(name, help=summary(act.__doc__), usage=f"dev.py {name} {usage}")
        verb.set_defaults(act=act)
    checking = verbs.add_parser("check", help=summary(check.__doc__))
    checking.add_argument("--full", action="store_true", help="also run the long proofs")
    checking.add_argument("--only", action="append", metavar="GATE", default=[], help="run this gate alone (can be repeated)")
    checking.set_defaults(act=check)
    locking = verbs.add_parser("lock", help=summary(lock.__doc__))
    locking.add_argument("--upgrade", action="store_true", help="take the newest versions the ranges allow")
    locking.set_defaults(act=lock)
    options, rest = parser.parse_known_args(arguments)
    if rest and options.verb not in handing_on:
        parser.error(f"{options.verb} does not know {' '.join(rest)}")
    options.rest = rest
    return options


def summary(documentation: str | None) -> str:
    """The first sentence of a docstring."""
    return (documentation or "").split(";")[0].split(".")[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit status."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        status: int = options.act(options)
    except CannotGoOn as reason:
        say(str(reason))
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
