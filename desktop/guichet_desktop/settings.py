"""Settings of a profile that are no secret, in ``settings.toml``."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Container
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import tomli_w

from guichet_sync.domain.errors import DiskFull, StoreDamaged, StoreError

_MAX_BYTES = 64 * 1024
_MAX_TEXT = 255
_MAX_SHORTCUTS, _MAX_KEYS = 200, 8
_ALLOWED: dict[str, Container[Any]] = {
    "language": frozenset({"", "fr", "en"}),
    "theme": frozenset({"system", "light", "dark", "contrast"}),
    "scale": range(100, 201),
    "mode": frozenset({"", "phone", "counter", "service"}),
}
_SHAPES = {
    "geometry": re.compile(r"[A-Za-z0-9+/]{0,1000}={0,2}"),
    "city_theme": re.compile(r"[^\0]{0,1000}"),
}
_ACTION, _KEY = re.compile(r"[a-z_]{1,40}"), re.compile(r"[^\s\0]{1,40}")


@dataclass(frozen=True, slots=True)
class Settings:
    """``post`` is the post's random id, ``person`` the folder of the last person, ``keys`` where the keys are kept.

    ``scale`` is the size of text in percent. ``mode`` is how one works (phone, counter, service), by one's role where empty.
    ``shortcuts`` are keys of one's own, in Qt's notation, by id of action; an empty list takes an action's keys away.
    ``city_theme`` is the file of a city's colours, ``geometry`` the window's place and size in base64,
    ``map_open`` whether the map of a request is shown.
    """

    post: str = ""
    post_name: str = ""
    person: str = ""
    keys: str = ""
    language: str = ""
    theme: str = "system"
    scale: int = 100
    mode: str = ""
    shortcuts: dict[str, list[str]] = field(default_factory=dict)
    city_theme: str = ""
    geometry: str = ""
    map_open: bool = False


def read(path: Path) -> Settings:
    """The settings; defaults where there are none or where a value can't be used. What this version does not know is left alone.

    :raises StoreDamaged: the file is not TOML. :raises StoreError: it can't be read.
    """
    return _settings(_document(path))


def change(path: Path, **changes: object) -> Settings:
    """Change some settings, durably: a half-written file never takes the place of a whole one.

    :raises DiskFull: the folder takes no file.
    """
    whole = _document(path)
    changed = replace(_settings(whole), **changes)  # type: ignore[arg-type]
    document = whole | asdict(changed)
    if document != whole:
        try:
            _replace(path, tomli_w.dumps(document).encode())
        except OSError:
            raise DiskFull(file=path.name) from None
    return changed


def _settings(found: dict[str, Any]) -> Settings:
    usable = {each.name: found[each.name] for each in fields(Settings) if each.name in found}
    return Settings(**{name: value for name, value in usable.items() if _fits(name, value)})


def _fits(name: str, value: object) -> bool:
    """Whether a setting may have this value: of the very type of its default (a truth value is no number), and within bounds."""
    if type(value) is not type(getattr(Settings(), name)):
        return False
    if name in _ALLOWED:
        return value in _ALLOWED[name]
    if isinstance(value, dict):
        return _are_shortcuts(value)
    return bool(_SHAPES[name].fullmatch(str(value))) if name in _SHAPES else len(str(value)) <= _MAX_TEXT


def _are_shortcuts(found: dict[str, Any]) -> bool:
    """Lists of keys by ids of actions, not too many of either. Which actions there are is not known here."""
    return len(found) <= _MAX_SHORTCUTS and all(_ACTION.fullmatch(name) and _are_keys(keys) for name, keys in found.items())


def _are_keys(found: object) -> bool:
    if not isinstance(found, list) or len(found) > _MAX_KEYS:
        return False
    return all(isinstance(key, str) and _KEY.fullmatch(key) for key in found)


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_content(path).decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError:
        raise StoreError(file=path.name) from None
    except (ValueError, RecursionError):  # not UTF-8, not TOML, numbers or nesting beyond all use
        raise StoreDamaged(file=path.name) from None


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise StoreDamaged(file=path.name)
    return content


def _replace(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of the file, through a file of this process alone."""
    handle, pending = tempfile.mkstemp(prefix=path.stem, suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(pending).replace(path)
    except OSError:
        Path(pending).unlink(missing_ok=True)
        raise
