"""The README's trial is done for real: its commands, in its order, and each answers what the page shows."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.tooling.documents import blocks, section
from tests.tooling.tree import ROOT

_PORT_SHOWN = "8311"
_MARK = "-- command "
_AT_MOST_S = 120


@dataclass(frozen=True, slots=True)
class Shown:
    """A command of the page and the lines shown below it; a line of … alone stands for any."""

    command: str
    lines: list[str] = field(default_factory=list)

    @property
    def script(self) -> str:
        """The command as a person types it: they see the server's first line, or its end, before they go on."""
        if self.command.endswith("&"):
            return (
                f"rm -f first-line; {self.command[:-1]}>first-line & until [ -s first-line ]; do kill -0 $!; done\ncat first-line"
            )
        return f"{self.command}\nwait $!" if self.command.startswith("kill ") else self.command

    def is_what_was_said(self, said: str) -> bool:
        """Whether the command's output is the one shown; columns may be spaced in any way."""
        if not self.lines:
            return True
        wanted = "".join(r"(?:.*\n)*" if line == "…" else f"{_pattern(line)}\n" for line in self.lines)
        return re.fullmatch(wanted, "".join(f"{_spaced(line)}\n" for line in said.splitlines())) is not None


def _pattern(line: str) -> str:
    return ".*".join(map(re.escape, _spaced(line).split("…")))


def _spaced(line: str) -> str:
    return " ".join(line.split())


def _shown(page: str) -> Iterator[Shown]:
    for _, block in blocks(section(page, "Try it by hand"), "console"):
        current: Shown | None = None
        for line in block.splitlines():
            if line.startswith("$ "):
                current = Shown(line[2:])
                yield current
            elif current is not None:
                current.lines.append(line)


def _outputs(commands: list[Shown], folder: Path, port: int) -> list[str]:
    """What each command wrote on standard output, all typed into one shell."""
    script = "\n".join(f"echo '{_MARK}'\n{each.script}" for each in commands).replace(_PORT_SHOWN, str(port))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", f"trap 'jobs -p | xargs -r kill' EXIT\n{script}"],
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as shell:
        try:
            said, problems = shell.communicate(timeout=_AT_MOST_S)
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, signal.SIGKILL)
            raise
    assert shell.returncode == 0, f"{said}\n{problems}"
    return said.replace(str(port), _PORT_SHOWN).split(f"{_MARK}\n")[1:]


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash not found: the README's trial is for a Unix shell")
def test_the_trial_of_the_readme_goes_as_it_is_told(tmp_path: Path) -> None:
    shown = list(_shown((ROOT / "README.md").read_text(encoding="utf-8")))
    said = _outputs(shown, tmp_path, _free_port())
    surprises = {each.command: output for each, output in zip(shown, said, strict=True) if not each.is_what_was_said(output)}
    assert surprises == {}


@pytest.mark.parametrize(
    ("lines", "said", "right"),
    [
        (["A01  Ormes"], "A01\tOrmes\n", True),
        (["A01  Ormes"], "A01\tOrmes\nA02\tOrmes\n", False),
        (["A01  …", "…"], "A01\tOrmes\nA02\tOrmes\n", True),
        (["A02  …", "…"], "A01\tOrmes\nA02\tOrmes\n", False),
        (["…", "En ligne"], "Poste\nEn ligne\n", True),
        (["En ligne"], "", False),
    ],
)
def test_what_a_page_shows_is_compared_line_by_line(lines: list[str], said: str, right: bool) -> None:
    assert Shown("guichetctl status", lines).is_what_was_said(said) is right
