"""Checking a password on the post itself: an argon2 verifier inside the encrypted file, and a growing wait after failures."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from guichet_sync.domain.errors import SignInRefused
from guichet_sync.store import account
from guichet_sync.store.account import Account
from guichet_sync.store.post import PostStore

if TYPE_CHECKING:
    from argon2 import PasswordHasher

FREE_FAILURES = 4
LONGEST_WAIT = timedelta(minutes=5)


def verifier(password: str) -> str:
    """What the post keeps to check this password without a network."""
    return _hasher().hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether ``password`` is the one ``kept`` was made from."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def refuse_haste(known: Account, now: datetime) -> None:
    """Refuse an attempt that comes too soon after several failures; a clock that was set back holds nobody out longer.

    :raises SignInRefused: ``too_many_attempts``; ``retry_after_s`` says how long to wait.
    """
    until = known.no_sign_in_before
    if until is not None and now < until <= now + LONGEST_WAIT:
        raise SignInRefused("too_many_attempts", retry_after_s=math.ceil((until - now).total_seconds()))


def count_failure(store: PostStore, known: Account, now: datetime) -> None:
    """One more wrong password: from the fifth on, the next attempt waits twice as long each time."""
    failures = known.sign_in_failures + 1
    beyond = min(failures - FREE_FAILURES, 10)
    until = now + min(LONGEST_WAIT, timedelta(seconds=2**beyond)) if beyond > 0 else None
    account.change(store, sign_in_failures=failures, no_sign_in_before=until)


def forget_failures(store: PostStore, known: Account) -> None:
    """The right password came."""
    if known.sign_in_failures:
        account.change(store, sign_in_failures=0, no_sign_in_before=None)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()
