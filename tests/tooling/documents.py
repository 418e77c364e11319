"""Gate: the documents' links lead somewhere and the commands they show exist. ``python -m tests.tooling.documents``.

Every line ``$ command`` of a ``console`` block is given to the parser of its program, options included.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import dev
from guichet_desktop.ctl.arguments import parser as ctl_parser
from guichet_sync.central.cli import parser as central_parser
from tests.tooling.tree import ROOT, report, tracked

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)


def link_problems(path: Path, text: str) -> list[str]:
    """Links of a document to files or headings that do not exist; addresses of the web are not followed."""
    inside = (target for target in _LINK.findall(_BLOCK.sub("", text)) if not re.match(r"[a-z]+:", target))
    return [f"{path.as_posix()}: link to nothing: {target}" for target in inside if not _leads_somewhere(path, text, target)]


def _leads_somewhere(path: Path, text: str, target: str) -> bool:
    file, _, anchor = target.partition("#")
    if not file:
        return anchor in _anchors(text)
    pointed = (ROOT / path).parent / file
    if not anchor or not pointed.exists():
        return pointed.exists()
    return anchor in _anchors(pointed.read_text(encoding="utf-8"))


def _anchors(text: str) -> set[str]:
    return {_slug(each) for each in _HEADING.findall(text)}


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def commands_of(text: str) -> Iterator[str]:
    """The commands shown in the ``console`` blocks, continued lines joined."""
    for language, block in _BLOCK.findall(text):
        if language == "console":
            yield from (line[2:] for line in block.replace("\\\n", " ").splitlines() if line.startswith("$ "))


def command_problems(path: Path, text: str) -> list[str]:
    """Commands of a document that their program would refuse."""
    return [f"{path.as_posix()}: {reason}: {command}" for command in commands_of(text) if (reason := refusal(command))]


def refusal(command: str) -> str:
    """Why a command line is wrong; empty where it is right, or of a program that is not ours."""
    words = shlex.split(command.partition(" | ")[0].partition(" > ")[0], comments=True)
    while words and "=" in words[0]:
        words = words[1:]
    if words[:1] in (["python3"], ["python"], ["py"]):
        words = words[1:]
    parse = _PARSERS.get(words[0]) if words else None
    return _said_by(parse, words[1:]) if parse else ""


def _said_by(parse: Callable[[list[str]], object], arguments: list[str]) -> str:
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            parse(arguments)
    except SystemExit as ended:
        return said.getvalue().strip().rpartition("\n")[2] if ended.code else ""
    return ""


def _parse_with(parser: Callable[[], argparse.ArgumentParser]) -> Callable[[list[str]], object]:
    return lambda arguments: parser().parse_args(arguments)


_PARSERS: dict[str, Callable[[list[str]], object]] = {
    "dev.py": dev.parse,
    "guichetctl": _parse_with(ctl_parser),
    "guichet-central": _parse_with(central_parser),
}


def main() -> int:
    """Read every document of the tree."""
    problems: list[str] = []
    for path in tracked("*.md"):
        text = (ROOT / path).read_text(encoding="utf-8")
        problems += link_problems(path, text) + command_problems(path, text)
    return report("documents", problems)


if __name__ == "__main__":
    sys.exit(main())
