"""Anki's normal sync, from its own sync server: what one collection added comes down to another."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from . import PEERS, Absent, install

_VERSION = "26.9.3"
_FOLDER = PEERS / "anki"
_PYTHON = _FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
_SCRIPT = Path(__file__).with_name("anki_pull.py")
_PATIENCE_S, _START_S = 900, 30


def rate(folder: Path, bodies: list[str]) -> float:
    """Notes a second of a normal sync that brings them all. A card comes with each note and is not counted.

    :raises Absent: it does not run here.
    """
    if not (_FOLDER / "installed").exists():
        PEERS.mkdir(parents=True, exist_ok=True)
        install([sys.executable, "-m", "venv", "--clear", str(_FOLDER)], PEERS)
        install([str(_PYTHON), "-m", "pip", "install", "--quiet", f"anki=={_VERSION}"], PEERS)
        (_FOLDER / "installed").touch()
    folder.mkdir(parents=True)
    notes = folder / "notes.jsonl"
    notes.write_text("\n".join(bodies), encoding="utf-8")
    port = _free_port()
    said = {"SYNC_USER1": "bench:bench", "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port), "SYNC_BASE": str(folder / "server")}
    server = subprocess.Popen(
        [str(_PYTHON), "-m", "anki.syncserver"], env=os.environ | said, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with server:
        try:
            _wait_for(port, server)
            return _pulled(f"http://127.0.0.1:{port}/", folder, notes, len(bodies))
        finally:
            server.kill()


def _pulled(url: str, folder: Path, notes: Path, expected: int) -> float:
    command = [str(_PYTHON), "-P", str(_SCRIPT), url, str(folder), str(notes)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    if done.returncode != 0:
        raise Absent(f"Anki: {done.stderr.strip()[-200:]}")
    said = json.loads(done.stdout.splitlines()[-1])
    if said["notes"] != expected:
        raise Absent(f"Anki brought {said['notes']} of {expected} notes")
    return expected / float(said["seconds"])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and server.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Absent("Anki's sync server does not start")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
