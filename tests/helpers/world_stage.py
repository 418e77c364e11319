"""Where stories begin: a server of the fictional city on either engine, and people whose posts mirror it already.

Made once, copied for each story.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from guichet_desktop import settings
from guichet_desktop.credentials import MemoryChain
from guichet_desktop.desk import enrolment
from guichet_desktop.profiles import POST_KEY, Profile
from guichet_sync.central.demo import PASSWORD
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.store.keys import Key
from tests.helpers.central import CentralServer, copied_city
from tests.helpers.desk_world import USERS, World
from tests.helpers.faults import Faults
from tests.helpers.postgres import PostgresServer
from tests.helpers.posts import exchanged, new_profile
from tests.helpers.world_faults import Backups

Database = Callable[[Path], AbstractContextManager[str]]
"""The URL of a copy of a database, for as long as it is needed; a folder to put it in."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A database to copy, the folders of the posts to copy, and the keys of each."""

    database: Database
    posts: Path
    keys: dict[str, dict[str, Key]]
    postgres: PostgresServer | None = None

    @contextmanager
    def world(self, folder: Path) -> Iterator[World]:
        """A story's own world."""
        faults = Faults()
        with self.database(folder / "central") as url:
            server = CentralServer(url, folder / "central", faults.wrap)
            with server.running():
                world = World(folder, server, faults, Backups(server, folder, self.postgres), self._known)
                try:
                    yield world
                finally:
                    world.close()

    def _known(self, user: str, path: Path) -> Profile | None:
        if user not in self.keys:
            return None
        shutil.copytree(self.posts / user, path)
        return Profile(ProfileFolder(path), MemoryChain(self.keys[user]))


def prepared(url: str, database: Database, folder: Path, names: str, postgres: PostgresServer | None = None) -> Stage:
    """The stage of the city at ``url``, of which ``database`` gives copies: the people of these ``names`` are enrolled there."""
    keys: dict[str, dict[str, Key]] = {}
    with CentralServer(url, folder / "central").running() as server:
        for user in (USERS[name] for name in names.split()):
            keys[user] = _enrolled(server, user, folder / "posts" / user)
    return Stage(database, folder / "posts", keys, postgres)


def _enrolled(server: CentralServer, user: str, path: Path) -> dict[str, Key]:
    profile = new_profile(path)
    desk = enrolment.enrol(profile, server.url, user, PASSWORD)
    result = exchanged(desk)
    assert result.failure is None, result.failure
    person = desk.store.person
    desk.close()
    settings.change(profile.folder.settings, person=person)
    kept = {name: profile.keys.read(name) for name in (POST_KEY, person)}
    return {name: key for name, key in kept.items() if key}


def sqlite_stage(city: Path, folder: Path, names: str) -> Stage:
    """On the embedded engine."""
    url = copied_city(city, folder / "central")
    return prepared(url, lambda path: nullcontext(copied_city(folder / "central" / "central.db", path)), folder, names)


@contextmanager
def postgres_stage(postgres: PostgresServer, template: str, folder: Path, names: str) -> Iterator[Stage]:
    """On PostgreSQL."""
    with postgres.database(template=template) as url:
        own = url.rpartition("/")[2]
        yield prepared(url, lambda _path: postgres.database(template=own), folder, names, postgres)
