"""The profile a command works on."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from ..profiles import Profile, default_path, open_profile
from .output import Output


def profile_path(options: argparse.Namespace) -> Path:
    """The profile asked for, or the person's own."""
    return Path(options.profile) if options.profile else default_path()


def opened(options: argparse.Namespace, output: Output) -> Profile:
    """The profile, open; a passphrase is asked for where a person sits at a terminal.

    :raises KeyringMissing: there is no keyring, no passphrase and nobody to ask.
    """
    return open_profile(profile_path(options), _ask_passphrase(output))


def _ask_passphrase(output: Output) -> Callable[[], str] | None:
    if not sys.stdin.isatty():
        return None
    return lambda: getpass.getpass(output.words.text("Phrase de passe du profil : "))
