"""What this post runs: Guichet's own version, and the libraries it came with, each under its licence."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

_DISTRIBUTION = "guichet"
_NAME = re.compile(r"[\w.-]+")
_EXTRA = re.compile(r"extra == ['\"](\w+)['\"]")
_OURS = frozenset({"", "desktop"})
_CLASSIFIER = "License :: OSI Approved :: "
_CHOSEN = {"pyside6-essentials": "LGPL-3.0-only", "sqlcipher3": "zlib; BSD-3-Clause (SQLCipher)"}
"""Licences that a package's metadata leave out, or of which this one is used (see NOTICE)."""


@dataclass(frozen=True, slots=True)
class Component:
    """A library: its name, its version, its licence."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class Software:
    """Guichet's version, the system and Python it runs on, the libraries of a post. Empty where a build left its metadata out."""

    version: str
    python: str
    system: str
    components: tuple[Component, ...]


def installed() -> Software:
    """What runs here, from the metadata of the installed packages."""
    python = ".".join(map(str, sys.version_info[:3]))
    try:
        version, needed = metadata.version(_DISTRIBUTION), metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        version, needed = "", []
    return Software(version, python, f"{platform.system()} {platform.release()}", tuple(_components(needed)))


def _components(needed: list[str]) -> Iterator[Component]:
    for line in needed:
        extra, name = _EXTRA.search(line), _NAME.match(line)
        if name is None or (extra.group(1) if extra else "") not in _OURS:
            continue
        try:
            about = metadata.metadata(name.group())
        except metadata.PackageNotFoundError:  # of another system
            continue
        yield Component(about["Name"].replace("_", "-"), about["Version"], _licence(name.group().lower(), about))


def _licence(name: str, about: metadata.PackageMetadata) -> str:
    told = about.get_all("License-Expression") or about.get_all("License") or []
    classified = [each.removeprefix(_CLASSIFIER) for each in about.get_all("Classifier") or [] if each.startswith(_CLASSIFIER)]
    said = next((each for each in told if each and len(each) <= 80), ", ".join(classified))
    return _CHOSEN.get(name) or said
