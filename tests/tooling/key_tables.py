"""The keys in the pages for agents are those of the table of actions. ``python -m tests.tooling.key_tables [--write]``.

Each page has its table between two comments; ``--write`` makes them anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from guichet_desktop.actions import ACTIONS, SCOPES, Action, shown_keys
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.tooling.tree import ROOT, report

PAGES = {Language.FR: Path("docs/fr/AGENTS.md"), Language.EN: Path("docs/AGENTS.md")}
BEGINS, ENDS = "<!-- keys: python -m tests.tooling.key_tables --write -->\n", "<!-- end of keys -->\n"
_HEADS = {Language.FR: ("touche", "action", "où"), Language.EN: ("key", "action", "where")}


def table(language: Language, actions: Iterable[Action] = ACTIONS) -> str:
    """The actions that have a key, in Markdown. The screens are French: the English page has their words too."""
    words = Words(language)
    rows = [_HEADS[language], ("---", "---", "---")]
    rows += [
        (", ".join(shown_keys(each.keys, words)), _named(each, words), words.text(SCOPES[each.scope]))
        for each in actions
        if each.keys
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def without_table(page: str) -> str:
    """A page as people write it."""
    before, _, rest = page.partition(BEGINS)
    return before + rest.partition(ENDS)[2]


def rewritten(page: str, made: str) -> str:
    """A page with its table made anew.

    :raises ValueError: it has no place for one.
    """
    before, begins, rest = page.partition(BEGINS)
    _old, ends, after = rest.partition(ENDS)
    if not (begins and ends):
        raise ValueError("no place for a table of keys")
    return f"{before}{begins}\n{made}\n{ends}{after}"


def problems() -> list[str]:
    """The pages whose table is not that of the actions."""
    stale = [path for language, path in PAGES.items() if rewritten(_read(path), table(language)) != _read(path)]
    return [f"{path.as_posix()}: its table of keys is not that of the actions" for path in stale]


def _named(action: Action, words: Words) -> str:
    name = words.text(action.text)
    return name if words.language is Language.FR else f"{name} (*{action.text}*)"


def _read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Check both pages, or write them."""
    if "--write" in arguments:
        for language, path in PAGES.items():
            (ROOT / path).write_text(rewritten(_read(path), table(language)), encoding="utf-8", newline="\n")
    return report("key tables", problems())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
