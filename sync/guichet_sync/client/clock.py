"""The clocks of this machine: the wall's, which people set wrong, and the monotonic one of this boot."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

_LINUX_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, by both clocks: ``monotonic_ms`` counts within ``boot_id``."""

    at: datetime
    monotonic_ms: int
    boot_id: str


def now() -> Moment:
    """This moment."""
    return Moment(datetime.now(UTC), time.monotonic_ns() // 1_000_000, _boot_id())


@lru_cache(maxsize=1)
def _boot_id() -> str:
    """Names this boot; where the system has no name for it, nothing is claimed."""
    try:
        return _LINUX_BOOT_ID.read_text().strip()
    except OSError:
        return ""
