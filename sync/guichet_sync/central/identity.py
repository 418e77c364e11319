"""People, their enrolments and their tokens. Passwords are argon2 hashes, secrets and tokens are only kept as digests."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from guichet_sync.domain.errors import InvalidInput, NotFound, SignInRefused, TryLater
from guichet_sync.domain.ids import enrolment_code
from guichet_sync.domain.spaces import Role
from guichet_sync.protocol.messages import EnrolmentRequest, Person

from . import schema
from .instance import Instance

TOKEN_LIFETIME = timedelta(hours=1)
_FREE_FAILURES = 4
_LONGEST_BLOCK_S = 300
_PEOPLE, _ENROLMENTS, _TOKENS = schema.person, schema.enrolment, schema.token


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person as they are today, by one of their enrolments."""

    person: Person
    enrolment: str
    code: str


@dataclass(frozen=True, slots=True, repr=False)
class NewEnrolment:
    """What an enrolment gives, once: the secret is not kept."""

    id: str
    code: str
    secret: str


@dataclass(frozen=True, slots=True)
class PostListing:
    """An enrolment as IT sees it."""

    enrolment: str
    code: str
    person: str
    post_name: str
    enrolled_at: datetime
    revoked: bool


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that nothing matches: an unknown name takes as long as a wrong password."""
    return _hasher().hash(secrets.token_hex(16))


def add_person(connection: Connection, tenant: str, person: Person, password: str) -> None:
    """Add a user.

    :raises InvalidInput: the name is taken, or the password is under 8 characters.
    """
    if len(password) < 8:
        raise InvalidInput("password_short", field="password", least=8)
    if _row(connection, tenant, person.name) is not None:
        raise InvalidInput("user_exists", field="name")
    connection.execute(
        insert(_PEOPLE).values(
            tenant=tenant,
            space=schema.IDENTITY,
            name=person.name,
            display=person.display,
            role=person.role,
            service=person.service,
            password_hash=_hasher().hash(password),
            disabled=False,
            failures=0,
        )
    )


def list_people(connection: Connection, tenant: str) -> tuple[tuple[Person, bool], ...]:
    """All users and whether each is disabled."""
    rows = connection.execute(select(_PEOPLE).where(_PEOPLE.c.tenant == tenant).order_by(_PEOPLE.c.name)).mappings()
    return tuple((_person(row), row["disabled"]) for row in rows)


def disable(connection: Connection, tenant: str, name: str) -> None:
    """Disable a user: their tokens stop at once.

    :raises NotFound: no such user.
    """
    changed = connection.execute(update(_PEOPLE).where(_PEOPLE.c.tenant == tenant, _PEOPLE.c.name == name).values(disabled=True))
    if not changed.rowcount:
        raise NotFound("user_not_found")


def check_password(connection: Connection, tenant: str, name: str, password: str) -> Person | None:
    """The person if the password is theirs, else None: then commit, so that the failure counts.

    :raises TryLater: too many wrong passwords in a row.
    :raises SignInRefused: ``account_disabled``.
    """
    row, now = _row(connection, tenant, name), datetime.now(UTC)
    if row is not None and row["blocked_until"] and _aware(row["blocked_until"]) > now:
        raise TryLater("too_many_attempts", retry_after_s=(_aware(row["blocked_until"]) - now).total_seconds())
    if not _verifies(row["password_hash"] if row else _nobody(), password) or row is None:
        if row is not None:
            _count_failure(connection, tenant, name, row["failures"] + 1, now)
        return None
    if row["disabled"]:
        raise SignInRefused("account_disabled")
    _count_failure(connection, tenant, name, 0, now)
    return _person(row)


def _verifies(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _count_failure(connection: Connection, tenant: str, name: str, failures: int, now: datetime) -> None:
    wait = min(_LONGEST_BLOCK_S, 2 ** (failures - _FREE_FAILURES)) if failures > _FREE_FAILURES else 0
    connection.execute(
        update(_PEOPLE)
        .where(_PEOPLE.c.tenant == tenant, _PEOPLE.c.name == name)
        .values(failures=failures, blocked_until=now + timedelta(seconds=wait) if wait else None)
    )


def enrol(connection: Connection, tenant: str, request: EnrolmentRequest) -> NewEnrolment:
    """Enrol a person on a post. The code is the tenant's next and is never given again."""
    rank = next_number(connection, tenant, schema.IDENTITY, "enrolment") - 1
    new = NewEnrolment(secrets.token_hex(12), enrolment_code(rank), secrets.token_urlsafe(32))
    connection.execute(
        insert(_ENROLMENTS).values(
            tenant=tenant,
            space=schema.IDENTITY,
            id=new.id,
            person=request.user,
            post=request.post,
            post_name=request.post_name,
            code=new.code,
            secret_sha256=_sha256(new.secret),
            enrolled_at=datetime.now(UTC),
            revoked=False,
        )
    )
    return new


def caller_by_secret(connection: Connection, tenant: str, enrolment: str, secret: str) -> Caller:
    """Who holds this enrolment's secret.

    :raises SignInRefused: ``sign_in_refused``, ``enrolment_revoked`` or ``account_disabled``.
    """
    row = (
        connection.execute(select(_ENROLMENTS).where(_ENROLMENTS.c.tenant == tenant, _ENROLMENTS.c.id == enrolment))
        .mappings()
        .first()
    )
    if row is None or not secrets.compare_digest(row["secret_sha256"], _sha256(secret)):
        raise SignInRefused
    return _caller(connection, tenant, row)


