"""What waits on a post without a network goes to another one in a file that nobody can read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from guichet_sync.central.demo import PASSWORD
from tests.ctl.programs import Ctl
from tests.helpers.central import SECOND_AGENT
from tests.helpers.desks import SyncedPost

CAPTURE = {
    "channel": "phone",
    "category": "NDP",
    "location": {"lat": 46.05, "lon": -72.95},
    "answers": {"dim": "gros"},
    "description": "Zygomatique au coin de la rue",
    "requester": {"name": "Solange Canari", "phone": "450 555-0142"},
}


def _captured(ctl: Ctl) -> str:
    number: str = ctl.json("capture", "-", stdin=json.dumps(CAPTURE).encode())["provisional_number"]
    return number


def test_a_file_goes_from_post_to_post_and_its_author_finds_it_done(ctl: Ctl, synced_post: SyncedPost, tmp_path: Path) -> None:
    file, other = tmp_path / "boxes", replace(ctl, profile=tmp_path / "other")
    number = _captured(ctl)
    assert ctl.json("outbox", "export", str(file)) == {"exported": 1}
    content = file.read_bytes()
    assert not [word for word in ("Zygomatique", "Canari", "555-0142", number, "mgagnon") if word.encode() in content]
    assert set(json.loads(content.splitlines()[0])) == {"format", "version", "instance"}
    assert [each["state"] for each in ctl.json("outbox", "list")["items"]] == ["sealed"]

    with synced_post.server(tmp_path / "central") as server:
        enrolled = other(
            "enrol", "--server", server.url, "--user", SECOND_AGENT, "--password-stdin", stdin=f"{PASSWORD}\n".encode()
        )
        assert enrolled.status == 0
        assert other.json("outbox", "import", str(file)) == {"imported": 1, "skipped": 0}
        assert other.json("sync")["delivered"] == 1
        assert other.json("request", number)["timeline"][0]["by"] == "M. Gagnon"
        assert other.json("outbox", "list") == {"items": []}
        assert other.json("outbox", "import", str(file))["imported"] == 1  # it is not known here what was delivered before
        assert other("sync").out.splitlines()[-1] == "1 envoi de collègue transmis"
        assert other.json("sync")["delivered"] == 0


@pytest.mark.parametrize(
    ("language", "export", "nothing", "taken", "left_out"),
    [
        ("fr", "1 envoi scellé dans ce fichier.", "Rien n’attend.", "1 envoi pris ici", "1 ligne laissée de côté."),
        ("en", "1 item sealed into this file.", "Nothing waits.", "1 item taken in here", "1 line left out."),
    ],
)
def test_it_is_said_in_both_languages(
    ctl: Ctl, tmp_path: Path, language: str, export: str, nothing: str, taken: str, left_out: str
) -> None:
    file = tmp_path / "boxes"
    assert ctl("--lang", language, "outbox", "export", str(file)).out == f"{nothing}\n"
    _captured(ctl)
    assert ctl("--lang", language, "outbox", "export", str(file)).out == f"{export}\n"
    file.write_bytes(file.read_bytes() + b"{}\n")
    said = ctl("--lang", language, "outbox", "import", str(file)).out.splitlines()
    assert said[0].startswith(taken)
    assert said[1:] == [left_out]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"autre chose", "n’est pas un envoi scellé"),
        (b'{"format":"guichet-boxes","version":1,"instance":"another"}', "pour un autre serveur"),
        (None, "ne peut pas être lu"),
    ],
)
def test_what_is_no_such_file_is_said(ctl: Ctl, tmp_path: Path, content: bytes | None, sentence: str) -> None:
    file = tmp_path / "boxes"
    if content is not None:
        file.write_bytes(content)
    done = ctl("outbox", "import", str(file))
    assert (done.status, done.out) == (1, "")
    assert sentence in done.err


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_lost(ctl: Ctl, tmp_path: Path) -> None:
    _captured(ctl)
    done = ctl("outbox", "export", str(tmp_path / "nowhere" / "boxes"))
    assert done.status == 1
    assert "ne peut pas être écrit (boxes)" in done.err
    assert len(ctl.json("outbox", "list")["items"]) == 1
