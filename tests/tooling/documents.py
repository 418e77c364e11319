"""Gate: the documents' links lead somewhere and the commands they show exist. ``python -m tests.tooling.documents``.

Every command of a line ``$ command`` in a ``console`` block is given to the parser of its program, options included.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import dev
from guichet_desktop.__main__ import parser as window_parser
from guichet_desktop.ctl.arguments import parse as parse_ctl
from guichet_sync.central.cli import parser as central_parser
from tests.tooling.tree import ROOT, report, tracked

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+)\s+(.*)$", re.MULTILINE)
_BETWEEN_COMMANDS = frozenset("|&;")
_REDIRECTIONS = frozenset("<>")


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
    return {_slug(title) for _, title in _HEADING.findall(_BLOCK.sub("", text))}


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def section(text: str, title: str) -> str:
    """What stands under a heading, up to the next one of its rank or above.

    :raises KeyError: there is no such heading.
    """
    headings = list(_HEADING.finditer(text))
    for place, heading in enumerate(headings):
        if heading[2] == title:
            ends = (each.start() for each in headings[place + 1 :] if len(each[1]) <= len(heading[1]))
            return text[heading.end() : next(ends, len(text))]
    raise KeyError(title)


def blocks(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a language: what stands behind its name, and the block."""
    for info, block in _BLOCK.findall(text):
        named, _, rest = info.partition(" ")
        if named == language:
            yield rest.strip(), block


def commands_of(text: str) -> Iterator[str]:
    """The command lines shown in the ``console`` blocks, continued ones joined."""
    for _, block in blocks(text, "console"):
        yield from (line[2:] for line in block.replace("\\\n", " ").splitlines() if line.startswith("$ "))


def command_problems(path: Path, text: str) -> list[str]:
    """Commands of a document that their program would refuse."""
    return [f"{path.as_posix()}: {reason}: {command}" for command in commands_of(text) if (reason := refusal(command))]


def refusal(line: str) -> str:
    """Why a command line is wrong; empty where it is right, or of programs that are not ours."""
    return next(filter(None, map(_refusal, _commands(line))), "")


def _commands(line: str) -> Iterator[list[str]]:
    """The words of each command of a line, without redirections."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words: list[str] = []
    tokens = iter(lexer)
    for token in tokens:
        if set(token) <= _BETWEEN_COMMANDS:
            yield words
            words = []
        elif token[0] in _REDIRECTIONS:
            next(tokens, None)
        else:
            words.append(token)
    yield words


def _refusal(words: list[str]) -> str:
    while words and "=" in words[0]:
        words = words[1:]
    if words[:1] in (["python3"], ["python"], ["py"]):
        words = words[1:]
    parse = _PARSERS.get(Path(words[0]).name) if words else None
    return _said_by(parse, words[1:]) if parse else ""


def _said_by(parse: Callable[[list[str]], object], arguments: list[str]) -> str:
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            parse(arguments)
    except SystemExit as ended:
        return said.getvalue().strip().rpartition("\n")[2] if ended.code else ""
    return ""


_PARSERS: dict[str, Callable[[list[str]], object]] = {
    "dev.py": dev.parse,
    "guichet": lambda arguments: window_parser().parse_args(arguments),
    "guichetctl": parse_ctl,
    "guichet-central": lambda arguments: central_parser().parse_args(arguments),
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
