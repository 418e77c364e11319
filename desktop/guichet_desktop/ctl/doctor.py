"""``guichetctl doctor``: real checks of this post, with advice. No personal data."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import GuichetError, NotEnrolled
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Hello
from guichet_sync.store import account, health, outbox
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.wording import Words

from .. import settings
from ..desk import enrolment
from ..desk.desk import Desk
from .output import Output
from .profile import opened, profile_path

LEAST_FREE_BYTES = 500 * 1024 * 1024
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


def doctor(options: argparse.Namespace, output: Output) -> int:
    """Look at everything; 1 if something is wrong."""
    checks = [disk_check(output.words, profile_path(options)), *_profile(options, output)]
    lines = ["\t".join(("✓" if each.ok else "✗", each.name, each.detail, each.advice)).rstrip() for each in checks]
    output.say({"checks": [codec.to_body(each) for each in checks]}, lines)
    return 0 if all(each.ok for each in checks) else 1


def _profile(options: argparse.Namespace, output: Output) -> Iterator[Check]:
    """What the profile tells, as far as it opens; looking never begins a profile."""
    try:
        if not settings.read(ProfileFolder(profile_path(options)).settings).post:
            raise NotEnrolled
        profile = opened(options, output)
        yield Check("keys", ok=True, detail=profile.settings.keys)
        desk = enrolment.open_desk(profile, options.as_user)
    except GuichetError as error:
        yield _failed("profile", error, output.words)
        return
    with closing(desk):
        for name, look in _CHECKS:
            yield from _tried(name, look, output.words, desk)


def _tried(name: str, look: Callable[[Desk, Words], Iterator[Check]], words: Words, desk: Desk) -> Iterator[Check]:
    try:
        yield from look(desk, words)
    except GuichetError as error:
        yield _failed(name, error, words)


def _failed(name: str, error: GuichetError, words: Words) -> Check:
    said = words.error(error)
    return Check(name, ok=False, detail=said.title, advice=said.advice)


def disk_check(words: Words, path: Path) -> Check:
    """Whether there is room where the profile is, or would be."""
    there = next(each for each in (path, *path.absolute().parents) if each.exists())
    free = shutil.disk_usage(there).free
    ok = free >= LEAST_FREE_BYTES
    return Check("disk", ok, f"{free} B", "" if ok else words.text("Libérez de l’espace sur ce disque."))


def store_check(desk: Desk, words: Words) -> Iterator[Check]:
    """Whether the files are encrypted, what was written, and of this version; reads all of them."""
    found = health.files(desk.store)
    plain = [each.name for each in found if not each.encrypted]
    unsound = [each.name for each in found if not each.sound]
    others = [f"{each.name} {each.version}" for each in found if each.version != health.expected_version(each.name)]
    support = words.text("Prévenez le soutien informatique : des fichiers sont en clair.")
    yield Check("encryption", not plain, ", ".join(plain) or "SQLCipher", support if plain else "")
    yield Check("integrity", not unsound, ", ".join(unsound), str(words.reason("store_damaged").advice) if unsound else "")
    update = words.text("Mettez Guichet à jour sur ce poste.")
    yield Check("schema", not others, ", ".join(others) or f"{health.expected_version('public.db')}", update if others else "")


def outbox_check(desk: Desk, words: Words) -> Iterator[Check]:
    """Whether anything waits for a person to look at it."""
    counts = outbox.counts(desk.store)
    ok = not counts.refused and not counts.quarantined
    detail = f"{counts.pending} / {counts.refused} / {counts.quarantined}"
    yield Check("outbox", ok, detail, "" if ok else words.text("Des envois ont été refusés : voyez « À transmettre »."))


def server_check(desk: Desk, words: Words) -> Iterator[Check]:
    """Whether the server answers and is ours, then the clock."""
    known = account.read(desk.store)
    with closing(Transport(known.server)) as transport:
        hello = transport.hello()
    same = hello.instance == known.instance
    yield Check("server", same, known.server, "" if same else words.reason("another_server").advice)
    yield clock_check(desk, words, hello)


def clock_check(desk: Desk, words: Words, hello: Hello) -> Check:
    """How far this post's clock is from the server's."""
    skew = desk.now() - hello.server_time
    ok = abs(skew) < CLOCK_TOLERANCE
    return Check("clock", ok, f"{skew.total_seconds():.1f} s", "" if ok else words.text("Réglez l’heure de ce poste."))


_CHECKS: tuple[tuple[str, Callable[[Desk, Words], Iterator[Check]]], ...] = (
    ("store", store_check),
    ("outbox", outbox_check),
    ("server", server_check),
)
