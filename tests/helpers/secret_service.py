"""A real Secret Service: gnome-keyring on a session bus of its own, unlocked, its files in a home of its own; gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PROGRAMS = {"dbus-run-session": "dbus-daemon", "gnome-keyring-daemon": "gnome-keyring"}
_LOGIN = """
printf %s trousseau | gnome-keyring-daemon --unlock --components=secrets > /dev/null
echo "$DBUS_SESSION_BUS_ADDRESS"
cat > /dev/null
"""


@contextmanager
def secret_service(home: Path) -> Iterator[dict[str, str]]:
    """The environment of programs in a session with a keyring. Without one on this machine: a named skip, in CI a failure."""
    _require_programs()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    environment |= {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_RUNTIME_DIR": str(home)}
    session = subprocess.Popen(
        ["dbus-run-session", "--", "sh", "-c", _LOGIN],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert session.stdin is not None
    assert session.stdout is not None
    with session:
        yield environment | {"DBUS_SESSION_BUS_ADDRESS": session.stdout.readline().strip()}
        session.stdin.close()
        session.wait()


def _require_programs() -> None:
    missing = [package for program, package in _PROGRAMS.items() if shutil.which(program) is None]
    if not missing:
        return
    reason = f"no Secret Service on this machine: install Debian's {' and '.join(missing)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
