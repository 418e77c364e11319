from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from guichet_sync.central.demo import PASSWORD
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.watching import PATIENCE_S, command

CAPTURE = json.dumps(
    {
        "channel": "phone",
        "category": "NDP",
        "location": {"lat": 45.51, "lon": -73.62},
        "answers": {"dim": "petit"},
        "description": "Un trou devant l’école",
    }
)


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a post's profile will be; its passphrase is in the environment, as on a machine without a keyring."""
    monkeypatch.setenv("GUICHET_PASSPHRASE", "cinq mots que personne ne devine")
    return tmp_path / "post"


def guichetctl(post: Path, *verb: str, given: str = "") -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        command(post, "--json", *verb), input=given, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    return done.returncode, json.loads(done.stdout or "{}")


def capture_then_kill(post: Path) -> str:
    """The number that a capture answers with; its process is killed as soon as its line is read."""
    with subprocess.Popen(
        command(post, "--json", "capture", "-"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(CAPTURE)
        process.stdin.close()
        line = process.stdout.readline()
        process.kill()
    number: str = json.loads(line)["provisional_number"]
    return number


def test_a_request_captured_without_a_server_by_a_process_that_dies_gets_its_official_number(
    central: CentralServer, post: Path
) -> None:
    status, enrolled = guichetctl(
        post, "enrol", "--server", central.url, "--user", AGENT, "--password-stdin", given=PASSWORD + "\n"
    )
    assert (status, enrolled["user"]) == (0, AGENT)
    status, first = guichetctl(post, "sync")
    assert (status, first["received"] > 2_000) == (0, True)

    central.stop()
    number = capture_then_kill(post)
    status, away = guichetctl(post, "sync")
    assert (status, away["sent"]) == (1, 0)
    assert guichetctl(post, "request", number)[1]["sync_state"] == "sealed"

    central.start()
    status, back = guichetctl(post, "sync")
    assert (status, back["sent"], back["accepted"]) == (0, 1, 1)
    status, found = guichetctl(post, "request", number)
    assert (status, found["sync_state"], found["provisional_number"]) == (0, "settled", number)
    assert guichetctl(post, "request", found["number"])[1]["id"] == found["id"]
    assert found["number"].startswith("26-")
    assert guichetctl(post, "sync")[1]["sent"] == 0