def give_token(connection: Connection, tenant: str, enrolment: str) -> str:
    """A new token; those that ended are forgotten."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    connection.execute(delete(_TOKENS).where(_TOKENS.c.tenant == tenant, _TOKENS.c.expires_at < now))
    connection.execute(
        insert(_TOKENS).values(
            tenant=tenant,
            space=schema.IDENTITY,
            sha256=_sha256(token),
            enrolment=enrolment,
            expires_at=now + TOKEN_LIFETIME,
        )
    )
    return token


def caller_by_token(connection: Connection, instance: Instance, token: str) -> Caller:
    """Who holds this token.

    :raises SignInRefused: ``token_expired``, ``enrolment_revoked`` or ``account_disabled``.
    """
    row = (
        connection.execute(
            select(_ENROLMENTS, _TOKENS.c.expires_at)
            .join(_TOKENS, (_TOKENS.c.tenant == _ENROLMENTS.c.tenant) & (_TOKENS.c.enrolment == _ENROLMENTS.c.id))
            .where(_TOKENS.c.tenant == instance.tenant, _TOKENS.c.sha256 == _sha256(token))
        )
        .mappings()
        .first()
    )
    if row is None or _aware(row["expires_at"]) <= datetime.now(UTC):
        raise SignInRefused("token_expired")
    return _caller(connection, instance.tenant, row)


def is_own(connection: Connection, tenant: str, caller: Caller, enrolment: str) -> bool:
    """Whether an enrolment is the caller's: the one they call by, or an earlier one of theirs, whose unsent work they bring."""
    if enrolment == caller.enrolment:
        return True
    mine = (_ENROLMENTS.c.tenant == tenant, _ENROLMENTS.c.id == enrolment)
    return connection.execute(select(_ENROLMENTS.c.person).where(*mine)).scalar() == caller.person.name


def list_posts(connection: Connection, tenant: str) -> tuple[PostListing, ...]:
    """All enrolments."""
    rows = connection.execute(
        select(_ENROLMENTS).where(_ENROLMENTS.c.tenant == tenant).order_by(_ENROLMENTS.c.enrolled_at)
    ).mappings()
    return tuple(
        PostListing(row["id"], row["code"], row["person"], row["post_name"], _aware(row["enrolled_at"]), row["revoked"])
        for row in rows
    )


def revoke(connection: Connection, tenant: str, code: str) -> None:
    """Revoke the enrolment of this code and its tokens.

    :raises NotFound: no such enrolment.
    """
    mine = (_ENROLMENTS.c.tenant == tenant, _ENROLMENTS.c.code == code)
    enrolment = connection.execute(select(_ENROLMENTS.c.id).where(*mine)).scalar()
    if enrolment is None:
        raise NotFound("enrolment_not_found")
    connection.execute(update(_ENROLMENTS).where(*mine).values(revoked=True))
    connection.execute(delete(_TOKENS).where(_TOKENS.c.tenant == tenant, _TOKENS.c.enrolment == enrolment))


def next_number(connection: Connection, tenant: str, space: str, name: str, *, by: int = 1) -> int:
    """The last of the ``by`` next values of a counter row, from 1. The row stays locked until the commit: none is given twice."""
    table = schema.counter
    mine = (table.c.tenant == tenant, table.c.space == space, table.c.name == name)
    raised = update(table).where(*mine).values(last=table.c.last + by).returning(table.c.last)
    last = connection.execute(raised).scalar()
    if last is None:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        first = dialect.insert(table).values(tenant=tenant, space=space, name=name, last=0)
        connection.execute(first.on_conflict_do_nothing())
        last = connection.execute(raised).scalar_one()
    return int(last)


def raise_to(connection: Connection, tenant: str, space: str, name: str, least: int) -> None:
    """Make a counter row go on after ``least``."""
    table = schema.counter
    mine = (table.c.tenant == tenant, table.c.space == space, table.c.name == name)
    last = connection.execute(select(table.c.last).where(*mine).with_for_update()).scalar() or 0
    if least > last:
        next_number(connection, tenant, space, name, by=least - last)


def count_people(connection: Connection) -> int:
    """How many users there are."""
    return connection.execute(select(func.count()).select_from(_PEOPLE)).scalar_one()


def _caller(connection: Connection, tenant: str, enrolment: RowMapping) -> Caller:
    if enrolment["revoked"]:
        raise SignInRefused("enrolment_revoked")
    row = _row(connection, tenant, enrolment["person"])
    if row is None or row["disabled"]:
        raise SignInRefused("account_disabled")
    return Caller(_person(row), enrolment["id"], enrolment["code"])


def _row(connection: Connection, tenant: str, name: str) -> RowMapping | None:
    return connection.execute(select(_PEOPLE).where(_PEOPLE.c.tenant == tenant, _PEOPLE.c.name == name)).mappings().first()


def _person(row: RowMapping) -> Person:
    return Person(row["name"], row["display"], Role(row["role"]), row["service"])


def _aware(at: datetime) -> datetime:
    """SQLite forgets the zone of what was written in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
