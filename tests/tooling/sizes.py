"""Gate: functions, classes and files stay small. ``python -m tests.tooling.sizes``."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.tooling.tree import ROOT, report, tracked

FUNCTION_LINES = 60
FUNCTION_LINES_P95 = 40
FUNCTION_LINES_MEDIAN = 12
FILE_LINES = 400
CLASS_LINES = 300
CLASS_METHODS = 20
# The programs are held to the figures of their own; tests would flatter them.
# A revision of the database is one list of tables, never called by anyone.
DECLARATIONS = "sync/guichet_sync/central/migrations/versions/"
TREES = {"programs": ("desktop/*.py", "sync/*.py", "dev.py"), "tests": ("tests/*.py",)}


@dataclass(frozen=True, slots=True)
class Size:
    """A function's or a class's extent in lines, and where it is."""

    where: str
    lines: int
    methods: int = 0


def functions(source: str, name: str) -> Iterator[Size]:
    """Every function and method of a module, nested ones too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Size(f"{name}:{node.lineno} {node.name}", _lines(node))


def classes(source: str, name: str) -> Iterator[Size]:
    """Every class of a module, with the number of its methods."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in node.body)
            yield Size(f"{name}:{node.lineno} {node.name}", _lines(node), methods)


def problems_of(sources: dict[str, str]) -> list[str]:
    """What is too large in these modules, given by name."""
    found = [
        f"{name}: {_count(text)} lines (file, at most {FILE_LINES})"
        for name, text in sources.items()
        if _count(text) > FILE_LINES
    ]
    for name, text in sources.items():
        found += [
            f"{each.where}: {each.lines} lines (function, at most {FUNCTION_LINES})"
            for each in functions(text, name)
            if each.lines > FUNCTION_LINES
        ]
        found += [
            f"{each.where}: {each.lines} lines (class, at most {CLASS_LINES})"
            for each in classes(text, name)
            if each.lines > CLASS_LINES
        ]
        found += [
            f"{each.where}: {each.methods} methods (at most {CLASS_METHODS})"
            for each in classes(text, name)
            if each.methods > CLASS_METHODS
        ]
    return found


def spread_problems(tree: str, sizes: list[int]) -> list[str]:
    """Whether the functions of a tree are small as a whole: median and 95th percentile."""
    if not sizes:
        return []
    p95 = sorted(sizes)[int(0.95 * (len(sizes) - 1))]
    median = statistics.median(sizes)
    print(f"{tree}: {len(sizes)} functions, median {median:g} lines, 95 % under {p95 + 1}, longest {max(sizes)}")
    found = (
        [f"{tree}: median function of {median:g} lines (under {FUNCTION_LINES_MEDIAN})"]
        if median >= FUNCTION_LINES_MEDIAN
        else []
    )
    return found + ([f"{tree}: 95th percentile of {p95} lines (under {FUNCTION_LINES_P95})"] if p95 >= FUNCTION_LINES_P95 else [])


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _count(text: str) -> int:
    return len(text.splitlines())


def _sources(patterns: tuple[str, ...]) -> dict[str, str]:
    return {
        path.as_posix(): (ROOT / path).read_text(encoding="utf-8")
        for path in tracked(*patterns)
        if not path.as_posix().startswith(DECLARATIONS)
    }


def main() -> int:
    """Check both trees."""
    problems: list[str] = []
    for tree, patterns in TREES.items():
        sources = _sources(patterns)
        sizes = [each.lines for name, text in sources.items() for each in functions(text, name)]
        problems += problems_of(sources) + spread_problems(tree, sizes)
    return report("sizes", problems)


if __name__ == "__main__":
    sys.exit(main())
