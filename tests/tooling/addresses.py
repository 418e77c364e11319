"""Gate: no file names a folder of one machine, nor a package index. ``python -m tests.tooling.addresses``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.tooling.tree import ROOT, report, tracked

# Written in pieces, so that this file passes its own gate.
_MACHINE_FOLDERS = re.compile(r"(?<![\w.\]/}>*-])/" + r"(?:work|root|home/[a-z]\w*|Users/\w+)(?=/|\b)")
_TEMPORARY = re.compile(r"(?<![\w.\]/}>*-])/" + r"tmp(?=/|\b)")
_INDEXES = re.compile(
    "|".join(("pypi" + r"\.org", "python" + r"hosted\.org", "-" + "-index-url", "-" + "-find-links", "npm" + r"js\.(?:org|com)"))
)
_EXEMPT_FROM_TEMPORARY = ("tests/", ".ci/", "docs/")


def problems_of(name: str, text: str) -> list[str]:
    """Lines that name what only one machine has."""
    patterns = {"a folder of one machine": _MACHINE_FOLDERS, "a package index": _INDEXES}
    if not name.startswith(_EXEMPT_FROM_TEMPORARY):
        patterns["a temporary folder (use tempfile)"] = _TEMPORARY
    return [
        f"{name}:{number}: {what}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in patterns.items()
        if pattern.search(line)
    ]


def text_of(path: Path) -> str | None:
    """A file's text, or None where it is no text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def main() -> int:
    """Read every file of the tree."""
    problems: list[str] = []
    for path in tracked():
        text = text_of(path)
        if text is not None:
            problems += problems_of(path.as_posix(), text)
    return report("addresses", problems)


if __name__ == "__main__":
    sys.exit(main())
