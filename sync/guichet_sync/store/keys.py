"""A database key that never shows itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A random 32-byte SQLCipher key.

    :raises ValueError: if it is of another length.
    """

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")

    @classmethod
    def random(cls) -> Key:
        """A new key from the system's randomness."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_hex(cls, text: str) -> Key:
        """The key written as 64 hexadecimal digits."""
        return cls(bytes.fromhex(text))

    @property
    def hex(self) -> str:
        """64 hexadecimal digits."""
        return self.raw.hex()

    @property
    def pragma(self) -> str:
        """The statement that opens a file with this key, without key derivation."""
        return f"PRAGMA key = \"x'{self.hex}'\""

    def __repr__(self) -> str:
        return "Key(…)"
