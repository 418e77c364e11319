"""Opening a profile: its folder, its settings, its keys."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from guichet_sync.domain.errors import KeyringMissing
from guichet_sync.store.folders import ProfileFolder

from . import settings
from .credentials import KeyChain, PassphraseChain, SystemKeyring
from .settings import Settings

PASSPHRASE_VARIABLE = "GUICHET_PASSPHRASE"  # noqa: S105 - the name of a variable, not its value
_KEYRING, _PASSPHRASE = "keyring", "passphrase"


@dataclass(frozen=True, slots=True)
class Profile:
    """A post's profile, open: where its files are and who keeps its keys."""

    folder: ProfileFolder
    keys: KeyChain

    @property
    def settings(self) -> Settings:
        """The settings as they are on disk now."""
        return settings.read(self.folder.settings)

    def change(self, **changes: object) -> Settings:
        """Change some settings."""
        return settings.change(self.folder.settings, **changes)


def default_path() -> Path:
    """Where the profile is when nothing else is said: the person's local data folder."""
    import platformdirs

    return platformdirs.user_data_path("Guichet", appauthor=False) / "profile"


def open_profile(path: Path, ask: Callable[[], str] | None = None) -> Profile:
    """Open or begin the profile at ``path``. A new one uses the system's keyring, or else a passphrase.

    The passphrase comes from ``GUICHET_PASSPHRASE`` or from ``ask``.

    :raises KeyringMissing: there is neither. :raises WrongKey: the passphrase is wrong.
    """
    folder = ProfileFolder(path)
    folder.make()
    known = settings.read(folder.settings)
    keys = _keys(folder, known.keys, ask)
    if not known.post:
        kind = _KEYRING if isinstance(keys, SystemKeyring) else _PASSPHRASE
        settings.change(folder.settings, post=secrets.token_hex(8), keys=kind)
    return Profile(folder, keys)


def _keys(folder: ProfileFolder, kept_in: str, ask: Callable[[], str] | None) -> KeyChain:
    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "")
    if kept_in == _KEYRING or (not kept_in and not passphrase):
        try:
            return SystemKeyring()
        except KeyringMissing:
            if kept_in == _KEYRING:
                raise
    if not passphrase and ask is not None:
        passphrase = ask()
    if not passphrase:
        raise KeyringMissing("passphrase_needed" if kept_in else None)
    return PassphraseChain(folder.keys, passphrase)
