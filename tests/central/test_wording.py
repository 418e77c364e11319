from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from guichet_sync import central
from guichet_sync.wording.reasons import reason_of

FIRST = {
    "InvalidInput", "NotFound", "NotAllowed", "SignInRefused", "StoreError", "StoreBusy", "StoreDamaged", "TryLater", "Finding",
    "Refusal", "ErrorReply",
}  # fmt: skip
SECOND = {"LineProblem", "refused", "_Refused"}


def _codes(tree: ast.AST) -> Iterator[str]:
    """Reason codes that a module gives: to our errors, to bad lines, to findings, to receipts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = 0 if node.func.id in FIRST else 1 if node.func.id in SECOND else None
            yield from _strings(node.args[place : place + 1] if place is not None else [])
            yield from _strings([keyword.value for keyword in node.keywords if keyword.arg == "code"])
        elif isinstance(node, ast.FunctionDef) and node.name == "_problem":
            yield from _strings([each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value])


def _strings(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        yield from (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _given() -> dict[str, str]:
    return {
        code: path.name
        for path in Path(central.__path__[0]).rglob("*.py")
        for code in _codes(ast.parse(path.read_text(encoding="utf-8")))
        if code
    }


def test_the_codes_that_the_server_gives_are_found_in_its_source() -> None:
    assert {"not_initialised", "malformed_line", "number_taken", "intent_too_large", "counter_behind"} <= _given().keys()


@pytest.mark.parametrize(("code", "where"), sorted(_given().items()))
def test_every_reason_that_the_server_gives_has_its_sentence(code: str, where: str) -> None:
    assert reason_of(code) is not None or code == "unexpected", f"{code} of {where}"
