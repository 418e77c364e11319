"""``guichetctl``: the verbs of a desk without a screen, for IT, scripts and checks. Each verb imports the libraries it needs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.words import Language

from .arguments import parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit status: 0 done, 1 could not, 2 wrong usage (then :class:`SystemExit` carries it)."""
    _prepare_streams()
    options = parse(sys.argv[1:] if arguments is None else arguments)
    from .output import Output

    output = Output(_language(options), as_json=options.json)
    try:
        return _run(options, output)
    except GuichetError as error:
        return output.explain(error)
    except KeyboardInterrupt:
        return output.cancelled()
    except BrokenPipeError:  # nobody reads any more
        return output.silenced()


def _prepare_streams() -> None:
    """UTF-8 on all systems; a service may start a program without standard streams at all."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - as long as the program
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]


def _run(options: argparse.Namespace, output: object) -> int:
    """The verb under its log. An exception nobody foresaw is written down without its message and told by its name."""
    from guichet_sync.store.folders import ProfileFolder

    from ..diagnostics import written_to
    from ..profiles import private_files
    from . import verbs
    from .profile import profile_path

    program = "exchange" if getattr(options, "watch", False) else "guichetctl"
    with private_files(), written_to(ProfileFolder(profile_path(options)).log, program):
        try:
            return verbs.run(options, output)  # type: ignore[arg-type]
        except (GuichetError, BrokenPipeError):
            raise
        except Exception as error:
            import logging

            logging.getLogger(__name__).exception("%s failed", options.verb)
            raise GuichetError(type(error).__name__) from None


def _language(options: argparse.Namespace) -> Language:
    if options.lang:
        return Language(options.lang)
    return Language.EN if os.environ.get("LANG", "").startswith("en") else Language.FR
