from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring

from guichet_desktop import settings
from guichet_desktop.credentials import SystemKeyring
from guichet_sync.central.demo import PASSWORD
from guichet_sync.domain.errors import KeyringMissing
from guichet_sync.store.folders import ProfileFolder
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.secret_service import secret_service

READ_KEY = "import keyring, sys; print(keyring.get_password('guichet', sys.argv[1]) or '')"
FORGET_KEY = "import keyring, sys; keyring.delete_password('guichet', sys.argv[1])"


@pytest.fixture
def session(own_home: Path) -> Iterator[dict[str, str]]:
    with secret_service(own_home) as environment:
        yield environment


def run(environment: dict[str, str], *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], env=environment, input=said, capture_output=True, text=True, check=False)


def guichetctl(environment: dict[str, str], profile: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return run(environment, "-m", "guichet_desktop.ctl", "--profile", str(profile), "--lang", "fr", *words, said=said)


def test_a_post_enrolled_with_the_sessions_keyring_opens_again_there_and_nowhere_else(
    session: dict[str, str], central: CentralServer, tmp_path: Path
) -> None:
    folder = ProfileFolder(tmp_path / "post")
    enrolled = guichetctl(
        session, folder.path, "enrol", "--server", central.url, "--user", AGENT, "--password-stdin", said=PASSWORD + "\n"
    )
    assert (enrolled.returncode, enrolled.stderr) == (0, "")
    assert settings.read(folder.settings).keys == "keyring"
    assert guichetctl(session, folder.path, "outbox", "list").stdout == "Rien n’attend.\n"

    (person,), post = folder.persons(), settings.read(folder.settings).post
    keys = [run(session, "-c", READ_KEY, f"{post}/{name}").stdout.strip() for name in ("post", person)]
    assert [len(key) for key in keys] == [64, 64]
    files = [path.read_bytes() for path in folder.path.rglob("*") if path.is_file()]
    assert not any(secret in content for key in keys for secret in (key.encode(), bytes.fromhex(key)) for content in files)
    assert not folder.keys.exists()

    elsewhere = {name: value for name, value in session.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    for environment in (elsewhere, elsewhere | {"GUICHET_PASSPHRASE": "une phrase"}):
        shut = guichetctl(environment, folder.path, "status")
        assert (shut.returncode, shut.stdout) == (1, "")
        assert shut.stderr.startswith("Le trousseau qui garde les clés de ce profil n’est pas disponible sur ce poste.")
    assert not folder.keys.exists()

    run(session, "-c", FORGET_KEY, f"{post}/{person}")
    lost = guichetctl(session, folder.path, "status")
    assert (lost.returncode, lost.stdout) == (1, "")
    assert lost.stderr.startswith("La clé de ce profil n’est plus dans le trousseau de ce poste (work.db).")


@pytest.mark.parametrize(
    ("story", "told"),
    [
        ("kept", ["True", "True", "True", "True"]),
        ("spoilt", ["wrong_key"]),
        ("locked_before_reading", ["keyring_missing"]),
        ("locked_before_keeping", ["keyring_missing"]),
    ],
)
def test_a_keyring_keeps_keys_by_name_and_what_is_locked_or_spoilt_is_told(
    session: dict[str, str], story: str, told: list[str]
) -> None:
    done = run(session, "-m", "tests.access.in_session", story)
    assert (done.stdout.splitlines(), done.stderr) == (told, "")


@pytest.mark.parametrize(
    "backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring", "tests.access.plain.PlainText"]
)
def test_a_keyring_that_keeps_nothing_or_keeps_it_in_the_clear_counts_as_none(backend: str) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(load_keyring(backend))
    try:
        with pytest.raises(KeyringMissing):
            SystemKeyring("post")
    finally:
        keyring.set_keyring(before)
