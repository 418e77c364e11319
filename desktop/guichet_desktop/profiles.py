"""Opening a profile: its folder, its settings, its keys."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from guichet_sync.domain.errors import DiskFull, InvalidInput, KeyringMissing
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

    The passphrase comes from ``GUICHET_PASSPHRASE`` or from ``ask``, which is asked twice for a passphrase that is being chosen.

    :raises KeyringMissing: there is neither. :raises WrongKey: the passphrase is wrong.
    :raises InvalidInput: ``passphrases_differ``. :raises DiskFull: the folder can't be made.
    """
    folder = ProfileFolder(path)
    try:
        folder.make()
    except OSError:
        raise DiskFull from None
    known = settings.read(folder.settings)
    keys = _keys(folder, known.keys or (_PASSPHRASE if folder.keys.exists() else ""), ask)
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
        passphrase = _asked(ask, again=not folder.keys.exists())
    if not passphrase:
        raise KeyringMissing("passphrase_needed" if kept_in else None)
    return PassphraseChain(folder.keys, passphrase)


def _asked(ask: Callable[[], str], *, again: bool) -> str:
    passphrase = ask()
    if again and passphrase and ask() != passphrase:
        raise InvalidInput("passphrases_differ", field="passphrase")
    return passphrase
