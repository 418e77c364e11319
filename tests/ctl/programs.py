"""``guichetctl`` run in the tests' process, or as the program that is installed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guichet_desktop import settings
from guichet_desktop.credentials import PassphraseChain
from guichet_desktop.ctl import main
from guichet_sync.store.folders import ProfileFolder
from tests.helpers.desks import SyncedPost

PASSPHRASE = "l’été à Val-des-Ormes"
PROGRAM = Path(sys.executable).with_name("guichetctl")


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb left: its exit status, its output, its sentences."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document it printed, and nothing else."""
        assert self.out.count("\n") == 1
        assert self.out.endswith("\n")
        return json.loads(self.out, parse_constant=pytest.fail)


@dataclass(frozen=True, slots=True)
class Ctl:
    """``guichetctl`` on one profile. French is spoken unless a call says otherwise."""

    profile: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *words: str, stdin: bytes = b"") -> Done:
        """Run a verb in this process."""
        with self.monkeypatch.context() as patched:
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            try:
                status = main(["--profile", str(self.profile), "--lang", "fr", *words])
            except SystemExit as usage:
                status = int(usage.code or 0)
        told = self.capsys.readouterr()
        return Done(status, told.out, told.err)

    def json(self, *words: str, stdin: bytes = b"") -> Any:
        """The document of a verb that does its work without a word beside it."""
        done = self("--json", *words, stdin=stdin)
        assert (done.status, done.err) == (0, "")
        return done.document

    def program(self, *words: str, stdin: bytes = b"") -> Done:
        """Run the installed program."""
        command = [str(PROGRAM), "--profile", str(self.profile), "--lang", "fr", *words]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def under_a_passphrase(post: SyncedPost, path: Path) -> Path:
    """A copy of a synced post whose keys :data:`PASSPHRASE` opens."""
    profile = post.copied(path)
    chain = PassphraseChain(profile.folder.keys, PASSPHRASE)
    for name, key in post.keys.items():
        chain.keep(name, key)
    settings.change(ProfileFolder(path).settings, keys="passphrase")
    return path
