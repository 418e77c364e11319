"""People, their enrolments and their tokens. Secrets and tokens are only kept as digests."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, delete, func, insert, select, update

from guichet_sync.domain.errors import InvalidInput, NotFound, SignInRefused
from guichet_sync.domain.ids import enrolment_code
from guichet_sync.domain.spaces import Role
from guichet_sync.protocol import sealing
from guichet_sync.protocol.messages import EnrolmentRequest, Person

from . import instance, schema
from .counters import next_number
from .instance import Instance

TOKEN_LIFETIME = timedelta(hours=1)
MAX_NAME = 200
_USER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_PEOPLE, _ENROLMENTS, _TOKENS = schema.person, schema.enrolment, schema.token
_OF_CALLER = (
    _TOKENS.c.expires_at,
    _ENROLMENTS.c.id.label("enrolment"),
    _ENROLMENTS.c.code,
    _ENROLMENTS.c.enrolled_at,
    _ENROLMENTS.c.revoked,
    _PEOPLE.c.name,
    _PEOPLE.c.display,
    _PEOPLE.c.role,
    _PEOPLE.c.service,
    _PEOPLE.c.disabled,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person as they are today, by one of their enrolments, ``own`` as far as it was read. ``carried``: by somebody
    else's hands.
    """

    person: Person
    enrolment: str
    carried: bool = False
    own: OwnEnrolment | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Whose enrolment signs with ``signing_key``, empty where it has none yet."""

    caller: Caller
    signing_key: str


@dataclass(frozen=True, slots=True, repr=False)
class PersonRow:
    """A person with what guards their account."""

    person: Person
    password_hash: str
    disabled: bool
    failures: int
    blocked_until: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class NewEnrolment:
    """What an enrolment gives, once: the secret is not kept."""

    id: str
    code: str
    secret: str


@dataclass(frozen=True, slots=True)
class OwnEnrolment:
    """An enrolment of the caller's: the code of its numbers, and since when it captures."""

    code: str
    since: datetime


@dataclass(frozen=True, slots=True)
class PostListing:
    """An enrolment as IT sees it."""

    enrolment: str
    code: str
    person: str
    post_name: str
    enrolled_at: datetime
    revoked: bool


def add_person(connection: Connection, tenant: str, person: Person, password_hash: str) -> None:
    """Add a user.

    :raises InvalidInput: ``user_name_form``, ``service_needed``, or ``user_exists`` if the name is taken.
    """
    if not _USER_NAME.fullmatch(person.name):
        raise InvalidInput("user_name_form", field="name")
    _check_role(person.role, person.service)
    if person_row(connection, tenant, person.name) is not None:
        raise InvalidInput("user_exists", field="name")
    connection.execute(
        insert(_PEOPLE).values(
            tenant=tenant,
            space=schema.IDENTITY,
            name=person.name,
            display=person.display,
            role=person.role,
            service=person.service,
            password_hash=password_hash,
            disabled=False,
            failures=0,
        )
    )


def list_people(connection: Connection, tenant: str) -> tuple[tuple[Person, bool], ...]:
    """All users and whether each is disabled."""
    rows = connection.execute(select(_PEOPLE).where(_PEOPLE.c.tenant == tenant).order_by(_PEOPLE.c.name)).mappings()
    return tuple((_person(row), row["disabled"]) for row in rows)


def person_row(connection: Connection, tenant: str, name: str) -> PersonRow | None:
    """The person of this name."""
    mine = (_PEOPLE.c.tenant == tenant, _PEOPLE.c.space == schema.IDENTITY, _PEOPLE.c.name == name)
    row = connection.execute(select(_PEOPLE).where(*mine)).mappings().first()
    if row is None:
        return None
    blocked_until = row["blocked_until"] and _aware(row["blocked_until"])
    return PersonRow(_person(row), row["password_hash"], row["disabled"], row["failures"], blocked_until)


