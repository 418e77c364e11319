from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from guichet_desktop.desk import drafts, enrolment
from guichet_desktop.profiles import open_profile
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.windows import sitting

_DRIVEN = """
import gc, os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from guichet_desktop import __main__ as program

def drive():
    from tests.helpers.windows import Sitting
    guichet = next(each for each in gc.get_objects() if type(each).__name__ == "GuichetApp")
    there = Sitting(guichet)
    {story}

QApplication(sys.argv[:1])
QTimer.singleShot(0, drive)
sys.exit(program.main(["--profile", sys.argv[1], "--server", sys.argv[2]]))
"""


def _run(post: Path, server: str, story: str) -> subprocess.CompletedProcess[str]:
    script = _DRIVEN.format(story=story.strip().replace("\n", "\n    "))
    return subprocess.run(
        [sys.executable, "-c", script, str(post), server], capture_output=True, text=True, check=False, env=os.environ.copy()
    )


def test_a_window_killed_while_one_types_loses_at_most_a_second_s_typing(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        there.enrols(AGENT)
    story = """
from guichet_desktop.tour import until
there.signs_in()
there.begins_request("nid-de", "120 ormes")
until(there.drafts, "the draft on disk")
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = _run(post, central.url, story)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with closing(enrolment.open_desk(open_profile(post))) as desk:
        assert [each.where.label for each in drafts.waiting(desk)] == ["120, rue des Ormes"]


def test_an_exception_nobody_foresaw_is_written_down_without_its_words_and_the_window_goes_on(
    central: CentralServer, post: Path
) -> None:
    with sitting(post, central.url) as there:
        there.enrols(AGENT)
    story = """
there.signs_in()
def fail():
    raise ZeroDivisionError("450 555-0142")
QTimer.singleShot(0, fail)
QTimer.singleShot(200, there.guichet.window.close)
"""
    done = _run(post, central.url, story)
    assert done.returncode == 0, done.stderr
    written = (post / "log" / "guichet.log").read_text(encoding="utf-8")
    assert "ZeroDivisionError in the window" in written
    assert "450" not in written
    assert "450" not in done.stderr
    assert not (post / "log").stat().st_mode & 0o077
