"""A city's own colours: a TOML or JSON file laid over the neutral theme, taken whole or not at all.

It has a ``name`` and a table for each theme it changes (``light``, ``dark``, ``contrast``), of roles and ``#RRGGBB``. No Qt here:
the file is read on the desk thread.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guichet_sync.domain.errors import CityThemeRefused

from .contrast import ratio
from .tokens import THEMES, neutral, pairs

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class City:
    """The name of a city and its colours: ``#RRGGBB`` by role, by theme. They hold every pair."""

    name: str
    colours: Mapping[str, Mapping[str, str]]


def read_city(path: Path) -> City:
    """Read and check the file of a city's colours.

    :raises CityThemeRefused: it can't be read, or a role, a colour or a pair of colours is not one; its values say which.
    """
    return city_of(_content(path), path.name)


def city_to_wear(file: str) -> tuple[City | None, CityThemeRefused | None]:
    """The city that the settings name, or None (the neutral look) with the reason to tell; an empty name is no reason."""
    if not file:
        return None, None
    try:
        return read_city(Path(file)), None
    except CityThemeRefused as refusal:
        return None, refusal


def city_of(content: Mapping[str, Any], file: str) -> City:
    """Check the content of a file.

    :raises CityThemeRefused: a theme, a role, a colour or a pair of colours is not one.
    """
    name = content.get("name")
    own = {theme: colours for theme, colours in content.items() if theme != "name"}
    if not isinstance(name, str) or not all(theme in THEMES and isinstance(colours, dict) for theme, colours in own.items()):
        raise CityThemeRefused("city_theme_shape", file=file)
    for theme, colours in own.items():
        _check_roles(theme, colours, file)
        _check_pairs(theme, neutral(theme) | colours, file)
    return City(name, own)


def _content(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CityThemeRefused("city_theme_shape", file=path.name)
        text = path.read_text(encoding="utf-8")
        content = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise CityThemeRefused("city_theme_unreadable", file=path.name) from error
    except (ValueError, RecursionError) as error:
        raise CityThemeRefused("city_theme_shape", file=path.name) from error
    if not isinstance(content, dict):
        raise CityThemeRefused("city_theme_shape", file=path.name)
    return content


def _check_roles(theme: str, colours: Mapping[str, object], file: str) -> None:
    known = neutral(theme)
    for role, colour in colours.items():
        if role not in known:
            raise CityThemeRefused("city_theme_role", file=file, theme=theme, role=role)
        if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            raise CityThemeRefused("city_theme_colour", file=file, theme=theme, role=role)


def _check_pairs(theme: str, colours: Mapping[str, str], file: str) -> None:
    """The worst pair is named: mending it first often mends the others."""
    found = {pair: _ratio_of(pair.foreground, pair.background, colours) for pair in pairs()}
    broken = [pair for pair in found if found[pair] < pair.minimum]
    if broken:
        pair = min(broken, key=lambda each: found[each] / each.minimum)
        raise CityThemeRefused(
            "city_theme_contrast",
            file=file,
            theme=theme,
            foreground=pair.foreground,
            background=pair.background,
            ratio=found[pair],
            minimum=pair.minimum,
        )


def _ratio_of(foreground: str, background: str, colours: Mapping[str, str]) -> float:
    """Cut to two decimals, never rounded up: 4.499 is not 4.5."""
    return int(ratio(colours[foreground], colours[background]) * 100) / 100
