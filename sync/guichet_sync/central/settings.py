"""What a running server needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAX_REQUEST_BYTES = 3 * 1024 * 1024
"""A batch is 1 MiB of bodies; as JSON within JSON they may be twice as long."""


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """``database_url`` may hold a password: it never shows. ``data`` holds snapshots, and the embedded database."""

    database_url: str
    data: Path

    @property
    def snapshots(self) -> Path:
        """Folder of the snapshot files."""
        return self.data / "snapshots"
