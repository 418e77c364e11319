"""Gate: French is typeset as in Québec. ``python -m tests.tooling.typography``.

It reads the source strings of the catalogue and the French texts of the fictional city: a curly apostrophe, a no-break space
before a colon and inside guillemets, none before a semicolon, an exclamation or a question mark.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.tooling.catalogue import extracted
from tests.tooling.tree import ROOT, report, tracked

_NO_BREAK = "\u00a0\u202f"
_RULES = {
    "straight apostrophe": re.compile(r"\w'\w"),
    "straight quotation marks": re.compile(r'"'),
    "three dots instead of …": re.compile(r"\.\.\."),
    "no-break space missing before a colon": re.compile(rf"[^{_NO_BREAK}]:(?=\s|$)"),
    "no-break space missing after «": re.compile(rf"«(?![{_NO_BREAK}])"),
    "no-break space missing before »": re.compile(rf"(?<![{_NO_BREAK}])»"),
    "space before ; ! or ?": re.compile(r"\s[;!?]"),
}
_MARKUP = re.compile(r"<[^>]*>|https?://\S+")
_PROSE_COLUMNS = {"name_fr", "street", "label", "moved_because"}


def flaws(text: str) -> list[str]:
    """The rules a French text breaks, by name; HTML tags and addresses of pages are no text."""
    plain = _MARKUP.sub("", text)
    return [name for name, pattern in _RULES.items() if pattern.search(plain)]


def french_of(document: object, *, french: bool = False) -> Iterator[str]:
    """Every string under a key ``fr`` of a JSON document."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from french_of(value, french=french or key == "fr")
    elif isinstance(document, list):
        for each in document:
            yield from french_of(each, french=french)
    elif french and isinstance(document, str):
        yield document


def texts_of(path: Path) -> Iterator[str]:
    """The French texts of a file of the fictional city (JSON, JSON lines or CSV)."""
    content = (ROOT / path).read_text(encoding="utf-8")
    if path.suffix == ".json":
        yield from french_of(json.loads(content))
    elif path.suffix == ".jsonl":
        for line in content.splitlines():
            yield from french_of(json.loads(line))
    elif path.suffix == ".csv":
        for row in csv.DictReader(content.splitlines()):
            yield from (row[column] for column in row.keys() & _PROSE_COLUMNS if row[column])


def main() -> int:
    """Read the catalogue's source strings and the seed."""
    found: list[tuple[str, str]] = []
    for key, files in extracted().items():
        found += [(files[0], text) for text in ((key,) if isinstance(key, str) else key)]
    for path in tracked("resources/seed/*"):
        found += [(path.as_posix(), text) for text in texts_of(path)]
    return report("typography", [f"{where}: {flaw}: {text[:100]!r}" for where, text in found for flaw in flaws(text)])


if __name__ == "__main__":
    sys.exit(main())
