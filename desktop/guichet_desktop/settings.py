"""Settings of a profile that are no secret, in ``settings.toml``."""

from __future__ import annotations

import os
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

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
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise StoreDamaged(file=path.name) from None
    known = {field.name: field.type for field in fields(Settings)}
    wanted = {"int": int, "str": str}
    return Settings(**{name: found[name] for name in known if isinstance(found.get(name), wanted[str(known[name])])})


def change(path: Path, **changes: object) -> Settings:
    """Change some settings, durably: a half-written file never takes the place of a whole one."""
    settings = replace(read(path), **changes)  # type: ignore[arg-type]
    pending = path.with_suffix(".new")
    with pending.open("wb") as file:
        tomli_w.dump(asdict(settings), file)
        file.flush()
        os.fsync(file.fileno())
    pending.replace(path)
    return settings
