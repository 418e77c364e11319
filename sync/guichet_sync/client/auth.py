"""Tokens of one enrolment, asked for when needed and kept in the encrypted file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from guichet_sync.domain.errors import AnotherServer, BadReply, SignInRefused
from guichet_sync.protocol import sealing
from guichet_sync.protocol.messages import TokenRequest
from guichet_sync.store import account
from guichet_sync.store.account import Account
from guichet_sync.store.post import PostStore

from .transport import PACKINGS, Transport

Reply = TypeVar("Reply")

_MARGIN, _LONGEST = timedelta(seconds=60), timedelta(days=1)
_FORM = re.compile(r"[!-~]{1,4096}")


class Tokens:
    """Hands out a token that still lives, asking for a new one with the enrolment's secret when there is none."""

    def __init__(self, store: PostStore, transport: Transport, now: Callable[[], datetime]) -> None:
        self._store = store
        self._transport = transport
        self._now = now
        self._held: Account | None = None

    def using(self, ask: Callable[[str], Reply]) -> Reply:
        """Ask with the token we have; if it ended meanwhile, once more with a new one.

        :raises SignInRefused: the enrolment is revoked or the account disabled. :raises AnotherServer: it is not our server.
        """
        try:
            return ask(self._current())
        except SignInRefused as refused:
            if refused.code != "token_expired":
                raise
            self._held = None
            return ask(self._renewed(account.read(self._store)))

    def _current(self) -> str:
        """The token that is held, or that the file has: whether it is still good, the server says each time."""
        known = self._held or account.read(self._store)
        ends = known.token_expires_at
        if known.token and ends is not None and ends > self._now() + _MARGIN:
            self._held = known
            self._transport.pack(known.accepts)
            return known.token
        self._held = None
        return self._renewed(account.read(self._store))

    def _renewed(self, known: Account) -> str:
        """A new token; the person's role of today comes with it. The secret is shown to our own server alone."""
        if self._transport.hello().instance != known.instance:
            raise AnotherServer
        given = self._transport.token(TokenRequest(known.enrolment, known.secret, None, self._signing_key(known)))
        if given.instance != known.instance:
            raise AnotherServer
        if not _FORM.fullmatch(given.token):
            raise BadReply("reply_shape", kind="Token", path="$.token")
        lifetime = timedelta(seconds=max(0, min(given.expires_in_s, _LONGEST.total_seconds())))
        account.change(
            self._store,
            token=given.token,
            token_expires_at=self._now() + lifetime,
            person=given.person,
            sealing_key=given.sealing_key if sealing.is_sealing_key(given.sealing_key) else "",
            accepts=tuple(each for each in PACKINGS if each in given.accepts),
        )
        return given.token

    def _signing_key(self, known: Account) -> str:
        """The public key of this enrolment. Its secret is on the disk before anybody hears of it: the server keeps the first."""
        secret = known.signing_secret or account.sign_with(self._store, sealing.new_signing_secret())
        return sealing.signing_key(secret)
