"""The command line of ``guichetctl``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date

_Verbs = argparse._SubParsersAction
Circle = tuple[float, float, float]
"""Latitude and longitude in degrees, radius in metres."""

_MOST, _FARTHEST = 10_000, 1_000_000_000
_WHOLE_EARTH_M = 20_100_000


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The verb asked for, with its options. Wrong usage is told on standard error and ends the program with status 2."""
    top = _parser()
    try:
        "".join(arguments).encode()
    except UnicodeEncodeError:
        top.error("an argument is not UTF-8")
    return top.parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    """All verbs and their options."""
    top = argparse.ArgumentParser(prog="guichetctl", description="The verbs of a desk, without a screen.", allow_abbrev=False)
    top.add_argument("--profile", metavar="DIR", help="the post's profile (default: the person's own)")
    top.add_argument("--user", dest="as_user", default="", metavar="NAME", help="whose desk (default: the last one)")
    top.add_argument("--lang", choices=["fr", "en"], help="language of the sentences (default: LANG, else French)")
    _as_json(top, default=False)
    verbs = top.add_subparsers(dest="verb", required=True)
    _post_verbs(verbs)
    _lookup_verbs(verbs)
    _request_verbs(verbs)
    _follow_up_verbs(verbs)
    return top


def _add(verbs: _Verbs[argparse.ArgumentParser], name: str, help_: str) -> argparse.ArgumentParser:
    """A verb; people type ``--json`` after it as well."""
    verb = verbs.add_parser(name, help=help_, allow_abbrev=False)
    _as_json(verb, default=argparse.SUPPRESS)
    return verb


def _as_json(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument("--json", action="store_true", default=default, help="one JSON document on standard output")


def _post_verbs(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    enrol = _add(verbs, "enrol", "enrol a person on this post")
    enrol.add_argument("--server", required=True, metavar="URL")
    enrol.add_argument("--user", required=True, metavar="NAME")
    enrol.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    sync = _add(verbs, "sync", "exchange with the server once")
    sync.add_argument("--watch", action="store_true", help="go on until standard input closes; keys come from there")
    _add(verbs, "status", "how this post stands")
    _add(verbs, "doctor", "what is wrong with this post, and what to do")
    actions = _add(verbs, "outbox", "what waits to be sent").add_subparsers(dest="action", required=True)
    _add(actions, "list", "all that waits, was refused or set aside")
    export = _add(actions, "export", "seal what waits into a file, for another post to deliver; nobody can read it")
    export.add_argument("file", metavar="FILE")
    import_ = _add(actions, "import", "take such a file in: the next exchange delivers it")
    import_.add_argument("file", metavar="FILE")


def _lookup_verbs(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    search = _add(verbs, "search", "find fiches")
    search.add_argument("text")
    search.add_argument("--limit", type=_count, default=20, metavar="N")
    _in_language(search)
    article = _add(verbs, "article", "a fiche, all its parts")
    article.add_argument("id")
    _in_language(article)
    address = _add(verbs, "address", "find a place")
    address.add_argument("text")
    address.add_argument("--limit", type=_count, default=8, metavar="N")
    collections = _add(verbs, "collections", "next collections at a place")
    collections.add_argument("location_id")
    collections.add_argument("--from", dest="since", type=_date, metavar="DATE", help="YYYY-MM-DD (default: today)")


def _request_verbs(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    answer = _add(verbs, "answer", "count that a fiche answered a person")
    answer.add_argument("article_id")
    answer.add_argument("--channel", choices=["phone", "counter"], required=True)
    _in_language(answer)
    capture = _add(verbs, "capture", "save a request given as JSON")
    capture.add_argument("file", metavar="FILE|-")
    request = _add(verbs, "request", "a request with its timeline")
    request.add_argument("number")
    requests = _add(verbs, "requests", "list requests")
    requests.add_argument("--mine", action="store_true")
    requests.add_argument("--service", default="")
    requests.add_argument("--late", action="store_true")
    requests.add_argument("--near", type=_circle, metavar="LAT,LON,RADIUS", help="degrees, degrees, metres")
    requests.add_argument("--text", default="")
    requests.add_argument("--limit", type=_count, default=100, metavar="N")
    requests.add_argument("--offset", type=_rank, default=0, metavar="N")


def _follow_up_verbs(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    join = _about(verbs, "join", "one more person asks for the same thing")
    join.add_argument("--channel", choices=["phone", "counter"], required=True)
    for name in ("name", "phone", "email", "description"):
        join.add_argument(f"--{name}", default="", metavar="TEXT")
    join.add_argument("--requester-language", choices=["fr", "en"], default="fr", help="the person's language")
    note = _about(verbs, "note", "add a note")
    note.add_argument("text", metavar="TEXT|-")
    note.add_argument("--public", action="store_true", help="for the person who asked, too")
    _edit_verb(verbs)
    transfer = _about(verbs, "transfer", "send to another service")
    transfer.add_argument("--service", required=True, metavar="CODE")
    transfer.add_argument("--unit", default="", metavar="CODE")
    transfer.add_argument("--reason", default="", metavar="TEXT")
    close = _about(verbs, "close", "close: done, unless said otherwise")
    close.add_argument("--reason", required=True, metavar="CODE")
    close.add_argument("--as", dest="as_status", choices=["done", "refused", "cancelled"], default="done")
    reopen = _about(verbs, "reopen", "open again what was closed")
    reopen.add_argument("--reason", default="", metavar="CODE")
    undo = _add(verbs, "undo", "undo what was done, sent or not")
    undo.add_argument("intent_id")


def _edit_verb(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    edit = _about(verbs, "edit", "change fields")
    edit.add_argument("--description", metavar="TEXT")
    edit.add_argument("--urgent", choices=["yes", "no"])
    edit.add_argument("--location", metavar="ID")
    answer = "of a question; several keys are given with commas, none takes the answer away"
    edit.add_argument("--answer", type=_answered, action="append", default=[], metavar="QUESTION=VALUE", help=answer)


def _about(verbs: _Verbs[argparse.ArgumentParser], name: str, help_: str) -> argparse.ArgumentParser:
    """A verb about a request of an official or provisional number, or of an id."""
    verb = _add(verbs, name, help_)
    verb.add_argument("request", metavar="REQUEST")
    return verb


def _answered(text: str) -> tuple[str, str]:
    question, found, value = text.partition("=")
    if not question or not found:
        raise argparse.ArgumentTypeError("QUESTION=VALUE")
    return question, value


def _in_language(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--lang", dest="in_language", choices=["fr", "en"], help="language of the fiches")


def _count(text: str) -> int:
    if not 1 <= int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"from 1 to {_MOST}")
    return int(text)


def _rank(text: str) -> int:
    if not 0 <= int(text) <= _FARTHEST:
        raise argparse.ArgumentTypeError(f"from 0 to {_FARTHEST}")
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a date as YYYY-MM-DD") from None


def _circle(text: str) -> Circle:
    try:
        lat, lon, radius = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError("three numbers: LAT,LON,RADIUS") from None
    if not (abs(lat) <= 90 and abs(lon) <= 180 and 0 < radius <= _WHOLE_EARTH_M):
        raise argparse.ArgumentTypeError("degrees, degrees, metres")
    return lat, lon, radius
