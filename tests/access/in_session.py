"""What a program does with the keyring of its session, told on standard output: ``python -m tests.access.in_session STORY``.

A process of its own, because the keyring's library keeps its connection to the bus as long as the process lives.
"""

from __future__ import annotations

import sys

import keyring
import secretstorage

from guichet_desktop.credentials import SystemKeyring, key_for
from guichet_sync.domain.errors import GuichetError
from guichet_sync.store.keys import Key

POST = "a1b2c3d4"
KEY = Key(bytes(range(32)))


def kept() -> None:
    """A key that was kept is read again; one that was not is made."""
    chain = SystemKeyring(POST)
    tell(chain.read("post") is None)
    tell(key_for(chain, "post") == key_for(SystemKeyring(POST), "post"))
    chain.keep("post", KEY)
    tell(SystemKeyring(POST).read("post") == KEY)
    tell(SystemKeyring("another profile").read("post") is None)


def spoilt() -> None:
    """Something else wrote under our name."""
    keyring.set_password("guichet", f"{POST}/post", "ceci n’est pas une clé")
    SystemKeyring(POST).read("post")


def locked_before_reading() -> None:
    """The person locked their keyring."""
    chain = SystemKeyring(POST)
    chain.keep("post", KEY)
    _lock()
    chain.read("post")


def locked_before_keeping() -> None:
    """The person locked their keyring."""
    chain = SystemKeyring(POST)
    _lock()
    chain.keep("post", KEY)


def tell(fact: object) -> None:
    """One line of the story."""
    sys.stdout.write(f"{fact}\n")


def _lock() -> None:
    secretstorage.get_default_collection(secretstorage.dbus_init()).lock()


if __name__ == "__main__":
    try:
        globals()[sys.argv[1]]()
    except GuichetError as error:
        tell(error)
