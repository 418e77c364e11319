"""The suite's own watch: what a test leaves behind is seen and named."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import keyring
import pytest
from keyring.errors import NoKeyringError
from PySide6.QtCore import QTimer

from tests.helpers.strictness import FarHostRefused, Records, left_behind, snapshot


def test_a_thread_left_behind_is_named_and_one_that_ends_is_not() -> None:
    before, end = snapshot(), threading.Event()
    ours = [threading.Thread(target=end.wait, name="desk"), threading.Thread(target=end.wait, name="guichet-pump", daemon=True)]
    library = threading.Thread(target=end.wait, name="pool-of-a-library", daemon=True)
    for thread in (*ours, library):
        thread.start()
    assert left_behind(before, grace=0.01) == ["thread desk", "thread guichet-pump"]
    end.set()
    assert left_behind(before) == []
    library.join()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="child processes are listed by Linux's /proc")
def test_a_program_left_running_is_named() -> None:
    before = snapshot()
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as child:
        (remains,) = left_behind(before)
        assert remains.startswith("process python")
        assert child.stdin is not None
        child.stdin.close()
        child.wait()
    assert left_behind(before) == []


@pytest.mark.usefixtures("qapp")
def test_a_timer_left_running_is_named() -> None:
    before, timer = snapshot(), QTimer()
    timer.start(60_000)
    assert left_behind(before) == ["timer of None"]
    timer.stop()
    assert left_behind(before) == []


def test_a_warning_in_the_log_is_seen_and_news_is_not(expected_logs: Records) -> None:
    logging.getLogger("guichet_sync.client").info("exchange done")
    logging.getLogger("guichet_sync.client").warning("exchange refused")
    assert expected_logs.lines == ["guichet_sync.client: exchange refused"]


def test_another_machine_is_refused_and_this_one_is_not() -> None:
    with pytest.raises(FarHostRefused), socket.socket() as far:
        far.connect(("192.0.2.1", 80))
    with pytest.raises(FarHostRefused):
        socket.getaddrinfo("ville.example", 443)
    with socket.create_server(("127.0.0.1", 0)) as here, socket.create_connection(here.getsockname()) as near:
        assert near.getpeername() == here.getsockname()


def test_home_is_the_tests_own_and_no_keyring_answers(own_home: Path) -> None:
    assert Path.home() == own_home
    assert os.environ["XDG_DATA_HOME"].startswith(str(own_home))
    with pytest.raises(NoKeyringError):
        keyring.get_password("guichet", "nobody")
