"""An agent's post that mirrors the whole city, made once; each test works on a copy of its folder, with its own clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guichet_desktop import settings
from guichet_desktop.credentials import MemoryChain
from guichet_desktop.desk import drafts, enrolment, lookup
from guichet_desktop.desk.desk import Desk
from guichet_desktop.desk.drafts import Draft
from guichet_desktop.profiles import POST_KEY, Profile
from guichet_sync.central.demo import PASSWORD
from guichet_sync.domain.category import Answer
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Requester
from guichet_sync.store import account
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.store.keys import Key
from tests.helpers.central import AGENT, CentralServer, copied_city
from tests.helpers.posts import exchanged, new_profile

TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
"""A Tuesday of the seed's own week, at 10 h in the city."""


@dataclass(slots=True)
class Clock:
    """Now, as a test says."""

    at: datetime = TUESDAY

    def __call__(self) -> datetime:
        """Now."""
        return self.at


@dataclass(frozen=True, slots=True)
class SyncedPost:
    """The files of the post, its keys, and the database of the server it is enrolled with."""

    folder: Path
    keys: dict[str, Key]
    central: Path

    def copied(self, path: Path) -> Profile:
        """A profile that is this one's copy."""
        shutil.copytree(self.folder, path)
        return Profile(ProfileFolder(path), MemoryChain(self.keys))

    @contextmanager
    def server(self, data: Path) -> Iterator[CentralServer]:
        """The server, running on a copy of its database."""
        with CentralServer(copied_city(self.central, data), data).running() as server:
            yield server


def at_desk(profile: Profile, clock: Clock, user: str = "") -> Desk:
    """The desk of a profile, on that clock."""
    return replace(enrolment.open_desk(profile, user), now=clock)


def connected(profile: Profile, server: CentralServer) -> None:
    """From now on the post's server is at this address."""
    with closing(enrolment.open_desk(profile)) as desk:
        account.change(desk.store, server=server.url)


def filled(
    desk: Desk,
    category: str,
    answers: Mapping[str, Answer] | None = None,
    *,
    at: str | Whereabouts = Whereabouts(),
    description: str = "",
    requester: Requester | None = None,
) -> Draft:
    """A form as a person filled it; ``at`` is the id of a known place, or whereabouts."""
    where = Whereabouts.of(lookup.location(desk, at)) if isinstance(at, str) else at
    empty = drafts.new(desk, Channel.PHONE)
    return replace(
        empty, category=category, answers=dict(answers or {}), where=where, description=description, requester=requester
    )


@pytest.fixture(scope="session")
def synced_post(city: Path, tmp_path_factory: pytest.TempPathFactory) -> SyncedPost:
    """A post of the agent, synced on the fictional city."""
    folder = tmp_path_factory.mktemp("synced")
    profile = new_profile(folder / "profile")
    server = CentralServer(copied_city(city, folder / "central"), folder / "central")
    with server.running(), closing(enrolment.enrol(profile, server.url, AGENT, PASSWORD)) as desk:
        result = exchanged(desk)
        assert result.failure is None, result.failure
        person = desk.store.person
    kept = {name: profile.keys.read(name) for name in (POST_KEY, person)}
    settings.change(profile.folder.settings, person=person)
    return SyncedPost(profile.folder.path, {name: key for name, key in kept.items() if key}, folder / "central" / "central.db")


@pytest.fixture
def profile(synced_post: SyncedPost, tmp_path: Path) -> Profile:
    """A copy of the synced post's profile."""
    return synced_post.copied(tmp_path / "profile")


@pytest.fixture
def clock() -> Clock:
    """A clock at 10 h on a Tuesday."""
    return Clock()


@pytest.fixture
def desk(profile: Profile, clock: Clock) -> Iterator[Desk]:
    """The agent's desk; its server is away."""
    with closing(at_desk(profile, clock)) as opened:
        yield opened
