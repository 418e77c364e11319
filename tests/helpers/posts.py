"""Posts of the tests: real encrypted files in a folder, enrolled with a real server."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from guichet_desktop import settings
from guichet_desktop.credentials import MemoryChain
from guichet_desktop.desk import enrolment
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_sync.central.demo import PASSWORD
from guichet_sync.client.engine import Exchange, ExchangeResult
from guichet_sync.client.transport import Transport
from guichet_sync.store import account
from guichet_sync.store.folders import ProfileFolder


def new_profile(path: Path) -> Profile:
    """An empty profile whose keys live in memory: no key derivation to wait for."""
    folder = ProfileFolder(path)
    folder.make()
    settings.change(folder.settings, post=path.name.ljust(16, "0")[:16], keys="memory")
    return Profile(folder, MemoryChain())


def enrolled(path: Path, url: str, user: str, password: str = PASSWORD) -> Desk:
    """The desk of ``user`` on a new post; nothing is mirrored yet."""
    return enrolment.enrol(new_profile(path), url, user, password)


def exchanged(desk: Desk) -> ExchangeResult:
    """One exchange of this desk with its server."""
    with closing(Transport(account.read(desk.store).server)) as transport:
        return Exchange(desk.store, transport).run_once()


def synced(path: Path, url: str, user: str) -> Desk:
    """The desk of ``user`` on a new post that mirrors all they may read."""
    desk = enrolled(path, url, user)
    result = exchanged(desk)
    assert result.failure is None, result.failure
    return desk