def disable(connection: Connection, tenant: str, name: str) -> None:
    """Disable a user: their tokens stop at once.

    :raises NotFound: no such user.
    """
    _change(connection, tenant, name, disabled=True)


def enable(connection: Connection, tenant: str, name: str) -> None:
    """Let a user in again, whatever wrong passwords came before.

    :raises NotFound: no such user.
    """
    _change(connection, tenant, name, disabled=False, failures=0, blocked_until=None)


def change_password(connection: Connection, tenant: str, name: str, password_hash: str) -> None:
    """Give a user another password; their posts ask the server for it at the next sign-in.

    :raises NotFound: no such user.
    """
    _change(connection, tenant, name, password_hash=password_hash, failures=0, blocked_until=None)


def change_role(connection: Connection, tenant: str, name: str, role: Role, service: str) -> None:
    """Let a user do something else for the city, from now on: what their posts may no longer read is evicted there.

    :raises InvalidInput: ``service_needed``. :raises NotFound: no such user.
    """
    _check_role(role, service)
    _change(connection, tenant, name, role=role, service=service)


def _check_role(role: Role, service: str) -> None:
    if role is Role.SERVICE_EMPLOYEE and not service:
        raise InvalidInput("service_needed", field="service")


def _change(connection: Connection, tenant: str, name: str, **values: object) -> None:
    mine = (_PEOPLE.c.tenant == tenant, _PEOPLE.c.space == schema.IDENTITY, _PEOPLE.c.name == name)
    if not connection.execute(update(_PEOPLE).where(*mine).values(**values)).rowcount:
        raise NotFound("user_not_found")


def count_people(connection: Connection) -> int:
    """How many users there are."""
    return connection.execute(select(func.count()).select_from(_PEOPLE)).scalar_one()


def check_names(request: EnrolmentRequest) -> None:
    """Names are shown to IT: they are short and printable. A key is one, or none.

    :raises InvalidInput: ``request_shape``.
    """
    for field in ("user", "post", "post_name"):
        if not _is_plain(getattr(request, field)):
            raise InvalidInput("request_shape", field=field)
    check_key(request.signing_key)


def check_key(signing_key: str) -> None:
    """A public key, or nothing.

    :raises InvalidInput: ``request_shape``.
    """
    if signing_key and not sealing.is_key(signing_key):
        raise InvalidInput("request_shape", field="signing_key")


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
            signing_key=request.signing_key,
        )
    )
    return new


def keep_signing_key(connection: Connection, tenant: str, enrolment: str, signing_key: str) -> None:
    """Give an enrolment that has no key yet this one: the first that its secret vouched for stays."""
    mine = (_ENROLMENTS.c.tenant == tenant, _ENROLMENTS.c.space == schema.IDENTITY, _ENROLMENTS.c.id == enrolment)
    connection.execute(update(_ENROLMENTS).where(*mine, _ENROLMENTS.c.signing_key == "").values(signing_key=signing_key))


def author(connection: Connection, tenant: str, enrolment: str) -> Author | None:
    """Whose enrolment this is, to take in what others carry; None where there is none.

    :raises SignInRefused: ``enrolment_revoked`` or ``account_disabled``.
    """
    row = _enrolment(connection, tenant, enrolment)
    return None if row is None else Author(replace(_caller(connection, tenant, row), carried=True), row["signing_key"])


def caller_by_secret(connection: Connection, tenant: str, enrolment: str, secret: str) -> Caller:
    """Who holds this enrolment's secret.

    :raises SignInRefused: ``sign_in_refused``, ``enrolment_revoked`` or ``account_disabled``.
    """
    row = _enrolment(connection, tenant, enrolment)
    if row is None or not secrets.compare_digest(row["secret_sha256"], _sha256(secret)):
        raise SignInRefused
    return _caller(connection, tenant, row)


