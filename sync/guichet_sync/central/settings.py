"""What a running server needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from guichet_sync.protocol import version

from .feed import PAGE
from .hints import MANNERS, Manners
from .limits import BURST, MOST_UNDER_WAY

MAX_REQUEST_BYTES = 3 * 1024 * 1024
"""A batch is 1 MiB of bodies; as JSON within JSON they may be twice as long."""


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """``database_url`` may hold a password: it never shows. ``data`` holds snapshots, and the embedded database. ``page`` is how
    many entries a reply of the feed has at most, ``spoken`` which protocol versions are answered;
    ``most_under_way`` how many requests may be under way at once, ``burst`` how many of one enrolment's may come at once,
    ``manners`` how live streams are kept.
    """

    database_url: str
    data: Path
    page: int = PAGE
    spoken: version.Spoken = version.OURS
    most_under_way: int = MOST_UNDER_WAY
    burst: int = BURST
    manners: Manners = MANNERS

    @property
    def snapshots(self) -> Path:
        """Folder of the snapshot files."""
        return self.data / "snapshots"
