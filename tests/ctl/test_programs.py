from __future__ import annotations

import json
import os
import pty
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from guichet_sync.central.demo import PASSWORD
from tests.ctl.programs import PASSPHRASE, PROGRAM, Ctl
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.strictness import Records

POTHOLE = {"channel": "phone", "category": "NDP", "location": {"id": "A00831"}, "answers": {"dim": "gros"}}
MODULES = """
import sys
from guichet_desktop.ctl import main
main(sys.argv[1:])
sys.stderr.write(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def enrol_words(server: CentralServer) -> tuple[str, ...]:
    return ("enrol", "--server", server.url, "--user", AGENT, "--password-stdin")


def test_the_installed_program_enrols_syncs_captures_and_finds(new_ctl: Ctl, central: CentralServer) -> None:
    enrolled = new_ctl.program("--json", *enrol_words(central), stdin=f"{PASSWORD}\r\n".encode())
    assert (enrolled.status, enrolled.err) == (0, "")
    synced = new_ctl.program("sync", "--json")
    assert (synced.status, synced.err) == (0, "")
    saved = new_ctl.program("--json", "capture", "-", stdin=json.dumps(POTHOLE).encode())
    number = saved.document["provisional_number"]
    assert new_ctl.program("sync", "--json").document["accepted"] == 1
    found = new_ctl.program("--json", "request", number)
    assert (found.status, found.err, found.document["sync_state"]) == (0, "", "settled")
    refused = new_ctl.program("--json", "request", "rien")
    assert (refused.status, refused.out) == (1, "")
    assert new_ctl.program("rien").status == 2
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (new_ctl.profile, *new_ctl.profile.rglob("*"))]
    assert os.name == "nt" or all(mode & 0o077 == 0 for mode in modes)


def test_a_password_that_is_none_or_wrong_is_refused_and_enrols_nobody(new_ctl: Ctl, central: CentralServer) -> None:
    wrong = "Le nom d’utilisateur ou le mot de passe est inexact."
    for password, sentence in (
        (b"", "Il manque le mot de passe."),
        (b"\n", "Il manque le mot de passe."),
        (b"\xff\xfe\n", "Il manque le mot de passe."),
        (b"mauvais\n", wrong),
        (b"x" * 10_000, wrong),
    ):
        done = new_ctl(*enrol_words(central), stdin=password)
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith(sentence)
    assert not (new_ctl.profile / "people").exists()


def test_where_nobody_sits_the_password_is_asked_for_on_standard_input(new_ctl: Ctl, central: CentralServer) -> None:
    done = new_ctl("enrol", "--server", central.url, "--user", AGENT)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("Il manque le mot de passe. Tapez-le dans un terminal, ou donnez-le sur l’entrée standard")


@pytest.mark.skipif(os.name == "nt", reason="a terminal of Windows can't be played")
def test_at_a_terminal_passphrase_and_password_are_asked_for_and_not_shown(
    new_ctl: Ctl, central: CentralServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUICHET_PASSPHRASE")
    command = [str(PROGRAM), "--profile", str(new_ctl.profile), "--lang", "fr", *enrol_words(central)[:-1]]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)  # noqa: S606 - the program under test, in the child that got the terminal
    shown = b""
    with os.fdopen(terminal, "r+b", buffering=0) as screen:
        for prompt, typed in (("profil", PASSPHRASE), ("profil", PASSPHRASE), ("passe", PASSWORD)):
            shown += heard_until(screen.fileno(), f"{prompt}\u00a0: ".encode())
            screen.write(f"{typed}\n".encode())
        shown += heard_until(screen.fileno(), b").\r\n")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert "Ce poste est inscrit (" in shown.decode()
    assert PASSWORD.encode() not in shown
    assert PASSPHRASE.encode() not in shown
    monkeypatch.setenv("GUICHET_PASSPHRASE", PASSPHRASE)
    assert new_ctl.json("status")["user"] == AGENT


def heard_until(terminal: int, end: bytes) -> bytes:
    heard = b""
    while not heard.endswith(end):
        heard += os.read(terminal, 1024)
    return heard


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal for another process")
def test_a_verb_that_is_interrupted_says_so_and_saves_nothing(ctl: Ctl, tmp_path: Path) -> None:
    pipe = tmp_path / "capture.json"
    os.mkfifo(pipe)
    running = subprocess.Popen(
        [str(PROGRAM), "--profile", str(ctl.profile), "--lang", "fr", "capture", str(pipe)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with pipe.open("wb"):  # open once the program reads
        running.send_signal(signal.SIGINT)
        out, err = running.communicate()
    assert (running.returncode, out, err) == (1, "", "Annulé.\n")
    assert ctl.json("outbox", "list") == {"items": []}


def test_a_reader_that_goes_away_is_no_failure_worth_a_word(ctl: Ctl) -> None:
    running = subprocess.Popen(
        [str(PROGRAM), "--profile", str(ctl.profile), "--json", "search", "recyclage"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    err = running.stderr.read()
    running.stderr.close()
    assert (running.wait(), err) == (1, b"")


@pytest.mark.skipif(os.name == "nt", reason="a shell of Windows closes no standard stream")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_program_started_without_standard_streams_does_its_work(ctl: Ctl, closed: str) -> None:
    words = [str(PROGRAM), "--profile", str(ctl.profile), "answer", "COL-001", "--channel", "phone"]
    done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", *words], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(ctl.json("outbox", "list")["items"]) == 1


@pytest.mark.parametrize("verb", [("search", "recyclage"), ("capture", "-")])
def test_a_verb_imports_only_what_it_needs(ctl: Ctl, verb: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", MODULES, "--profile", str(ctl.profile), "--json", *verb]
    done = subprocess.run(command, input=json.dumps(POTHOLE).encode(), capture_output=True, check=True)
    imported = set(done.stderr.decode().split())
    assert "guichet_sync" in imported
    assert not imported & {
        "PySide6",
        "requests",
        "urllib3",
        "keyring",
        "argon2",
        "filelock",
        "fastapi",
        "platformdirs",
    }


def test_a_failure_nobody_foresaw_is_told_by_its_name_and_logged_by_its_place(
    ctl: Ctl, expected_logs: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> object:
        raise RuntimeError("Luce Roy, 450 555-0123")

    monkeypatch.setattr("guichet_desktop.ctl.capture_file.json.loads", broken)
    done = ctl("capture", "-", stdin=b"{}")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("Une erreur inattendue s’est produite (RuntimeError).")
    log = (ctl.profile / "log" / "guichetctl.log").read_text(encoding="utf-8")
    assert "guichet_desktop.ctl: capture failed [RuntimeError at test_programs.py:" in log
    assert "capture_file.py:" in log
    assert not any(secret in log + done.err for secret in ("Luce", "Roy", "555"))
    assert expected_logs.lines == ["guichet_desktop.ctl: capture failed"]


def test_failures_that_are_foreseen_are_not_logged(ctl: Ctl) -> None:
    assert ctl("request", "rien").status == 1
    assert not (ctl.profile / "log").exists()
