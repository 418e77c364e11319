from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from guichet_desktop.tour import until
from tests.helpers.windows import without_display

_STEPS = ("1-enrolment", "2-answer", "3-answered", "4-place", "5-request", "6-offline", "7-back-online")


def test_without_a_display_the_demo_takes_the_tour_and_leaves_a_picture_of_each_step(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "guichet_desktop.demo"],
        cwd=tmp_path,
        env=without_display(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "14 pictures in build/tour" in done.stdout
    pictures = tmp_path / "build" / "tour"
    expected = {f"{look}-{step}.png" for look in ("fr-light", "en-dark") for step in _STEPS}
    assert {each.name for each in pictures.iterdir()} == expected
    sizes = {(QImage(str(each)).width(), QImage(str(each)).height()) for each in pictures.iterdir()}
    assert sizes == {(1440, 900)}


def test_what_the_demo_keeps_it_finds_again(tmp_path: Path) -> None:
    demo = tmp_path / "build" / "demo"
    kept = [_opened_and_closed(tmp_path, demo) for _ in range(2)]
    assert kept[0] == kept[1]
    assert (demo / "passphrase").stat().st_mode & 0o777 == 0o600


def _opened_and_closed(folder: Path, demo: Path) -> tuple[str, list[str]]:
    """The passphrase and the people of a demo whose window was opened, then closed."""
    environment = {**without_display(), "DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "guichet_desktop.demo", "--keep"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert "user mgagnon, password guichet-demo" in running.stdout.readline()
        until(lambda: _window_of(running.pid), "the window")
        os.kill(_window_of(running.pid), signal.SIGTERM)
        assert running.wait(60) != 0
    people = [each.name for each in (demo / "profile" / "people").iterdir() if (each / "work.db").is_file()]
    return (demo / "passphrase").read_text(encoding="utf-8"), people


def _window_of(demo: int) -> int:
    """The process of the demo's window, 0 while there is none."""
    for pid in Path(f"/proc/{demo}/task/{demo}/children").read_text(encoding="ascii").split():
        if b"--profile" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return int(pid)
    return 0
