"""Enrolling a person on this post, signing in, opening a desk."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from guichet_sync.domain.errors import (
    AnotherServer,
    GuichetError,
    NotEnrolled,
    SignInRefused,
    StoreDamaged,
    Unreachable,
    WrongKey,
)
from guichet_sync.protocol import version
from guichet_sync.protocol.messages import EnrolmentRequest, Person, TokenRequest
from guichet_sync.store import account
from guichet_sync.store.account import Account
from guichet_sync.store.keys import Key
from guichet_sync.store.post import PostStore

from ..credentials import KeyChain, key_for
from ..profiles import POST_KEY, Profile, alone
from . import passwords
from .desk import Desk, utc_now

if TYPE_CHECKING:
    from guichet_sync.client.transport import Transport

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person enrolled on this post: the name of their folder, what people call them, and the server they enrolled with."""

    id: str
    person: Person
    server: str


def enrol(profile: Profile, server: str, user: str, password: str) -> Desk:
    """Enrol ``user`` on this post and open their desk. Enrolled before, they keep their files, unsent work and numbers.

    :raises SignInRefused: wrong name or password. :raises Unreachable: enrolling needs the server.
    :raises AnotherServer: this profile's people are enrolled with another one; nothing was changed.
    """
    with alone(profile.folder):
        return _enrolled_desk(profile, server, user, password)


def _enrolled_desk(profile: Profile, server: str, user: str, password: str) -> Desk:
    post_name = profile.settings.post_name or socket.gethostname()
    accounts = dict(_accounts(profile))
    with _talking_to(server) as (url, central):
        instance = central.hello().instance
        if any(each.instance != instance for each in accounts.values()):
            raise AnotherServer("profile_of_another_server")
        person_id, known = next(((id_, each) for id_, each in accounts.items() if each.person.name == user), ("", None))
        asked = EnrolmentRequest(user, password, profile.settings.post, post_name, version.OLDEST, version.NEWEST)
        fresh = (_renewed(central, url, known, password) if known else None) or _enrolled(central, url, asked)
        if known:  # the exchange notices that the server's history is another one, and gives it again what that has lost
            fresh = replace(fresh, epoch=known.epoch)
    with _opening(profile, person_id or profile.folder.new_person()) as store:
        account.write(store, fresh)
        profile.change(person=store.person, post_name=post_name)
        return _desk(store)


def sign_in(profile: Profile, person_id: str, password: str, now: Callable[[], datetime] = utc_now) -> Desk:
    """Open a person's desk with their password, without a network where the password is the one this post knows.

    :raises SignInRefused: the password is wrong, here and on the server if that could be asked; ``too_many_attempts`` after
        several of them, for a while. :raises NotEnrolled: nobody here has that folder.
    :raises AnotherServer: another server than that of the enrolment answered.
    """
    if person_id not in profile.folder.persons():
        raise NotEnrolled
    with _opening(profile, person_id) as store:
        known = account.read(store)
        passwords.refuse_haste(known, now())
        try:
            _prove(store, known, password)
        except GuichetError:
            passwords.count_failure(store, known, now())
            raise
        passwords.forget_failures(store, known)
        profile.change(person=person_id)
        return _desk(store)


def open_desk(profile: Profile, user: str = "") -> Desk:
    """The desk of ``user``, or of the person who last enrolled or signed in.

    :raises NotEnrolled: there is none.
    """
    found = next((each.id for each in people(profile) if each.person.name == user), "") if user else _last(profile)
    if not found:
        raise NotEnrolled
    with _opening(profile, found) as store:
        return _desk(store)


def people(profile: Profile) -> tuple[KnownPerson, ...]:
    """Who is enrolled on this post."""
    return tuple(KnownPerson(person_id, known.person, known.server) for person_id, known in _accounts(profile))


def exchange_keys(keys: KeyChain, person_id: str) -> dict[str, str]:
    """The keys that the exchange process needs, to be handed over its standard input.

    :raises WrongKey: ``key_missing``.
    """
    return {name: _kept(keys, name).hex for name in (POST_KEY, person_id)}


