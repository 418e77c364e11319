"""Where the project's data files are, in a checkout, an installed package or a frozen program."""

from __future__ import annotations

import sys
from pathlib import Path


def folder(name: str) -> Path:
    """The folder ``name`` of ``resources/`` (i18n, seed, fonts, icons, import_maps).

    :raises FileNotFoundError: if this installation lacks it.
    """
    for base in _candidates():
        if (base / name).is_dir():
            return base / name
    raise FileNotFoundError(name)


def _candidates() -> tuple[Path, ...]:
    package = Path(__file__).resolve().parent
    frozen = Path(getattr(sys, "_MEIPASS", package))
    return (frozen / "resources", package / "_resources", package.parents[1] / "resources")
