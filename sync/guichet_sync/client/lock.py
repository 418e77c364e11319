"""One exchange at a time for each profile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from guichet_sync.domain.errors import StoreBusy
from guichet_sync.store.folders import ProfileFolder


@contextmanager
def exchange_lock(folder: ProfileFolder, wait_s: float = 0) -> Iterator[None]:
    """Hold the profile's exchange; the system lets go of it when the process dies, however it dies.

    :raises StoreBusy: ``exchange_running`` if another one has it for longer than ``wait_s``.
    """
    lock = FileLock(folder.exchange_lock)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise StoreBusy("exchange_running") from None
    try:
        yield
    finally:
        lock.release()