def _accounts(profile: Profile) -> Iterator[tuple[str, Account]]:
    """Everyone's enrolment. One person's damaged file or lost key keeps nobody else from working.

    :raises WrongKey: the key of what everyone reads is lost or wrong.
    """
    for person_id in profile.folder.persons():
        try:
            with closing(_open(profile, person_id)) as store:
                known = account.read(store)
        except NotEnrolled:  # the enrolment was cut short: the folder holds nothing yet
            continue
        except (StoreDamaged, WrongKey) as error:
            if error.values.get("file") == profile.folder.public.name:
                raise
            _log.warning("the files of %s were left out: %s", person_id, error)
            continue
        yield person_id, known


def _last(profile: Profile) -> str:
    last = profile.settings.person
    return last if last in profile.folder.persons() else ""


def _open(profile: Profile, person_id: str) -> PostStore:
    folder = profile.folder
    post_key = _key(profile.keys, POST_KEY, folder.public)
    person_key = _key(profile.keys, person_id, folder.person(person_id).work)
    return PostStore.open(folder, post_key, person_id, person_key)


@contextmanager
def _opening(profile: Profile, person_id: str) -> Iterator[PostStore]:
    """The open files of a person, which stay open unless the block fails."""
    with ExitStack() as undo:
        store = undo.enter_context(closing(_open(profile, person_id)))
        yield store
        undo.pop_all()


def _key(keys: KeyChain, name: str, file: Path) -> Key:
    """The key of a file; only a file that is not there yet gets a new one.

    :raises WrongKey: ``key_missing``.
    """
    return _kept(keys, name, file.name) if file.exists() else key_for(keys, name)


def _kept(keys: KeyChain, name: str, file: str = "") -> Key:
    key = keys.read(name)
    if key is None:
        raise WrongKey("key_missing", file=file)
    return key


def _desk(store: PostStore) -> Desk:
    known = account.read(store)
    return Desk(store, known.person, known.enrolment, known.timezone)


@contextmanager
def _talking_to(server: str) -> Iterator[tuple[str, Transport]]:
    """The server's tidy address and a connection to it."""
    from guichet_sync.client.transport import Transport, check_server

    url = check_server(server)
    transport = Transport(url)
    try:
        yield url, transport
    finally:
        transport.close()


def _prove(store: PostStore, known: Account, password: str) -> None:
    """The password is the one this post knows, or it was changed: the server knows. If it agrees, remember the new one."""
    if passwords.matches(known.verifier, password):
        return
    with _talking_to(known.server) as (_, central):
        try:
            given = central.token(TokenRequest(known.enrolment, known.secret, password))
        except Unreachable:
            raise SignInRefused from None
    if given.instance != known.instance:
        raise AnotherServer
    account.change(store, verifier=passwords.verifier(password))


def _renewed(central: Transport, url: str, known: Account, password: str) -> Account | None:
    """The same enrolment, still good: its code goes on. None where the server does not take it any more."""
    try:
        given = central.token(TokenRequest(known.enrolment, known.secret, password))
    except SignInRefused:
        return None
    return replace(
        known,
        server=url,
        person=given.person,
        verifier=passwords.verifier(password),
        sign_in_failures=0,
        no_sign_in_before=None,
    )


def _enrolled(central: Transport, url: str, asked: EnrolmentRequest) -> Account:
    from guichet_sync.protocol import sealing

    secret = sealing.new_signing_secret()
    given = central.enrol(replace(asked, signing_key=sealing.signing_key(secret)))
    return Account(
        server=url,
        instance=given.instance,
        tenant=given.tenant,
        epoch=given.epoch,
        enrolment=given.enrolment,
        code=given.code,
        secret=given.secret,
        verifier=passwords.verifier(asked.password),
        person=given.person,
        post_name=asked.post_name,
        timezone=given.timezone,
        protocol=given.protocol,
        signing_secret=secret,
        sealing_key=given.sealing_key if sealing.is_sealing_key(given.sealing_key) else "",
    )
