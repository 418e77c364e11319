"""Where database keys are kept: the system's keyring, or a file that a passphrase opens. The only importer of ``keyring``.

A plain-text keyring counts as none. The passphrase file is itself an SQLCipher database, opened by SQLCipher's own key derivation
(PBKDF2-HMAC-SHA512, 256,000 rounds): no cryptography of ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from sqlcipher3 import dbapi2

from guichet_sync.domain.errors import KeyringMissing, StoreDamaged, WrongKey
from guichet_sync.store.keys import Key

_TRUSTED_KEYRINGS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.Windows",
    "keyring.backends.macOS",
)


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
    """The keyring of the person's session on this machine.

    :raises KeyringMissing: there is none that can be trusted.
    """

    def __init__(self) -> None:
        import keyring

        backend = keyring.get_keyring()
        backends = getattr(backend, "backends", [backend])
        if not any(type(each).__module__.startswith(_TRUSTED_KEYRINGS) for each in backends):
            raise KeyringMissing
        self._keyring = next(each for each in backends if type(each).__module__.startswith(_TRUSTED_KEYRINGS))

    def read(self, name: str) -> Key | None:
        """The key of this name."""
        from keyring.errors import KeyringError

        try:
            found = self._keyring.get_password("guichet", name)
        except KeyringError:
            raise KeyringMissing from None
        return Key.from_hex(found) if found else None

    def keep(self, name: str, key: Key) -> None:
        """Keep a key in the keyring."""
        from keyring.errors import KeyringError

        try:
            self._keyring.set_password("guichet", name, key.hex)
        except KeyringError:
            raise KeyringMissing from None


class PassphraseChain:
    """Keys in an encrypted file that a passphrase opens.

    :raises WrongKey: ``wrong_passphrase``, if the file is there and the passphrase does not open it.
    """

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        self._passphrase = passphrase
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

    def _open(self) -> _Database:
        return _Database(self._path, self._passphrase)


class _Database:
    """One transaction of the passphrase's file, closed at its end."""

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        self._passphrase = passphrase

    def __enter__(self) -> dbapi2.Connection:
        self._connection = dbapi2.connect(str(self._path), timeout=10)
        quoted = self._passphrase.replace("'", "''")
        try:
            self._connection.execute("PRAGMA cipher_log_level = NONE")
            self._connection.execute(f"PRAGMA key = '{quoted}'")
            self._connection.execute("PRAGMA temp_store = MEMORY")
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except dbapi2.DatabaseError as error:
            self._connection.close()
            if "not a database" in str(error):
                raise WrongKey("wrong_passphrase") from None
            raise StoreDamaged(file=self._path.name) from None
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self._connection.commit()
        self._connection.close()
