"""Tokens of one enrolment, asked for when needed and kept in the encrypted file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from guichet_sync.domain.errors import AnotherServer
from guichet_sync.protocol.messages import TokenRequest
from guichet_sync.store import account
from guichet_sync.store.account import Account
from guichet_sync.store.post import PostStore

from .transport import Transport

_MARGIN = timedelta(seconds=60)


class Tokens:
    """Hands out a token that still lives, asking for a new one with the enrolment's secret when there is none."""

    def __init__(self, store: PostStore, transport: Transport, now: Callable[[], datetime]) -> None:
        self._store = store
        self._transport = transport
        self._now = now

    def current(self) -> str:
        """A token.

        :raises SignInRefused: the enrolment is revoked or the account disabled. :raises AnotherServer: it is not our server.
        """
        known = account.read(self._store)
        ends = known.token_expires_at
        if known.token and ends is not None and ends > self._now() + _MARGIN:
            return known.token
        return self.renew(known)

    def renew(self, known: Account | None = None) -> str:
        """A new token; the person's role of today comes with it."""
        known = known or account.read(self._store)
        given = self._transport.token(TokenRequest(known.enrolment, known.secret))
        if given.instance != known.instance:
            raise AnotherServer
        ends = self._now() + timedelta(seconds=given.expires_in_s)
        account.change(self._store, token=given.token, token_expires_at=ends, person=given.person, epoch=given.epoch)
        return given.token
