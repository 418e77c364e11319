"""Who works on this post: the facts of the enrolment, inside ``work.db``."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import delete, insert, select

from guichet_sync.domain.errors import NotEnrolled
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Person

from . import schema
from .database import reading, writing
from .post import PostStore


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """An enrolment as the post keeps it. ``verifier`` is an argon2 hash of the password, for signing in without a network."""

    server: str
    instance: str
    tenant: str
    epoch: str
    enrolment: str
    code: str
    secret: str
    verifier: str
    person: Person
    post_name: str
    timezone: str
    protocol: int = 1
    token: str = ""
    token_expires_at: datetime | None = None
    last_exchange_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Account({self.code})"


def read(store: PostStore) -> Account:
    """The enrolment.

    :raises NotEnrolled: if there is none yet.
    """
    with reading(store.work) as connection:
        rows = dict(connection.execute(select(schema.account.c.name, schema.account.c.value)).tuples().all())
    if not rows:
        raise NotEnrolled
    return codec.from_body({name: codec.decode(value, object) for name, value in rows.items()}, Account)


def write(store: PostStore, account: Account) -> None:
    """Keep the enrolment."""
    rows = [
        {"name": field.name, "value": codec.encode(getattr(account, field.name)).decode()} for field in fields(account)
    ]
    with writing(store.work) as connection:
        connection.execute(delete(schema.account))
        connection.execute(insert(schema.account), rows)


def change(store: PostStore, **changes: object) -> Account:
    """Change some facts of the enrolment."""
    account = replace(read(store), **changes)  # type: ignore[arg-type]
    write(store, account)
    return account
