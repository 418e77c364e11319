"""PouchDB replicating from express-pouchdb, both on LevelDB, each in a process of its own, over loopback."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from . import PEERS, Absent, install, program

_FOLDER = PEERS / "pouchdb"
_PACKAGES = ("pouchdb@7.3.1", "express-pouchdb@4.2.0", "express@4")
_SCRIPTS = Path(__file__).parent
_PATIENCE_S = 900


def rate(folder: Path, bodies: list[str]) -> float:
    """Documents a second of a first replication, the better of the usual batch size and ours.

    :raises Absent: it does not run here.
    """
    node = program("node")
    if not (_FOLDER / "node_modules" / "express-pouchdb").exists():
        (_FOLDER).mkdir(parents=True, exist_ok=True)
        (_FOLDER / "package.json").write_text('{"name": "peers", "private": true}', encoding="utf-8")
        install([program("npm"), "install", "--no-audit", "--no-fund", *_PACKAGES], _FOLDER)
    folder.mkdir(parents=True)
    documents = folder / "documents.jsonl"
    documents.write_text("\n".join(bodies), encoding="utf-8")
    command = [node, str(_SCRIPTS / "pouchdb_serve.cjs"), str(_FOLDER), str(folder / "server"), str(documents)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            url = _answer(server)
            return max(_pulled(node, url, folder, size, len(bodies)) for size in (100, 500))
        finally:
            server.kill()


def _answer(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    said = server.stdout.readline().strip()
    if not said.startswith("http"):
        raise Absent("express-pouchdb does not start")
    return said


def _pulled(node: str, url: str, folder: Path, size: int, expected: int) -> float:
    command = [node, str(_SCRIPTS / "pouchdb_pull.cjs"), str(_FOLDER), url, str(folder / f"pulled-{size}"), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    if done.returncode != 0:
        raise Absent(f"PouchDB: {done.stderr.strip()[-200:]}")
    said = json.loads(done.stdout)
    if said["documents"] != expected:
        raise Absent(f"PouchDB brought {said['documents']} of {expected} documents")
    return expected / float(said["seconds"])
