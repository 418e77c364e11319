"""Settings of a profile that are no secret, in ``settings.toml``."""

from __future__ import annotations

import os
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import tomli_w

from guichet_sync.domain.errors import StoreDamaged


@dataclass(frozen=True, slots=True)
class Settings:
    """``post`` is the post's random id, ``person`` the folder of the last person, ``keys`` where the keys are kept."""

    post: str = ""
    post_name: str = ""
    person: str = ""
    keys: str = ""
    language: str = ""
    theme: str = "system"
    scale: int = 100


def read(path: Path) -> Settings:
    """The settings; defaults where there are none. What this version does not know is left alone.

    :raises StoreDamaged: the file is not TOML.
    """
    found = _document(path)
    return Settings(**{each.name: found[each.name] for each in fields(Settings) if _fits(found.get(each.name), each.type)})


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise StoreDamaged(file=path.name) from None


def _fits(value: object, kind: object) -> bool:
    return type(value).__name__ == kind


def change(path: Path, **changes: object) -> Settings:
    """Change some settings, durably: a half-written file never takes the place of a whole one."""
    whole = _document(path)
    settings = replace(read(path), **changes)  # type: ignore[arg-type]
    pending = path.with_suffix(".new")
    with pending.open("wb") as file:
        tomli_w.dump(whole | asdict(settings), file)
        file.flush()
        os.fsync(file.fileno())
    pending.replace(path)
    return settings
