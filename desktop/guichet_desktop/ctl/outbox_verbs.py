"""``guichetctl outbox``: what waits to be sent, and how it leaves a post without a network: sealed, in a file, by other hands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from guichet_sync.protocol import codec
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import SYNC_STATE

from ..desk import shift
from ..desk.desk import Desk
from .output import Output

Action = Callable[[argparse.Namespace, Output, Desk], int]


def _list(_options: argparse.Namespace, output: Output, desk: Desk) -> int:
    items, words = shift.outbox_items(desk), output.words
    lines = [
        "\t".join((each.number or each.label, words.text(SYNC_STATE[each.state]), _why(words, each.last_error))) for each in items
    ]
    return output.say({"items": [codec.to_body(each) for each in items]}, lines or [words.text("Rien n’attend.")])


def _why(words: Words, code: str) -> str:
    return words.reason(code).title if code else ""


def _export(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    from guichet_sync.client import carrying, clock

    exported = carrying.export(desk.store, Path(options.file), clock.now())
    sentence = output.words.plural("{n} envoi scellé dans ce fichier.", "{n} envois scellés dans ce fichier.", exported)
    return output.say({"exported": exported}, [sentence if exported else output.words.text("Rien n’attend.")])


def _import(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    from guichet_sync.client import carrying

    taken, words = carrying.take(desk.store, Path(options.file)), output.words
    lines = [
        words.plural("{n} envoi pris ici; « sync » le transmet.", "{n} envois pris ici; « sync » les transmet.", taken.imported)
    ]
    if taken.skipped:
        lines.append(words.plural("{n} ligne laissée de côté.", "{n} lignes laissées de côté.", taken.skipped))
    return output.say(codec.to_body(taken), lines)


def _outbox(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    return _ACTIONS[options.action](options, output, desk)


_ACTIONS: dict[str, Action] = {"list": _list, "export": _export, "import": _import}
VERBS: dict[str, Action] = {"outbox": _outbox}
"""By name."""
