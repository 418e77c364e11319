"""Where database keys are kept: the system's keyring, or a file that a passphrase opens. The only importer of ``keyring``.

A plain-text keyring counts as none. The passphrase file is itself an SQLCipher database, opened by SQLCipher's own key derivation
(PBKDF2-HMAC-SHA512, 256,000 rounds: those of its version 4, whatever a later version does by itself): no cryptography of ours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from sqlcipher3 import dbapi2

from guichet_sync.domain.errors import InvalidInput, KeyringMissing, WrongKey
from guichet_sync.store.database import translate
from guichet_sync.store.keys import Key

_TRUSTED_KEYRINGS = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.macOS.Keyring",
    }
)
"""Those that encrypt at rest under the person's session; any other counts as none."""

_SERVICE = "guichet"


class KeyChain(Protocol):
    """Keeps keys by name. Names tell nothing: a random post or person id."""

    def read(self, name: str) -> Key | None:
        """The key of this name, if it was ever kept."""
        ...

    def keep(self, name: str, key: Key) -> None:
        """Keep a key."""
        ...


def key_for(chain: KeyChain, name: str) -> Key:
    """The key of this name, made and kept at first."""
    known = chain.read(name)
    if known is None:
        known = Key.random()
        chain.keep(name, known)
    return known


class MemoryChain:
    """Keys handed over by another process, kept no longer than this one lives."""

    def __init__(self, keys: dict[str, Key] | None = None) -> None:
        self._keys = dict(keys or {})

    def read(self, name: str) -> Key | None:
        """The key of this name, if it was handed over."""
        return self._keys.get(name)

    def keep(self, name: str, key: Key) -> None:
        """Keep a key until the process ends."""
        self._keys[name] = key


class SystemKeyring:
    """The keyring of the person's session on this machine, where each post's profile has names of its own.

    :raises KeyringMissing: there is none that can be trusted.
    """

    def __init__(self, post: str) -> None:
        import keyring

        first = keyring.get_keyring()
        trusted = [each for each in getattr(first, "backends", [first]) if _class_of(each) in _TRUSTED_KEYRINGS]
        if not trusted:
            raise KeyringMissing
        self._keyring = trusted[0]
        self._post = post

    def read(self, name: str) -> Key | None:
        """The key of this name."""
        from keyring.errors import KeyringError

        try:
            found = self._keyring.get_password(_SERVICE, self._name(name))
            return Key.from_hex(found) if found else None
        except KeyringError:
            raise KeyringMissing from None
        except ValueError:
            raise WrongKey from None

    def keep(self, name: str, key: Key) -> None:
        """Keep a key in the keyring."""
        from keyring.errors import KeyringError

        try:
            self._keyring.set_password(_SERVICE, self._name(name), key.hex)
        except KeyringError:
            raise KeyringMissing from None

    def _name(self, name: str) -> str:
        return f"{self._post}/{name}"


def _class_of(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


class PassphraseChain:
    """Keys in an encrypted file that a passphrase opens.

    :raises WrongKey: ``wrong_passphrase``, if the file is there and the passphrase does not open it.
    :raises InvalidInput: ``passphrase_characters``, if it has characters that nobody can type again.
    """

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        self._passphrase = _typeable(passphrase)
        self._keys = self._all()

    def read(self, name: str) -> Key | None:
        """The key of this name."""
        return self._keys.get(name)

    def keep(self, name: str, key: Key) -> None:
        """Keep a key in the file, durably."""
        with self._open() as database:
            database.execute("INSERT OR REPLACE INTO key (name, value) VALUES (?, ?)", (name, key.raw))
        self._keys[name] = key

    def _all(self) -> dict[str, Key]:
        with self._open() as database:
            database.execute("CREATE TABLE IF NOT EXISTS key (name TEXT PRIMARY KEY, value BLOB NOT NULL)")
            return {name: Key(bytes(value)) for name, value in database.execute("SELECT name, value FROM key")}

    @contextmanager
    def _open(self) -> Iterator[dbapi2.Connection]:
        """One transaction of the file, closed at its end."""
        try:
            with closing(dbapi2.connect(str(self._path), timeout=10)) as database, database:
                for pragma in self._pragmas():
                    database.execute(pragma)
                database.execute("SELECT count(*) FROM sqlite_master").fetchone()
                yield database
        except dbapi2.Error as error:
            said = translate(error, self._path.name)
            raise (WrongKey("wrong_passphrase") if isinstance(said, WrongKey) else said) from None

    def _pragmas(self) -> tuple[str, ...]:
        quoted = self._passphrase.replace("'", "''")
        return (
            "PRAGMA cipher_log_level = NONE",
            f"PRAGMA key = '{quoted}'",
            "PRAGMA cipher_compatibility = 4",
            "PRAGMA temp_store = MEMORY",
            "PRAGMA synchronous = FULL",
        )


def _typeable(passphrase: str) -> str:
    """The passphrase in one form: an é is the same however the keyboard composed it."""
    whole = unicodedata.normalize("NFC", passphrase)
    if any(unicodedata.category(each) in ("Cc", "Cs") for each in whole):
        raise InvalidInput("passphrase_characters", field="passphrase")
    return whole
