"""``guichetctl doctor``: real checks of this post, with advice. No personal data."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import GuichetError
from guichet_sync.protocol import codec
from guichet_sync.store import account, outbox
from guichet_sync.wording import Words

from ..desk import enrolment
from ..desk.desk import Desk
from ..profiles import Profile, open_profile
from . import profile_path
from .output import Output

_LEAST_FREE_BYTES = 500 * 1024 * 1024
_CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


def doctor(options: argparse.Namespace, output: Output) -> int:
    """Look at everything; 1 if something is wrong."""
    checks = _all(options, output.words)
    lines = [f"{'✓' if check.ok else '✗'} {check.name}\t{check.detail}\t{check.advice}".rstrip() for check in checks]
    output.say({"checks": [codec.to_body(check) for check in checks]}, lines)
    return 0 if all(check.ok for check in checks) else 1


def _all(options: argparse.Namespace, words: Words) -> list[Check]:
    path = profile_path(options)
    checks = [_disk(words, path.parent if path.parent.exists() else path.anchor or ".")]
    try:
        profile = open_profile(path)
        checks.append(_keys(profile))
        desk = enrolment.open_desk(profile, options.as_user)
    except GuichetError as error:
        return [*checks, _failed("profile", error, words)]
    try:
        checks += [_tried(name, check, words, desk) for name, check in _DESK_CHECKS]
    finally:
        desk.close()
    return checks


def _tried(name: str, check: Callable[[Desk, Words], Check], words: Words, desk: Desk) -> Check:
    try:
        return check(desk, words)
    except GuichetError as error:
        return _failed(name, error, words)


def _failed(name: str, error: GuichetError, words: Words) -> Check:
    said = words.error(error)
    return Check(name, ok=False, detail=said.title, advice=said.advice)


def _disk(words: Words, path: object) -> Check:
    free = shutil.disk_usage(str(path)).free
    ok = free >= _LEAST_FREE_BYTES
    return Check("disk", ok, f"{free} B", "" if ok else words.text("Libérez de l’espace sur ce disque."))


def _keys(profile: Profile) -> Check:
    return Check("keys", ok=True, detail=profile.settings.keys)


def _store(desk: Desk, words: Words) -> Check:
    ok = desk.store.is_encrypted()
    advice = "" if ok else words.text("Prévenez le soutien informatique : des fichiers sont en clair.")
    return Check("store", ok, "SQLCipher" if ok else "", advice)


def _server(desk: Desk, words: Words) -> Check:
    known = account.read(desk.store)
    transport = Transport(known.server)
    try:
        hello = transport.hello()
    finally:
        transport.close()
    ok = hello.instance == known.instance
    return Check("server", ok, known.server, "" if ok else words.reason("another_server").advice)


def _clock(desk: Desk, words: Words) -> Check:
    transport = Transport(account.read(desk.store).server)
    try:
        skew = desk.now() - transport.hello().server_time
    finally:
        transport.close()
    ok = abs(skew) < _CLOCK_TOLERANCE
    advice = "" if ok else words.text("Réglez l’heure de ce poste.")
    return Check("clock", ok, f"{skew.total_seconds():.1f} s", advice)


def _outbox(desk: Desk, words: Words) -> Check:
    counts = outbox.counts(desk.store)
    ok = not counts.refused and not counts.quarantined
    detail = f"{counts.pending} / {counts.refused} / {counts.quarantined}"
    advice = "" if ok else words.text("Des envois ont été refusés : voyez « À transmettre ».")
    return Check("outbox", ok, detail, advice)


_DESK_CHECKS: tuple[tuple[str, Callable[[Desk, Words], Check]], ...] = (
    ("store", _store),
    ("outbox", _outbox),
    ("server", _server),
    ("clock", _clock),
)
