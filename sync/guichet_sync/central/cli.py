"""``guichet-central``: the server's command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from guichet_sync.domain.errors import GuichetError, ImportRefused
from guichet_sync.domain.spaces import Role
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

IMPORTS = ("taxonomy", "articles", "addresses", "calendar", "closed-days", "requests")


def parser() -> argparse.ArgumentParser:
    """All verbs and their options."""
    top = argparse.ArgumentParser(prog="guichet-central", description="Guichet's central request server.")
    top.add_argument("--database", metavar="URL", default=os.environ.get("GUICHET_DATABASE_URL", ""))
    top.add_argument("--data", type=Path, default=Path(os.environ.get("GUICHET_DATA", "guichet-data")))
    top.add_argument("--json", action="store_true", help="one JSON document on standard output")
    top.add_argument("--lang", type=Language, choices=list(Language), default=Language.FR)
    verbs = top.add_subparsers(dest="verb", required=True)
    _server_verbs(verbs)
    _people_verbs(verbs)
    _import_verb(verbs)
    return top


def _server_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    init = verbs.add_parser("init", help="create or upgrade the database")
    init.add_argument("--tenant", default="ville")
    init.add_argument("--city", default="Ville")
    init.add_argument("--timezone", default="America/Toronto")
    serve = verbs.add_parser("serve", help="answer posts")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8311)
    serve.add_argument("--workers", type=int, default=1)
    verbs.add_parser("demo", help="load the fictional city")
    verbs.add_parser("verify", help="check the database's integrity")


def _people_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    user = verbs.add_parser("user", help="people").add_subparsers(dest="action", required=True)
    add = user.add_parser("add")
    add.add_argument("name")
    add.add_argument("--role", type=Role, choices=list(Role), required=True)
    add.add_argument("--service", default="")
    add.add_argument("--display", default="")
    add.add_argument("--password-stdin", action="store_true")
    user.add_parser("list")
    user.add_parser("disable").add_argument("name")
    post = verbs.add_parser("post", help="enrolled posts").add_subparsers(dest="action", required=True)
    post.add_parser("list")
    post.add_parser("revoke").add_argument("code")


def _import_verb(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    take = verbs.add_parser("import", help="load a file, whole or not at all")
    take.add_argument("what", choices=IMPORTS)
    take.add_argument("file", type=Path)
    take.add_argument("--format", default="")
    take.add_argument("--map", type=Path)
    take.add_argument("--skip-bad", action="store_true", help="leave bad lines out instead of refusing the file")
    take.add_argument("--limit", type=int, default=0, help="take this many lines at most")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit status."""
    options = parser().parse_args(arguments)
    words = Words(options.lang)
    from . import verbs

    try:
        return verbs.run(options, words)
    except ImportRefused as error:
        verbs.show_problems(error.problems, words)
        return _explain(error, words)
    except GuichetError as error:
        return _explain(error, words)
    except KeyboardInterrupt:
        sys.stderr.write(words.text("Annulé : rien n’a été gardé.") + "\n")
        return 1


def _explain(error: GuichetError, words: Words) -> int:
    sys.stderr.write(f"{words.error(error)}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
