"""``guichetctl sync``: one exchange, or the exchange process of ``guichet``."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing

from guichet_sync.client import clock, events, runner
from guichet_sync.client.auth import Tokens
from guichet_sync.client.engine import Exchange, ExchangeResult
from guichet_sync.client.events import Event, Link, State
from guichet_sync.client.hints import Hints
from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import GuichetError, InvalidInput, NotEnrolled
from guichet_sync.store import account
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.store.keys import Key
from guichet_sync.store.post import PostStore

from ..desk import enrolment
from .output import Output
from .profile import opened, profile_path

_LONGEST_LINE = 64 * 1024
_FIGURES = ("sent", "accepted", "refused", "quarantined", "received", "delivered", "cursor", "elapsed_ms")


def sync(options: argparse.Namespace, output: Output) -> int:
    """Exchange once, or again and again."""
    return _watch(options) if options.watch else _once(options, output)


def _once(options: argparse.Namespace, output: Output) -> int:
    with (
        closing(enrolment.open_desk(opened(options, output), options.as_user)) as desk,
        closing(Transport(account.read(desk.store).server)) as transport,
    ):
        result = Exchange(desk.store, transport, _show_progress).run_once()
    return _say(output, result)


def _say(output: Output, result: ExchangeResult) -> int:
    sent = output.words.plural("{n} envoi", "{n} envois", result.sent)
    received = output.words.plural("{n} élément reçu", "{n} éléments reçus", result.received)
    lines = [f"{sent}, {received}"]
    if result.delivered:
        lines.append(output.words.plural("{n} envoi de collègue transmis", "{n} envois de collègues transmis", result.delivered))
    status = output.say({name: getattr(result, name) for name in _FIGURES}, lines)
    return output.explain(result.failure) if result.failure else status


def _show_progress(event: Event) -> None:
    if isinstance(event, events.Progress) and sys.stderr.isatty():
        sys.stderr.write(f"\r{event.space} : {event.done} / {event.total}   ")


def _watch(options: argparse.Namespace) -> int:
    """The exchange process: its first line of input brings the keys, its last line ends it. Its last event is that it stopped,
    with the reason where nobody asked it to.
    """
    try:
        _exchange_until_told(ProfileFolder(profile_path(options)), _input_lines())
    except BrokenPipeError:
        raise
    except Exception as error:
        _tell(State(Link.STOPPED, code=error.code if isinstance(error, GuichetError) else GuichetError.default_code))
        raise
    _tell(State(Link.STOPPED))
    return 0


def _exchange_until_told(folder: ProfileFolder, lines: Iterator[str]) -> None:
    wake = runner.Wake()
    try:
        with (
            closing(_open(folder, next(lines, ""))) as store,
            closing(Transport(account.read(store).server)) as transport,
            closing(Transport(account.read(store).server)) as listening,
        ):
            runner.listen(lines, wake, _leave)
            tokens = Tokens(store, listening, lambda: clock.now().at)
            hints = Hints(lambda: tokens.using(listening.hints), wake.stir)
            runner.Watch(store, Exchange(store, transport, _tell), wake, _tell, hints).run()
    finally:
        wake.over()


def _input_lines() -> Iterator[str]:
    """Standard input without a buffer: a thread that still reads it holds no lock that the interpreter's end would wait for."""
    source = io.FileIO(sys.stdin.fileno(), closefd=False)
    while line := source.readline(_LONGEST_LINE):
        yield line.decode("utf-8", "replace")


def _tell(event: Event) -> None:
    sys.stdout.write(events.encode(event) + "\n")
    sys.stdout.flush()


def _leave() -> None:
    """The end was asked for and does not come: a slow server, a name that is not resolved, another exchange that is not done."""
    os._exit(0)


def _open(folder: ProfileFolder, line: str) -> PostStore:
    try:
        given = json.loads(line)
        person, keys = str(given["person"]), {name: Key.from_hex(text) for name, text in given["keys"].items()}
        post_key, person_key = keys["post"], keys[person]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvalidInput("keys_line", field="stdin") from None
    if person not in folder.persons():
        raise NotEnrolled
    return PostStore.open(folder, post_key, person, person_key)
