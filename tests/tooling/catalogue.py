"""Gate: the gettext catalogue is in step with the source strings. ``python -m tests.tooling.catalogue [--write]``.

French is the source language. A string belongs to the catalogue where it is given to ``words.text``, ``words.plural`` or ``N_``;
``--write`` brings the template and the English catalogue up to date, leaving new strings untranslated.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from tests.tooling.tree import ROOT, report, tracked

I18N = ROOT / "resources" / "i18n"
TEMPLATE = I18N / "guichet.pot"
TRANSLATIONS = {"en": I18N / "en" / "LC_MESSAGES" / "guichet.po"}
_SOURCES = ("desktop/*.py", "sync/*.py")
_FIELD = re.compile(r"\{[^{}]*\}")
Key = str | tuple[str, str]


def source_strings(source: str) -> Iterator[Key]:
    """What a module gives to the catalogue: a string, or a singular with its plural."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _of_call(node)


def _of_call(call: ast.Call) -> Iterator[Key]:
    given = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    name = _called(call.func)
    if name in {"N_", ".text"} and given and isinstance(call.args[0], ast.Constant):
        yield given[0]
    elif name == ".plural" and len(given) >= 2:
        yield given[0], given[1]


def _called(function: ast.expr) -> str:
    """A function's name, a method's with a dot before it; SQLAlchemy's ``text`` is none of ours."""
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute):
        of_library = isinstance(function.value, ast.Name) and function.value.id in {"sa", "sqlalchemy"}
        return "" if of_library else f".{function.attr}"
    return ""


def extracted() -> dict[Key, list[str]]:
    """Every source string with the files that use it."""
    found: dict[Key, list[str]] = {}
    for path in tracked(*_SOURCES):
        for key in source_strings((ROOT / path).read_text(encoding="utf-8")):
            files = found.setdefault(key, [])
            if path.as_posix() not in files:
                files.append(path.as_posix())
    return found


def read(path: Path, locale: str | None = None) -> Catalog:
    """A catalogue from its file; an absent one is empty."""
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def drift(wanted: set[Key], catalogue: Catalog, name: str) -> list[str]:
    """Strings that one side has and the other lacks."""
    known = {_key(message) for message in catalogue if message.id}
    missing = [f"{name} lacks: {_shown(key)}" for key in sorted(wanted - known, key=_shown)]
    return missing + [f"{name} keeps what nothing says any more: {_shown(key)}" for key in sorted(known - wanted, key=_shown)]


def translation_problems(catalogue: Catalog, name: str) -> list[str]:
    """Untranslated, uncertain and ill-filled entries."""
    problems = [f"{name}: marked fuzzy as a whole, so it would not be compiled"] if catalogue.fuzzy else []
    for message in catalogue:
        if message.id:
            problems += [f"{name}, {_shown(_key(message))}: {problem}" for problem in _problems_of(message)]
    return problems


def _problems_of(message: Message) -> Iterator[str]:
    sources, translations = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if not translations or not all(translations):
        yield "not translated"
        return
    allowed = [Counter(_FIELD.findall(each)) for each in sources]
    if any(Counter(_FIELD.findall(each)) not in allowed for each in translations):
        yield f"its fields are not those of the source ({' / '.join(sources)})"


def _forms(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else ()


def _key(message: Message) -> Key:
    forms = _forms(message.id)
    return forms[0] if len(forms) == 1 else (forms[0], forms[1])


def _shown(key: Key) -> str:
    return key if isinstance(key, str) else " / ".join(key)


def rewritten(strings: dict[Key, list[str]], old: Catalog, locale: str | None) -> Catalog:
    """A catalogue of exactly these strings, keeping the translations it had."""
    new = Catalog(
        locale=locale, project="Guichet", header_comment="# Guichet: source strings are French.", charset="utf-8", fuzzy=False
    )
    translations = {_key(message): message.string for message in old if message.id}
    for key in sorted(strings, key=_shown):
        new.add(key, translations.get(key, ""), locations=[(file, 0) for file in sorted(strings[key])])
    return new


def write(strings: dict[Key, list[str]]) -> None:
    """Bring the template and the translations up to date."""
    for path, locale in [(TEMPLATE, None), *((path, name) for name, path in TRANSLATIONS.items())]:
        catalogue = rewritten(strings, read(path, locale), locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, omit_header=path == TEMPLATE, include_lineno=False)


def main() -> int:
    """Compare, or write."""
    strings = extracted()
    if "--write" in sys.argv[1:]:
        write(strings)
    problems = drift(set(strings), read(TEMPLATE), TEMPLATE.name)
    for locale, path in TRANSLATIONS.items():
        catalogue = read(path, locale)
        name = path.relative_to(I18N).as_posix()
        problems += drift(set(strings), catalogue, name) + translation_problems(catalogue, name)
    if problems:
        problems.append("`python -m tests.tooling.catalogue --write` takes in the new strings")
    return report("catalogue", problems)


if __name__ == "__main__":
    sys.exit(main())