def give_token(connection: Connection, tenant: str, enrolment: str) -> str:
    """A new token; those of this enrolment that ended are forgotten."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    ended = (_TOKENS.c.tenant == tenant, _TOKENS.c.enrolment == enrolment, _TOKENS.c.expires_at < now)
    connection.execute(delete(_TOKENS).where(*ended))
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


def caller_by_token(connection: Connection, token: str) -> tuple[Instance, Caller]:
    """Where we are and who holds this token, today: each request asks anew, in one statement.

    :raises NotFound: ``not_initialised``. :raises SignInRefused: ``token_expired``, ``enrolment_revoked`` or
        ``account_disabled``.
    """
    question = _held_by(instance.history(connection))
    row = connection.execute(question, {"told": _sha256(token)}).mappings().first()
    if row is None:
        raise NotFound("not_initialised")
    if row["expires_at"] is None or _aware(row["expires_at"]) <= datetime.now(UTC) or row["enrolment"] is None:
        raise SignInRefused("token_expired")
    if row["revoked"]:
        raise SignInRefused("enrolment_revoked")
    if row["disabled"] is not False:
        raise SignInRefused("account_disabled")
    own = OwnEnrolment(row["code"], _aware(row["enrolled_at"]))
    return instance.of_row(row), Caller(_person(row), row["enrolment"], own=own)


@lru_cache(maxsize=4)
def _held_by(history: str) -> Select[*tuple[Any, ...]]:
    """A row of the instance, with the token of digest ``:told``, its enrolment and its person as far as there are."""
    here, apart = schema.instance, schema.IDENTITY
    tenant = here.c.tenant
    said = and_(_TOKENS.c.tenant == tenant, _TOKENS.c.space == apart, _TOKENS.c.sha256 == bindparam("told"))
    theirs = and_(_ENROLMENTS.c.tenant == tenant, _ENROLMENTS.c.space == apart, _ENROLMENTS.c.id == _TOKENS.c.enrolment)
    whose = and_(_PEOPLE.c.tenant == tenant, _PEOPLE.c.space == apart, _PEOPLE.c.name == _ENROLMENTS.c.person)
    joined = here.outerjoin(_TOKENS, said).outerjoin(_ENROLMENTS, theirs).outerjoin(_PEOPLE, whose)
    return select(*instance.columns(history), *_OF_CALLER).select_from(joined)


def own_enrolment(connection: Connection, tenant: str, caller: Caller, enrolment: str) -> OwnEnrolment | None:
    """An enrolment, if it is the caller's: the one they call by, or an earlier one of theirs, whose unsent work they bring."""
    if caller.own is not None and enrolment == caller.enrolment:
        return caller.own
    row = _enrolment(connection, tenant, enrolment)
    if row is None or row["person"] != caller.person.name:
        return None
    return OwnEnrolment(row["code"], _aware(row["enrolled_at"]))


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


def _caller(connection: Connection, tenant: str, enrolment: RowMapping) -> Caller:
    if enrolment["revoked"]:
        raise SignInRefused("enrolment_revoked")
    found = person_row(connection, tenant, enrolment["person"])
    if found is None or found.disabled:
        raise SignInRefused("account_disabled")
    return Caller(found.person, enrolment["id"], own=OwnEnrolment(enrolment["code"], _aware(enrolment["enrolled_at"])))


def _enrolment(connection: Connection, tenant: str, enrolment: str) -> RowMapping | None:
    if not _is_plain(enrolment):
        return None
    mine = (_ENROLMENTS.c.tenant == tenant, _ENROLMENTS.c.space == schema.IDENTITY, _ENROLMENTS.c.id == enrolment)
    return connection.execute(select(_ENROLMENTS).where(*mine)).mappings().first()


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and text.isprintable()


def _person(row: RowMapping) -> Person:
    return Person(row["name"], row["display"], Role(row["role"]), row["service"])


def _aware(at: datetime) -> datetime:
    """SQLite forgets the zone of what was written in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
