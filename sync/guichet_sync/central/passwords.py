"""Passwords: argon2 hashes, checked outside any transaction, since a hash takes longer than all the rest of a request."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import CHEAPEST
from sqlalchemy import Connection, Engine, update

from guichet_sync.domain.errors import InvalidInput, SignInRefused, TryLater
from guichet_sync.protocol.messages import Person

from . import schema
from .database import reading, writing
from .identity import PersonRow, person_row

LEAST = 8
_FREE_FAILURES = 4
_LONGEST_BLOCK_S = 300
_AT_ONCE = BoundedSemaphore(4)
"""Each check takes 64 MiB of memory and a processor; nobody can try more than so many passwords at once either."""


def hashed(password: str) -> str:
    """What is kept of a password.

    :raises InvalidInput: ``password_short`` if it has under 8 characters.
    """
    if len(password) < LEAST:
        raise InvalidInput("password_short", field="password", least=LEAST)
    return _hasher().hash(password)


def hashed_as_published(password: str) -> str:
    """A hash of a password that everybody knows: nothing to protect, so signing in with it costs nothing."""
    return PasswordHasher.from_parameters(CHEAPEST).hash(password)


def prove(engine: Engine, tenant: str, name: str, password: str) -> Person:
    """The person of this name, if the password is theirs. A wrong one is counted.

    :raises TryLater: ``too_many_attempts`` in a row.
    :raises SignInRefused: the name or password is wrong, or ``account_disabled``.
    """
    with _AT_ONCE:
        with reading(engine) as connection:
            row = person_row(connection, tenant, name)
        if row is not None:
            _refuse_blocked(row)
        right = _verifies(row.password_hash if row else _nobody(), password)
    if row is None or not right:
        with writing(engine) as connection:
            _count_failure(connection, tenant, name)
        raise SignInRefused
    if row.disabled:
        raise SignInRefused("account_disabled")
    if row.failures:
        with writing(engine) as connection:
            _forget_failures(connection, tenant, name)
    return row.person


def _refuse_blocked(row: PersonRow) -> None:
    left = (row.blocked_until - datetime.now(UTC)).total_seconds() if row.blocked_until else 0
    if left > 0:
        raise TryLater("too_many_attempts", retry_after_s=left)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that nothing matches: an unknown name takes as long as a wrong password."""
    return _hasher().hash(secrets.token_hex(16))


def _verifies(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _count_failure(connection: Connection, tenant: str, name: str) -> None:
    """One more failure: beyond the free ones, each doubles the time in which nothing is tried."""
    table = schema.person
    mine = (table.c.tenant == tenant, table.c.name == name)
    counted = update(table).where(*mine).values(failures=table.c.failures + 1).returning(table.c.failures)
    failures = connection.execute(counted).scalar() or 0
    if failures > _FREE_FAILURES:
        wait = timedelta(seconds=min(_LONGEST_BLOCK_S, 2.0 ** min(failures - _FREE_FAILURES, 20)))
        connection.execute(update(table).where(*mine).values(blocked_until=datetime.now(UTC) + wait))


def _forget_failures(connection: Connection, tenant: str, name: str) -> None:
    table = schema.person
    mine = (table.c.tenant == tenant, table.c.name == name)
    connection.execute(update(table).where(*mine).values(failures=0, blocked_until=None))
