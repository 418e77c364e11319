"""Opening a profile: its folder, its settings, its keys."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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


def open_profile(path: Path, ask: Callable[[], str] | None = None, typed: str = "") -> Profile:
    """Open or begin the profile at ``path``. A new one uses the system's keyring, or else a passphrase.

    The passphrase is the one ``typed`` just now, or that of ``GUICHET_PASSPHRASE``, or comes from ``ask``, which is asked twice
    for one that is being chosen.

    :raises KeyringMissing: there is none of them (``keyring_missing`` of a new profile, ``passphrase_needed`` of a known one),
        or the keyring that has the keys is away (``keyring_lost``). :raises WrongKey: the passphrase is wrong.
    :raises InvalidInput: ``passphrases_differ``, ``passphrase_characters``. :raises DiskFull: ``profile_not_writable``.
    """
    folder = ProfileFolder(path)
    try:
        folder.make()
    except OSError:
        raise DiskFull("profile_not_writable") from None
    known = settings.read(folder.settings)
    if known.post:
        return Profile(folder, _keys(folder, known, _Passphrase(typed, ask)))
    with alone(folder):
        return _begun(folder, _Passphrase(typed, ask))


def _begun(folder: ProfileFolder, passphrase: _Passphrase) -> Profile:
    """The profile with its id and the key of its files, unless another process has just begun it."""
    known = settings.read(folder.settings)
    named = known if known.post else replace(known, post=secrets.token_hex(8))
    keys = _keys(folder, named, passphrase)
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


def _keys(folder: ProfileFolder, known: Settings, passphrase: _Passphrase) -> KeyChain:
    kept_in = known.keys or (_PASSPHRASE if folder.keys.exists() else "")
    if kept_in == _KEYRING:
        return _keyring(known.post)
    if not kept_in and not passphrase.given:
        with suppress(KeyringMissing):
            return SystemKeyring(known.post)
    found = passphrase.given or passphrase.asked(again=not folder.keys.exists())
    if not found:
        raise KeyringMissing("passphrase_needed" if kept_in else None)
    return PassphraseChain(folder.keys, found)


def _keyring(post: str) -> KeyChain:
    try:
        return SystemKeyring(post)
    except KeyringMissing:
        raise KeyringMissing("keyring_lost") from None


@dataclass(frozen=True, slots=True, repr=False)
class _Passphrase:
    """Where a passphrase may come from."""

    typed: str
    ask: Callable[[], str] | None

    @property
    def given(self) -> str:
        """The one that is there without asking: what a person just typed wins."""
        return self.typed or os.environ.get(PASSPHRASE_VARIABLE, "")

    def asked(self, *, again: bool) -> str:
        """The one a person gives when asked; twice the same where it is being chosen."""
        answer = self.ask() if self.ask else ""
        if again and answer and self.ask and self.ask() != answer:
            raise InvalidInput("passphrases_differ", field="passphrase")
        return answer
