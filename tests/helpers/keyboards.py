"""Real keyboards: an X server with a layout on it, hands that press its keys, and a window that binds the whole table."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import pytest

import dev
from guichet_desktop.actions import Scope

PROGRAMS = {"Xvfb": "xvfb", "setxkbmap": "x11-xkb-utils", "xkbcomp": "x11-xkb-utils", "xdotool": "xdotool"}
"""What a keyboard is made of, and Debian's package of each."""

LAST_KEY = "F12"
"""A key of the window that is bound to nothing in the table: once it is heard, all before it was."""

_ALT_GR = 108
_SHIFT = 50
_NAMES = {"Return": "Return", "Enter": "KP_Enter", "PgDown": "Next", "PgUp": "Prior", "Del": "Delete"}


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout of X: its name and variant."""

    name: str
    variant: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.variant}".strip()


@dataclass(frozen=True, slots=True)
class Heard:
    """What the window tells after keys were pressed: the actions done, in order, and the text of its field."""

    done: list[str]
    text: str


class Keyboard:
    """Hands on a keyboard of one layout, before the window that listens."""

    def __init__(self, display: str, window: subprocess.Popen[str]) -> None:
        self._display = display
        self._window = window

    def show(self, scope: Scope, *, in_field: bool = True) -> None:
        """The page of a scope, the focus in its field (emptied) or in its list."""
        said = self._stream(self._window.stdin)
        said.write(json.dumps({"scope": scope.value, "in_field": in_field}) + "\n")
        said.flush()
        assert self._hear() == {"shown": scope.value}

    def press(self, keys: Sequence[str]) -> Heard:
        """Press keys in Qt's notation, each once, with the left modifiers."""
        return self._do(["key", "--delay", "2", *map(_named, keys)])

    def strike(self, codes: Sequence[int], *, alt_gr: bool = False, shift: bool = False) -> Heard:
        """Strike keys by where they are (codes of X), AltGr or Shift held all the while."""
        held = [str(code) for code, holds in ((_ALT_GR, alt_gr), (_SHIFT, shift)) if holds]
        downs = [word for code in held for word in ("keydown", code)]
        ups = [word for code in held for word in ("keyup", code)]
        return self._do([*downs, "key", "--delay", "2", *map(str, codes), *ups])

    def _do(self, words: list[str]) -> Heard:
        _run(self._display, "xdotool", *words, "key", LAST_KEY)
        told = self._hear()
        return Heard(told["done"], told["text"])

    def _hear(self) -> dict[str, Any]:
        line = self._stream(self._window.stdout).readline()
        assert line, "the window is gone"
        heard: dict[str, Any] = json.loads(line)
        return heard

    @staticmethod
    def _stream(stream: IO[str] | None) -> IO[str]:
        assert stream is not None
        return stream


@contextmanager
def keyboard(layout: Layout) -> Iterator[Keyboard]:
    """A keyboard of that layout, on a display of its own. Without the programs: a named skip, in CI a failure."""
    require_programs()
    with _display() as display:
        _run(display, "setxkbmap", "-layout", layout.name, "-variant", layout.variant)
        with _window(display) as window:
            made = Keyboard(display, window)
            assert made._hear() == {"ready": True}
            yield made


def require_programs() -> None:
    """Skip by name what this machine lacks; in CI, fail."""
    missing = {package for program, package in PROGRAMS.items() if shutil.which(program) is None}
    missing |= {package for library, package in dev.WINDOW_LIBRARIES.items() if not dev.can_open(library)}
    if missing:
        reason = f"no real keyboard: install Debian's `{' '.join(sorted(missing))}`"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@contextmanager
def _display() -> Iterator[str]:
    """An X server, at a number nobody has; it keeps its layout when its last window closes."""
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=[writes], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        os.close(writes)
        try:
            with os.fdopen(reads, encoding="ascii") as told:
                number = told.readline().strip()
            assert number, "no X server"
            yield f":{number}"
        finally:
            server.terminate()


@contextmanager
def _window(display: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_XCB_GL_INTEGRATION": "none"}
    command = [sys.executable, "-m", "tests.helpers.bound_window"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as window:
        try:
            yield window
        finally:
            window.terminate()


def _run(display: str, *command: str) -> None:
    subprocess.run(command, env={**os.environ, "DISPLAY": display}, check=True, capture_output=True, text=True)


def _named(key: str) -> str:
    """A key of Qt's notation as X calls it."""
    *modifiers, last = key.split("+")
    name = _NAMES.get(last, last.lower() if len(last) == 1 else last)
    return "+".join((*(each.lower() for each in modifiers), name))
