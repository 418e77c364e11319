"""``guichetctl``: the verbs of a desk without a screen, for IT, scripts and checks. Libraries are imported by the verb that needs them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.words import Language

from .arguments import parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit status: 0 done, 1 could not, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    options = parser().parse_args(arguments)
    from .output import Output

    output = Output(_language(options), as_json=options.json)
    try:
        return _run(options, output)
    except GuichetError as error:
        return output.explain(error)
    except KeyboardInterrupt:
        return output.cancelled()


def _run(options: argparse.Namespace, output: object) -> int:
    from . import verbs

    return verbs.run(options, output)  # type: ignore[arg-type]


def _language(options: argparse.Namespace) -> Language:
    if options.lang:
        return Language(options.lang)
    return Language.EN if os.environ.get("LANG", "").startswith("en") else Language.FR


def profile_path(options: argparse.Namespace) -> Path:
    """The profile asked for, or the person's own."""
    if options.profile:
        return Path(options.profile)
    from ..profiles import default_path

    return default_path()
