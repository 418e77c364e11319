"""A copy of each file's salt beside it: it tells damage to the salt, which no key opens any more, from a wrong key.

The salt is the first 16 bytes of an SQLCipher file; it is no secret. A file that was cut down to nothing differs from it too.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_BYTES = 16


def copy_of(path: Path) -> Path:
    """Where the copy of the file's salt is."""
    return path.with_suffix(".salt")


def keep(path: Path) -> None:
    """The file has just been opened with its key: its salt is the right one. A disk that takes no copy is left alone."""
    salt = _first(path)
    if len(salt) < _BYTES or salt == _first(copy_of(path)):
        return
    unfinished = path.with_suffix(".salt-new")
    with suppress(OSError):
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(salt)
        unfinished.replace(copy_of(path))


def forget(path: Path) -> None:
    """The file is not there any more: the next one of this name has a salt of its own."""
    with suppress(OSError):
        copy_of(path).unlink(missing_ok=True)


def differs(path: Path) -> bool:
    """Whether the file does not begin with the salt that it had."""
    kept = _first(copy_of(path))
    return len(kept) == _BYTES and _first(path) != kept


def _first(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_BYTES)
    except OSError:
        return b""
