"""Which verb does what, and the verbs about the post itself."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable

from guichet_sync.domain.errors import InvalidInput
from guichet_sync.protocol import codec
from guichet_sync.wording import Words

from ..desk import enrolment, shift
from ..desk.desk import Desk
from . import follow_up_verbs, lookup_verbs, outbox_verbs, request_verbs
from .output import Output
from .profile import opened

_MAX_PASSWORD_BYTES = 4096
Verb = Callable[[argparse.Namespace, Output, Desk], int]


def run(options: argparse.Namespace, output: Output) -> int:
    """Run the verb asked for; its exit status."""
    if options.verb == "sync":
        from .sync import sync

        return sync(options, output)
    if options.verb == "doctor":
        from .doctor import doctor

        return doctor(options, output)
    if options.verb == "enrol":
        return _enrol(options, output)
    desk = enrolment.open_desk(opened(options, output), options.as_user)
    try:
        return _VERBS[options.verb](options, output, desk)
    finally:
        desk.close()


def _enrol(options: argparse.Namespace, output: Output) -> int:
    profile = opened(options, output)
    password = _password(output.words, from_stdin=options.password_stdin)
    desk = enrolment.enrol(profile, options.server, options.user, password)
    try:
        known = shift.status(desk)
    finally:
        desk.close()
    document = {"post": known.post, "user": known.user, "server": known.server, "epoch": known.epoch}
    return output.say(document, [output.words.text("Ce poste est inscrit ({post}).", post=known.post)])


def _password(words: Words, *, from_stdin: bool) -> str:
    """The password, from a terminal or as the first line of standard input; never from an argument, which others can see."""
    if from_stdin:
        return _first_line()
    if not sys.stdin.isatty():
        raise InvalidInput("password_needed", field="password")
    return getpass.getpass(words.text("Mot de passe : "))


def _first_line() -> str:
    line = sys.stdin.buffer.readline(_MAX_PASSWORD_BYTES)
    try:
        password = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        password = ""
    if not password:
        raise InvalidInput("password_needed", field="password")
    return password


def _status(_options: argparse.Namespace, output: Output, desk: Desk) -> int:
    known = shift.status(desk)
    document = codec.to_body(known)
    document["store"] = {"bytes": document.pop("bytes"), "encrypted": document.pop("encrypted")}
    return output.say(document, _status_lines(output.words, desk, known))


def _status_lines(words: Words, desk: Desk, known: shift.Status) -> list[str]:
    counts = known.counts
    last = desk.local(known.last_exchange_at) if known.last_exchange_at else None
    told = words.text("{day}, {time}", day=words.short_day(last), time=words.time(last)) if last else words.text("jamais")
    return [
        words.text("Poste {post}, {user}, {server}", post=known.post, user=known.user, server=known.server),
        words.text("En ligne") if known.online else words.text("Hors ligne"),
        words.text("Dernier échange : {at}", at=told),
        words.plural("{n} à envoyer", "{n} à envoyer", known.outbox.pending),
        words.plural("{n} refusé", "{n} refusés", known.outbox.refused),
        words.plural("{n} mis de côté", "{n} mis de côté", known.outbox.quarantined),
        words.text(
            "{articles} fiches, {categories} catégories, {requests} requêtes, {addresses} adresses",
            articles=words.number(counts.articles),
            categories=words.number(counts.categories),
            requests=words.number(counts.requests),
            addresses=words.number(counts.addresses),
        ),
        words.text("Fichiers chiffrés") if known.encrypted else words.text("Fichiers NON chiffrés"),
    ]


_VERBS: dict[str, Verb] = {
    **lookup_verbs.VERBS,
    **request_verbs.VERBS,
    **follow_up_verbs.VERBS,
    "status": _status,
    **outbox_verbs.VERBS,
}
