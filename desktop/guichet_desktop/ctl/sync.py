"""``guichetctl sync``: one exchange, or the exchange process of ``guichet``."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from contextlib import closing

from guichet_sync.client import events, runner
from guichet_sync.client.engine import Exchange, ExchangeResult
from guichet_sync.client.events import Event
from guichet_sync.client.lock import exchange_lock
from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import InvalidInput, NotEnrolled
from guichet_sync.store import account
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.store.keys import Key
from guichet_sync.store.post import PostStore

from ..desk import enrolment
from .output import Output
from .profile import opened, profile_path

_WAIT_FOR_OTHER_S = 60.0
_FIGURES = ("sent", "accepted", "refused", "quarantined", "received", "cursor", "elapsed_ms")


def sync(options: argparse.Namespace, output: Output) -> int:
    """Exchange once, or again and again."""
    return _watch(options) if options.watch else _once(options, output)


def _once(options: argparse.Namespace, output: Output) -> int:
    with closing(enrolment.open_desk(opened(options, output), options.as_user)) as desk:
        transport = Transport(account.read(desk.store).server)
        with closing(transport), exchange_lock(desk.store.folder, _WAIT_FOR_OTHER_S):
            result = Exchange(desk.store, transport, _show_progress).run_once()
    return _tell(output, result)


def _tell(output: Output, result: ExchangeResult) -> int:
    sent = output.words.plural("{n} envoi", "{n} envois", result.sent)
    received = output.words.plural("{n} élément reçu", "{n} éléments reçus", result.received)
    status = output.say({name: getattr(result, name) for name in _FIGURES}, [f"{sent}, {received}"])
    return output.explain(result.failure) if result.failure else status


def _show_progress(event: Event) -> None:
    if isinstance(event, events.Progress) and sys.stderr.isatty():
        sys.stderr.write(f"\r{event.space} : {event.done} / {event.total}   ")


def _watch(options: argparse.Namespace) -> int:
    """The exchange process: its first line of input brings the keys, its last line ends it."""
    folder = ProfileFolder(profile_path(options))
    saying = threading.Lock()

    def tell(event: Event) -> None:
        with saying:
            sys.stdout.write(events.encode(event) + "\n")
            sys.stdout.flush()

    wake = runner.Wake()
    with closing(_open(folder, sys.stdin.readline())) as store, closing(Transport(account.read(store).server)) as transport:
        runner.listen(sys.stdin, wake)
        with exchange_lock(folder, _WAIT_FOR_OTHER_S):
            runner.watch(store, Exchange(store, transport, tell), wake, tell)
    return 0


def _open(folder: ProfileFolder, line: str) -> PostStore:
    try:
        given = json.loads(line)
        person, keys = str(given["person"]), {name: Key.from_hex(text) for name, text in given["keys"].items()}
        post_key, person_key = keys["post"], keys[person]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidInput("keys_line", field="stdin") from None
    if person not in folder.persons():
        raise NotEnrolled
    return PostStore.open(folder, post_key, person, person_key)
