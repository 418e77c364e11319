"""Who works on this post: the facts of the enrolment, inside ``work.db``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, insert, select

from guichet_sync.domain.errors import NotEnrolled
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Person

from . import schema
from .database import noting, reading, writing
from .post import PostStore


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """An enrolment as the post keeps it. ``verifier`` is an argon2 hash of the password, for signing in without a network.

    ``sign_in_failures`` counts wrong passwords in a row, ``no_sign_in_before`` slows guessing down. What others may carry is
    signed with ``signing_secret`` and sealed to the server's ``sealing_key``; an older enrolment has them after its next token.
    """

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
    sign_in_failures: int = 0
    no_sign_in_before: datetime | None = None
    signing_secret: str = ""
    sealing_key: str = ""
    accepts: tuple[str, ...] = ()

    @property
    def may_seal(self) -> bool:
        """Whether there are keys for what others may carry."""
        return bool(self.signing_secret and self.sealing_key)

    def __repr__(self) -> str:
        return f"Account({self.code})"


def read(store: PostStore) -> Account:
    """The enrolment.

    :raises NotEnrolled: if there is none yet.
    """
    with reading(store.work) as connection:
        rows = dict(connection.execute(select(schema.account.c.name, schema.account.c.value)).all())
    if not rows:
        raise NotEnrolled
    return codec.from_body({name: codec.decode(value, object) for name, value in rows.items()}, Account)


def epoch(connection: Connection) -> str:
    """The server's history of which it told last, in a transaction of ``work.db``; empty before any enrolment."""
    found = connection.execute(select(schema.account.c.value).where(schema.account.c.name == "epoch")).scalar()
    return codec.decode(found, str) if found is not None else ""


def confirm(store: PostStore, at: datetime) -> None:
    """An exchange succeeded at this instant. A power cut may take that back: nobody waits for a disk for it."""
    with noting(store.work) as connection:
        row = {"name": "last_exchange_at", "value": codec.encode(at).decode()}
        connection.execute(insert(schema.account).prefix_with("OR REPLACE"), row)


def write(store: PostStore, account: Account) -> None:
    """Keep the enrolment."""
    _keep(store, {field.name: getattr(account, field.name) for field in fields(account)})


def change(store: PostStore, **changes: object) -> None:
    """Change some facts of the enrolment, and only those: two processes may each change theirs.

    :raises TypeError: if there is no such fact.
    """
    unknown = changes.keys() - {field.name for field in fields(Account)}
    if unknown:
        raise TypeError(f"no such fact: {sorted(unknown)}")
    _keep(store, changes)


def sign_with(store: PostStore, new_secret: str) -> str:
    """The secret key that this enrolment signs with: the one it has, or from now on this new one, whoever else is making one."""
    with writing(store.work) as connection:
        mine = select(schema.account.c.value).where(schema.account.c.name == "signing_secret")
        kept = connection.execute(mine).scalar()
        found = codec.decode(kept, str) if kept else ""
        if not found:
            row = {"name": "signing_secret", "value": codec.encode(new_secret).decode()}
            connection.execute(insert(schema.account).prefix_with("OR REPLACE"), row)
    return found or new_secret


def _keep(store: PostStore, facts: dict[str, object]) -> None:
    rows = [{"name": name, "value": codec.encode(value).decode()} for name, value in facts.items()]
    with writing(store.work) as connection:
        connection.execute(insert(schema.account).prefix_with("OR REPLACE"), rows)
