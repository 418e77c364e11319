"""What every run begins with, prepared once and copied: servers of the fictional city, and a post where two agents mirror it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from guichet_desktop.desk import capture, enrolment
from guichet_desktop.desk.capture import Captured
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import POST_KEY, Profile
from guichet_sync.central import cli, erasure
from guichet_sync.central.database import embedded_url, open_engine
from guichet_sync.central.demo import PASSWORD
from guichet_sync.central.snapshots import Snapshots
from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Requester
from guichet_sync.store import account, projection
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.store.keys import Key
from guichet_sync.store.post import PostStore
from tests.helpers.central import AGENT, SECOND_AGENT, CentralServer, load_city
from tests.helpers.desks import filled
from tests.helpers.posts import exchanged, new_profile

CORNER = Whereabouts(label="Angle Principale et du Moulin", lat=45.51, lon=-73.62)
AGENTS = (AGENT, SECOND_AGENT)
NOWHERE = "http://127.0.0.1:9"
"""No server answers there."""
CITY, RESTORED, ERASED = "city", "restored", "erased"
"""Servers: as the post left it; back from a backup that lacks what the post sent last; one request's people erased since."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Its folder has the data of each server and a post; ``people`` are the post's two agents by name, each with the id and key
    of their files; ``known`` is the official number of a request with a requester.
    """

    folder: Path
    post_key: Key
    people: dict[str, tuple[str, Key]]
    known: str

    @classmethod
    def prepared(cls, folder: Path) -> Stage:
        """Make it; some seconds."""
        city, profile = folder / CITY, new_profile(folder / "post")
        city.mkdir(parents=True)
        load_city(embedded_url(city))
        with CentralServer(embedded_url(city), city).running() as server:
            first, second = (enrolment.enrol(profile, server.url, user, PASSWORD) for user in AGENTS)
            with closing(first), closing(second):
                exchanged(first)
                known = _sent(first)
                exchanged(second)
                copied_data(city, folder / RESTORED)
                _sent(first)
                names = POST_KEY, first.store.person, second.store.person
        copied_data(city, folder / ERASED)
        _restored(folder / RESTORED)
        erase(folder / ERASED, known)
        post_key, *own = (_key(profile, name) for name in names)
        return cls(folder, post_key, dict(zip(AGENTS, zip(names[1:], own, strict=True), strict=True)), known)

    def setting(self, kind: str, run: Path) -> Setting:
        """A run's own copy."""
        copied_data(self.folder / kind, run / "central")
        shutil.copytree(self.folder / "post", run / "post")
        return Setting(self, ProfileFolder(run / "post"), run / "central")


@dataclass(frozen=True, slots=True)
class Setting:
    """A run's own post, and the data of its server."""

    stage: Stage
    post: ProfileFolder
    data: Path

    def desk(self, user: str = AGENT) -> Desk:
        """An agent's desk; closed by whoever asked."""
        person, key = self.stage.people[user]
        store = PostStore.open(self.post, self.stage.post_key, person, key)
        known = account.read(store)
        return Desk(store, known.person, known.enrolment, known.timezone)

    def connect(self, url: str, *agents: str) -> None:
        """From now on the server of these agents is at this address."""
        for user in agents:
            with closing(self.desk(user)) as desk:
                account.change(desk.store, server=url)

    def connected(self) -> list[str]:
        """The agents whose server is not :data:`NOWHERE`."""
        found = []
        for user in AGENTS:
            with closing(self.desk(user)) as desk:
                found += [user] if account.read(desk.store).server != NOWHERE else []
        return found


def _key(profile: Profile, name: str) -> Key:
    key = profile.keys.read(name)
    if key is None:
        raise RuntimeError("a key is missing")
    return key


def captured(desk: Desk, words: str = "Un trou", *, named: bool = True) -> Captured:
    """A request is saved at the desk."""
    somebody = Requester("Solange Canari", "450 555-0142", "solange@exemple.ca") if named else None
    return capture.submit(desk, filled(desk, "NDP", {"dim": "petit"}, at=CORNER, description=words, requester=somebody))


def _sent(desk: Desk) -> str:
    """A request is saved, sent and settled; its official number."""
    number = captured(desk).provisional_number
    result = exchanged(desk)
    if result.failure is not None:
        raise result.failure
    try:
        return projection.request(desk.store, number).request.number
    except NotFound:
        raise RuntimeError("a request that was sent is not there") from None


def copied_data(data: Path, copy: Path) -> None:
    """A copy of a server's data, its database as of one instant."""
    copy.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(data / "central.db")) as held, closing(sqlite3.connect(copy / "central.db")) as made:
        held.backup(made)
    if (data / "snapshots").exists():
        shutil.copytree(data / "snapshots", copy / "snapshots")


def _restored(data: Path) -> None:
    if cli.main(["--database", embedded_url(data), "--data", str(data), "--json", "init", "--restored"]) != 0:
        raise RuntimeError("the backup is not taken")


def erase(data: Path, number: str) -> None:
    """The people of a request are erased by law; an erasure done again does what an interrupted one left."""
    engine = open_engine(embedded_url(data))
    try:
        erasure.erase(engine, Snapshots(engine, data / "snapshots"), number, "loi 25", datetime.now(UTC), texts=True)
    finally:
        engine.dispose()
