"""Settings of a profile that are no secret, in ``settings.toml``."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Container
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import tomli_w

from guichet_sync.domain.errors import DiskFull, StoreDamaged, StoreError

_MAX_BYTES = 64 * 1024
_MAX_TEXT = 255
_ALLOWED: dict[str, Container[Any]] = {
    "language": frozenset({"", "fr", "en"}),
    "theme": frozenset({"system", "light", "dark", "contrast"}),
    "scale": range(100, 201),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """``post`` is the post's random id, ``person`` the folder of the last person, ``keys`` where the keys are kept.

    ``scale`` is the size of text in percent.
    """

    post: str = ""
    post_name: str = ""
    person: str = ""
    keys: str = ""
    language: str = ""
    theme: str = "system"
    scale: int = 100


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
    return value in _ALLOWED[name] if name in _ALLOWED else len(str(value)) <= _MAX_TEXT


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
