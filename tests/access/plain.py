"""A keyring as some machines have it: it keeps secrets and encrypts nothing."""

from __future__ import annotations

from typing import ClassVar

from keyring.backend import KeyringBackend


class PlainText(KeyringBackend):
    """Works, and is none of those that encrypt."""

    priority = 1
    _kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """What was kept."""
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self._kept[service, username] = password
