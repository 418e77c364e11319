"""Opening a profile: its folder, its settings, its keys."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from guichet_sync.domain.errors import DiskFull, InvalidInput, KeyringMissing, StoreBusy
from guichet_sync.store.folders import ProfileFolder

from . import settings
from .credentials import KeyChain, PassphraseChain, SystemKeyring, key_for
from .settings import Settings

PASSPHRASE_VARIABLE = "GUICHET_PASSPHRASE"  # noqa: S105 - the name of a variable, not its value
POST_KEY = "post"
"""The name of the key of what everyone on the post may read."""

_KEYRING, _PASSPHRASE = "keyring", "passphrase"
WAIT_FOR_OTHER_S = 60.0


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


@contextmanager
def private_files() -> Iterator[None]:
    """What the block writes, wherever that is, nobody else on this machine can read."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def open_profile(path: Path, ask: Callable[[], str] | None = None) -> Profile:
    """Open or begin the profile at ``path``. A new one uses the system's keyring, or else a passphrase.

    The passphrase comes from ``GUICHET_PASSPHRASE`` or from ``ask``, which is asked twice for a passphrase that is being chosen.

    :raises KeyringMissing: there is neither. :raises WrongKey: the passphrase is wrong.
    :raises InvalidInput: ``passphrases_differ``, ``passphrase_characters``. :raises DiskFull: ``profile_not_writable``.
    """
    folder = ProfileFolder(path)
    try:
        folder.make()
    except OSError:
        raise DiskFull("profile_not_writable") from None
    known = settings.read(folder.settings)
    if known.post:
        return Profile(folder, _keys(folder, known, ask))
    with alone(folder):
        return _begun(folder, ask)


def _begun(folder: ProfileFolder, ask: Callable[[], str] | None) -> Profile:
    """The profile with its id and the key of its files, unless another process has just begun it."""
    known = settings.read(folder.settings)
    named = known if known.post else replace(known, post=secrets.token_hex(8))
    keys = _keys(folder, named, ask)
    if not known.post:
        if not folder.public.exists():
            key_for(keys, POST_KEY)
        kind = _KEYRING if isinstance(keys, SystemKeyring) else _PASSPHRASE
        settings.change(folder.settings, post=named.post, keys=kind)
    return Profile(folder, keys)


@contextmanager
def alone(folder: ProfileFolder) -> Iterator[None]:
    """One process at a time begins a profile or enrols: two would each make a key for the same files, a folder for one person.

    :raises StoreBusy: another one takes more than a minute. :raises DiskFull: ``profile_not_writable``.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder.path / "profile.lock")
    try:
        lock.acquire(timeout=WAIT_FOR_OTHER_S)
    except Timeout:
        raise StoreBusy from None
    except OSError:
        raise DiskFull("profile_not_writable") from None
    try:
        yield
    finally:
        lock.release()


def _keys(folder: ProfileFolder, known: Settings, ask: Callable[[], str] | None) -> KeyChain:
    kept_in = known.keys or (_PASSPHRASE if folder.keys.exists() else "")
    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "")
    if kept_in == _KEYRING or (not kept_in and not passphrase):
        try:
            return SystemKeyring(known.post)
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
