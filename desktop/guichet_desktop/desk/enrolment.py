"""Enrolling a person on this post, signing in, opening a desk."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from guichet_sync.client.transport import Transport, check_server
from guichet_sync.domain.errors import NotEnrolled, SignInRefused, Unreachable
from guichet_sync.protocol import version
from guichet_sync.protocol.messages import Enrolled, EnrolmentRequest, Person, TokenRequest
from guichet_sync.store import account
from guichet_sync.store.account import Account
from guichet_sync.store.post import PostStore

from ..credentials import KeyChain, key_for
from ..profiles import Profile
from .desk import Desk


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person enrolled on this post: the name of their folder and what people call them."""

    id: str
    person: Person


def enrol(profile: Profile, server: str, user: str, password: str) -> Desk:
    """Enrol ``user`` on this post and open their desk. Enrolled before, they keep their files and unsent work.

    :raises SignInRefused: wrong name or password. :raises Unreachable: enrolling needs the server.
    """
    url = check_server(server)
    post_name = profile.settings.post_name or socket.gethostname()
    enrolled = _ask(url, EnrolmentRequest(user, password, profile.settings.post, post_name, version.OLDEST, version.NEWEST))
    known = next((each for each in people(profile) if each.person.name == enrolled.person.name), None)
    person_id = known.id if known else profile.folder.new_person()
    store = _open(profile, person_id)
    account.write(store, _account(url, enrolled, password, post_name))
    profile.change(person=person_id, post_name=post_name)
    return _desk(store)


def sign_in(profile: Profile, person_id: str, password: str) -> Desk:
    """Open a person's desk with their password, without a network where the password is the one this post knows.

    :raises SignInRefused: the password is wrong, here and on the server if that could be asked.
    """
    store = _open(profile, person_id)
    with ExitStack() as undo:
        undo.callback(store.close)
        known = account.read(store)
        if not _verifies(known.verifier, password):
            _ask_server(store, known, password)
        profile.change(person=person_id)
        undo.pop_all()
    return _desk(store)


def open_desk(profile: Profile, user: str = "") -> Desk:
    """The desk of ``user``, or of the person who last enrolled or signed in.

    :raises NotEnrolled: there is none.
    """
    found = next((each.id for each in people(profile) if each.person.name == user), "") if user else _last(profile)
    if not found:
        raise NotEnrolled
    return _desk(_open(profile, found))


def people(profile: Profile) -> tuple[KnownPerson, ...]:
    """Who is enrolled on this post."""
    return tuple(found for each in profile.folder.persons() if (found := _known(profile, each)) is not None)


def exchange_keys(keys: KeyChain, person_id: str) -> dict[str, str]:
    """The keys that the exchange process needs, to be handed over its standard input."""
    return {name: key_for(keys, name).hex for name in ("post", person_id)}


def _known(profile: Profile, person_id: str) -> KnownPerson | None:
    store = _open(profile, person_id)
    try:
        return KnownPerson(person_id, account.read(store).person)
    except NotEnrolled:
        return None
    finally:
        store.close()


def _last(profile: Profile) -> str:
    last = profile.settings.person
    return last if last in profile.folder.persons() else ""


def _open(profile: Profile, person_id: str) -> PostStore:
    return PostStore.open(
        profile.folder, key_for(profile.keys, "post"), person_id, key_for(profile.keys, person_id)
    )


def _desk(store: PostStore) -> Desk:
    known = account.read(store)
    return Desk(store, known.person, known.enrolment, known.timezone)


def _ask(url: str, request: EnrolmentRequest) -> Enrolled:
    transport = Transport(url)
    try:
        return transport.enrol(request)
    finally:
        transport.close()


def _ask_server(store: PostStore, known: Account, password: str) -> None:
    """The password may have changed: the server knows. If it agrees, remember the new one."""
    transport = Transport(known.server)
    try:
        transport.token(TokenRequest(known.enrolment, known.secret, password))
    except Unreachable:
        raise SignInRefused from None
    finally:
        transport.close()
    account.change(store, verifier=_hasher().hash(password))


def _account(url: str, enrolled: Enrolled, password: str, post_name: str) -> Account:
    return Account(
        server=url,
        instance=enrolled.instance,
        tenant=enrolled.tenant,
        epoch=enrolled.epoch,
        enrolment=enrolled.enrolment,
        code=enrolled.code,
        secret=enrolled.secret,
        verifier=_hasher().hash(password),
        person=enrolled.person,
        post_name=post_name,
        timezone=enrolled.timezone,
        protocol=enrolled.protocol,
    )


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def _verifies(verifier: str, password: str) -> bool:
    try:
        return _hasher().verify(verifier, password)
    except (VerificationError, InvalidHashError):
        return False
