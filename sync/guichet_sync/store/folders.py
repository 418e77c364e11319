"""Where the files of a profile are. A person's folder has a random name that tells nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class PersonFolder:
    """The files of one person on this post."""

    path: Path

    @property
    def people(self) -> Path:
        """Mirror of requests and requesters."""
        return self.path / "people.db"

    @property
    def work(self) -> Path:
        """Drafts and unsent work: precious."""
        return self.path / "work.db"


@dataclass(frozen=True, slots=True)
class ProfileFolder:
    """The files of one post's profile."""

    path: Path

    @property
    def public(self) -> Path:
        """Mirror of what everyone may read."""
        return self.path / "public.db"

    @property
    def keys(self) -> Path:
        """Keys under a passphrase, where the system has no keyring."""
        return self.path / "keys.db"

    @property
    def settings(self) -> Path:
        """Settings that are no secret."""
        return self.path / "settings.toml"

    @property
    def exchange_lock(self) -> Path:
        """Held by the one exchange of this profile."""
        return self.path / "exchange.lock"

    @property
    def courier(self) -> Path:
        """Sealed boxes that anybody's exchange may deliver, and nobody here can read."""
        return self.path / "courier"

    @property
    def log(self) -> Path:
        """Redacted, rotating logs."""
        return self.path / "log"

    def person(self, person: str) -> PersonFolder:
        """The folder of the person known here as ``person``."""
        return PersonFolder(self.path / "people" / person)

    def persons(self) -> tuple[str, ...]:
        """All persons known to this profile, by their folder's name."""
        people = self.path / "people"
        if not people.is_dir():
            return ()
        return tuple(sorted(each.name for each in people.iterdir() if (each / "work.db").is_file()))

    def new_person(self) -> str:
        """Make a folder for one more person; its random name."""
        name = secrets.token_hex(8)
        self.person(name).path.mkdir(mode=_PRIVATE, parents=True)
        return name

    def make(self) -> None:
        """Create the profile's folder, readable by its owner alone."""
        self.path.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
