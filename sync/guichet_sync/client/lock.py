"""One exchange at a time for each profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from guichet_sync.domain.errors import DiskFull, StoreBusy
from guichet_sync.store.folders import ProfileFolder


def never() -> bool:
    """Nobody asks to stop."""
    return False


@contextmanager
def exchange_lock(folder: ProfileFolder, wait_s: float = 0, should_stop: Callable[[], bool] = never) -> Iterator[None]:
    """Hold the profile's exchange; the system lets go of it when the process dies, however it dies.

    :raises StoreBusy: ``exchange_running`` if another one has it for longer than ``wait_s``, or until ``should_stop``.
    :raises DiskFull: the profile's folder can't be written.
    """
    lock = FileLock(folder.exchange_lock)
    try:
        lock.acquire(timeout=wait_s, cancel_check=should_stop)
    except Timeout:
        raise StoreBusy("exchange_running") from None
    except OSError:
        raise DiskFull(file=folder.exchange_lock.name) from None
    try:
        yield
    finally:
        lock.release()
