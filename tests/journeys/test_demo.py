from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from guichet_desktop.tour import until
from tests.helpers.windows import without_display

pytestmark = pytest.mark.usefixtures("qapp")  # waiting takes an event loop
_CALL = ("enrolment", "fiche", "answered", "place", "map", "request", "read-back", "offline", "outbox", "back-online")
_STEPS = (*_CALL, "requests", "timeline", "settings", "palette", "keys", "privacy")
_MAIN = ("fiche", "request", "offline", "outbox", "timeline")
_THEMES, _OTHERS = ("light", "dark", "contrast"), ("light-200", "light-1280x720", "light-1366x768", "light-1920x1080")
_SERVE = """
import sys
from pathlib import Path
from guichet_desktop.loopback import LoopbackCentral
central = LoopbackCentral(Path(sys.argv[1]))
central.load_city()
central.start()
print("served", flush=True)
sys.stdin.read()
"""


def test_without_a_display_the_demo_takes_the_tour_and_leaves_pictures_of_each_step(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "guichet_desktop.demo"],
        cwd=tmp_path,
        env=without_display(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "136 pictures in build/tour" in done.stdout
    pictures = tmp_path / "build" / "tour"
    names = {each.name for each in pictures.glob("*.png")}
    assert names == set(_expected())
    page = (pictures / "index.html").read_text(encoding="utf-8")
    assert all(f'src="{name}"' in page for name in names)
    assert {name: _size(pictures / name) for name in names} == {name: _size_named(name) for name in names}


def _expected() -> Iterator[str]:
    for language in ("fr", "en"):
        for place, step in enumerate(_STEPS, 1):
            for look in (*_THEMES, *(_OTHERS if step in _MAIN else ())):
                yield f"{language}-{look}-{place:02}-{step}.png"


def _size(picture: Path) -> tuple[int, int]:
    image = QImage(str(picture))
    return image.width(), image.height()


def _size_named(name: str) -> tuple[int, int]:
    sized = next((part for part in name.split("-") if "x" in part and part[0].isdigit()), "1440x900")
    width, height = map(int, sized.split("x"))
    return width, height


def test_a_tour_that_fails_leaves_no_server_and_no_folder_behind(tmp_path: Path) -> None:
    pictures, room = tmp_path / "pictures", tmp_path / "room"
    (pictures / "fr-light-02-fiche.png").mkdir(parents=True)  # where a picture can't be written
    room.mkdir()
    environment = without_display() | {"TMPDIR": str(room)}
    command = [sys.executable, "-m", "guichet_desktop", "--tour", str(pictures)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "fr-light-02-fiche.png can't be written" in done.stderr
    assert (pictures / "fr-light-01-enrolment.png").is_file()
    assert list(room.iterdir()) == []
    assert _processes_of(room) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked for in /proc")
def test_a_server_ends_with_the_program_that_started_it_even_a_killed_one(tmp_path: Path) -> None:
    with _serving(tmp_path / "central") as starter:
        assert len(_processes_of(tmp_path)) == 2  # the program and its server
        starter.kill()
        starter.communicate(timeout=30)  # the server held the same pipe
    until(lambda: _processes_of(tmp_path) == [], "the server's end")


@contextmanager
def _serving(data: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _SERVE, str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "served\n"
        yield starter


def _processes_of(folder: Path) -> list[str]:
    """The commands that name a folder, of the processes that run."""
    commands = (_command_of(each) for each in Path("/proc").iterdir() if each.name.isdigit())
    return [command for command in commands if str(folder) in command]


def _command_of(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ")
    except OSError:
        return ""


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
