"""What the tests' fixtures watch: log records, threads, child processes, timers, and the hosts a program tries to reach."""

from __future__ import annotations

import gc
import ipaddress
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_GRACE_SECONDS = 5.0
_NAMES_OF_THIS_MACHINE = {"", "localhost", "ip6-localhost"}


class FarHostRefused(RuntimeError):
    """A test tried to reach another machine."""


class Records(logging.Handler):
    """Collects what is logged at WARNING or above, as ``logger: message`` lines."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.lines.append(f"{record.name}: {record.getMessage()}")

    @classmethod
    @contextmanager
    def collected(cls) -> Iterator[Records]:
        """The records of a ``with`` block."""
        records = cls()
        logging.getLogger().addHandler(records)
        try:
            yield records
        finally:
            logging.getLogger().removeHandler(records)


@dataclass(frozen=True, slots=True)
class Alive:
    """What runs at one instant: identities of threads, of child processes and of active timers."""

    threads: frozenset[int]
    children: frozenset[int]
    timers: frozenset[int]


def snapshot() -> Alive:
    """What runs now."""
    threads = frozenset(each.ident or 0 for each in threading.enumerate())
    return Alive(threads, frozenset(_children()), frozenset(id(each) for each in _active_timers()))


def left_behind(before: Alive, grace: float = _GRACE_SECONDS) -> list[str]:
    """What runs now and did not before, by name; threads that are ending get ``grace`` seconds to."""
    threads = [each for each in threading.enumerate() if each.ident not in before.threads and not _is_foreign(each)]
    for thread in threads:
        thread.join(grace)
    remains = [f"thread {each.name}" for each in threads if each.is_alive()]
    remains += [f"process {name}" for pid, name in _children().items() if pid not in before.children]
    remains += [f"timer of {each.parent()!r}" for each in _active_timers() if id(each) not in before.timers]
    return remains


def _is_foreign(thread: threading.Thread) -> bool:
    """A daemon thread that a library or the interpreter keeps; ours are never daemons unless they say so by name."""
    return thread is threading.current_thread() or (thread.daemon and not thread.name.startswith("guichet"))


def _children() -> dict[int, str]:
    """Child processes of this one that still run, by id (Linux; elsewhere none are seen)."""
    found: dict[int, str] = {}
    for listing in Path("/proc/self/task").glob("*/children"):
        for pid in _text(listing).split():
            _before, _, after = _text(Path("/proc") / pid / "stat").rpartition(")")
            if after and after.split()[0] != "Z":
                found[int(pid)] = _text(Path("/proc") / pid / "comm").strip()
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _active_timers() -> list[Any]:
    """Timers of Qt that run, of a test that uses Qt at all."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return []
    import shiboken6

    timers = [each for each in gc.get_objects() if issubclass(type(each), core.QTimer)]
    return [each for each in timers if shiboken6.isValid(each) and each.isActive()]


def refuse_far_hosts() -> None:
    """From now on, whatever this process connects to or looks up must be this machine."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(str(address[0])):
            raise FarHostRefused(str(address[0]))
    elif event == "socket.getaddrinfo" and not _is_here(_name(arguments[0])):
        raise FarHostRefused(_name(arguments[0]))


def _name(host: str | bytes | None) -> str:
    return host.decode() if isinstance(host, bytes) else host or ""


def _is_here(host: str) -> bool:
    if host in _NAMES_OF_THIS_MACHINE:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
