"""``guichet-central``: the server's command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from guichet_sync.domain.errors import GuichetError, ImportRefused
from guichet_sync.domain.spaces import Role
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

IMPORTS = ("taxonomy", "articles", "addresses", "calendar", "closed-days", "requests")


def parser() -> argparse.ArgumentParser:
    """All verbs and their options."""
    top = argparse.ArgumentParser(prog="guichet-central", description="Guichet's central request server.")
    top.add_argument("--database", metavar="URL", default=os.environ.get("GUICHET_DATABASE_URL", ""))
    top.add_argument("--data", type=Path, default=Path(os.environ.get("GUICHET_DATA", "guichet-data")))
    top.add_argument("--json", action="store_true", help="one JSON document on standard output")
    top.add_argument("--lang", type=Language, choices=list(Language), default=_language(), help="default: LANG, else French")
    verbs = top.add_subparsers(dest="verb", required=True)
    _server_verbs(verbs)
    _people_verbs(verbs)
    _import_verb(verbs)
    _erase_verb(verbs)
    return top


def _language() -> Language:
    return Language.EN if os.environ.get("LANG", "").startswith("en") else Language.FR


def _server_verbs(verbs: Verbs) -> None:
    init = verbs.add_parser("init", help="create or upgrade the database")
    init.add_argument("--tenant", default="ville")
    init.add_argument("--city", default="Ville")
    init.add_argument("--timezone", default="America/Toronto")
    init.add_argument("--restored", action="store_true", help="a backup was restored: posts read everything again")
    serve = verbs.add_parser("serve", help="answer posts")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_whole(0, 65_535), default=8311, help="0 takes a free one")
    serve.add_argument("--workers", type=_whole(1, 64), default=1)
    verbs.add_parser("demo", help="load the fictional city")
    verbs.add_parser("verify", help="check the database's integrity")


def _people_verbs(verbs: Verbs) -> None:
    user = verbs.add_parser("user", help="people").add_subparsers(dest="action", required=True)
    add = user.add_parser("add")
    add.add_argument("name")
    add.add_argument("--role", type=Role, choices=list(Role), required=True)
    add.add_argument("--service", default="")
    add.add_argument("--display", default="")
    add.add_argument("--password-stdin", action="store_true")
    user.add_parser("list")
    user.add_parser("disable").add_argument("name")
    user.add_parser("enable").add_argument("name")
    role = user.add_parser("role", help="give a user another role: their posts follow at their next exchange")
    role.add_argument("name")
    role.add_argument("--role", type=Role, choices=list(Role), required=True)
    role.add_argument("--service", default="")
    password = user.add_parser("password", help="give a user another password")
    password.add_argument("name")
    password.add_argument("--password-stdin", action="store_true")
    post = verbs.add_parser("post", help="enrolled posts").add_subparsers(dest="action", required=True)
    post.add_parser("list")
    post.add_parser("revoke").add_argument("code")


def _import_verb(verbs: Verbs) -> None:
    take = verbs.add_parser("import", help="load a file, whole or not at all")
    take.add_argument("what", choices=IMPORTS)
    take.add_argument("file", type=Path)
    take.add_argument("--format", default="", help="what the file is, where its name or heading does not tell")
    take.add_argument("--map", type=Path, help="foreign categories to ours (requests)")
    take.add_argument("--skip-bad", action="store_true", help="leave bad lines out instead of refusing the file")
    take.add_argument("--limit", type=_whole(0, 2**31), default=0, help="take this many lines at most")


def _erase_verb(verbs: Verbs) -> None:
    erase = verbs.add_parser("erase", help="erase by law who asked, here and on every post")
    what = erase.add_mutually_exclusive_group(required=True)
    what.add_argument("number", nargs="?", help="the request's number, official or provisional")
    what.add_argument("--status", action="store_true", help="list erasures and the posts that have not acknowledged them")
    erase.add_argument("--reason", default="", metavar="TEXT", help="what the request's timeline says of it")
    erase.add_argument(
        "--text", action="store_true", help="also the description, the notes and the answers that were written freely"
    )


def _whole(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"not a whole number from {least} to {most}: {text!r}")
        return int(text)

    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit status: 0 done, 1 could not, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    options = parser().parse_args(arguments)
    options.verb = " ".join(filter(None, (options.verb, getattr(options, "action", ""))))
    words = Words(options.lang)
    try:
        _run(options, words)
    except GuichetError as error:
        from . import verbs

        if isinstance(error, ImportRefused):
            verbs.show_problems(error.problems, words)
        verbs.explain(error, words)
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n" + words.text("Annulé : rien n’a été gardé.") + "\n")
        return 1
    except BrokenPipeError:  # nobody reads any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def _run(options: argparse.Namespace, words: Words) -> None:
    """The verb; what the database says becomes one of our own errors."""
    from sqlalchemy.exc import DBAPIError

    from . import verbs
    from .database import explained

    before = os.umask(0o077)  # the embedded database and the snapshots hold what people asked: no other account reads them
    try:
        verbs.run(options, words)
    except DBAPIError as error:
        raise explained(error) from None
    finally:
        os.umask(before)


if __name__ == "__main__":
    sys.exit(main())
