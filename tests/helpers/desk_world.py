"""Posts, their server and the network between them, in one process: each exchange is the real engine's, over real HTTP.

:class:`DeskWorld` is one post and the server. :class:`World` is a city's: it tells a story (see ``tests/sync/test_world_*``)
whose last sentence is always the same, :meth:`World.assert_everyone_agrees`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from guichet_desktop.desk import capture, enrolment
from guichet_desktop.desk.capture import Captured
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_sync.central import identity, instance
from guichet_sync.central import schema as central_schema
from guichet_sync.central.database import reading, writing
from guichet_sync.central.demo import PASSWORD
from guichet_sync.client import clock
from guichet_sync.client.clock import Moment
from guichet_sync.client.engine import Exchange, ExchangeResult
from guichet_sync.client.events import Event
from guichet_sync.client.lock import never
from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.request import RequestView, SyncState
from guichet_sync.domain.spaces import Role
from guichet_sync.store import account, outbox, projection
from guichet_sync.store.projection import RequestFilter
from tests.helpers.central import AGENT, CLERK, SECOND_AGENT, SUPERVISOR, CentralServer
from tests.helpers.desks import connected, filled
from tests.helpers.faults import Faults
from tests.helpers.posts import new_profile
from tests.helpers.world_checks import everyone_agrees
from tests.helpers.world_faults import Backups, ServerPoint
from tests.helpers.world_people import CORNER, Clerk

__all__ = ["CORNER", "DeskWorld", "World"]

_MOST_ROUNDS = 30
_PATIENCE_H = 2.0


@dataclass(slots=True, repr=False)
class DeskWorld:
    """``events`` are what the exchanges told so far; ``moment`` is the post's clock."""

    profile: Profile
    desk: Desk
    server: CentralServer
    faults: Faults
    events: list[Event] = field(default_factory=list)
    moment: Callable[[], Moment] = clock.now
    heard: Callable[[Event], None] = lambda _event: None

    def __repr__(self) -> str:
        return "DeskWorld"

    @classmethod
    @contextmanager
    def of(cls, profile: Profile, server: CentralServer, faults: Faults) -> Iterator[DeskWorld]:
        """The world of a post that was synced before; its server is at another address now."""
        connected(profile, server)
        with cls(profile, enrolment.open_desk(profile), server, faults)._closing() as world:
            yield world

    @classmethod
    @contextmanager
    def enrolled(cls, path: Path, server: CentralServer, faults: Faults, user: str = AGENT) -> Iterator[DeskWorld]:
        """The world of a post that mirrors nothing yet."""
        profile = new_profile(path)
        with cls(profile, enrolment.enrol(profile, server.url, user, PASSWORD), server, faults)._closing() as world:
            yield world

    def reopen(self, between: Callable[[], object] = lambda: None) -> None:
        """Close the post's files, let something happen to them, and open them again."""
        now = self.desk.now
        self.desk.close()
        between()
        self.desk = replace(enrolment.open_desk(self.profile), now=now)

    def exchange(self, should_stop: Callable[[], bool] = never) -> ExchangeResult:
        """One exchange."""
        with closing(Transport(account.read(self.desk.store).server)) as transport:
            return Exchange(self.desk.store, transport, self._hear, self.moment).run_once(should_stop, wait_s=0)

    def capture(self, description: str = "Un trou au coin de la rue") -> Captured:
        """Save a request at the desk."""
        return capture.submit(self.desk, filled(self.desk, "NDP", {"dim": "petit"}, at=CORNER, description=description))

    def find(self, number: str) -> RequestView | None:
        """The request of this number as the desk sees it."""
        try:
            return projection.request(self.desk.store, number)
        except NotFound:
            return None

    def seen(self, captured: Captured) -> int:
        """How many times the desk's list shows a request."""
        listed = projection.requests(self.desk.store, RequestFilter(limit=1_000)).requests
        return sum(each.id == captured.request_id for each in listed)

    def state(self, captured: Captured) -> SyncState | None:
        """Where the request is on its way."""
        found = self.find(captured.provisional_number)
        return found.sync_state if found else None

    def at_server(self, captured: Captured) -> int:
        """How many requests of this provisional number the server has."""
        table = central_schema.record
        with reading(self.server.engine) as connection:
            return connection.execute(
                select(func.count()).where(table.c.kind == "request", table.c.body.contains(captured.provisional_number))
            ).scalar_one()

    def told(self, kind: type[Event]) -> list[Event]:
        """The events of one kind so far."""
        return [each for each in self.events if isinstance(each, kind)]

    @contextmanager
    def _closing(self) -> Iterator[DeskWorld]:
        try:
            yield self
        finally:
            self.desk.close()

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        self.heard(event)


USERS = {"A": AGENT, "B": SECOND_AGENT, "C": CLERK, "ENV": "nroy", "TP": "pbouchard", "URB": "jpelletier", "S": SUPERVISOR}
"""Who sits where: two agents, a clerk, an employee of each of three services, a supervisor."""


@dataclass(slots=True, repr=False)
class World:
    """Several posts and a real server. ``known`` are profiles of people who were enrolled with this server before: they begin
    with what they had mirrored; anybody else enrols when first named.
    """

    folder: Path
    server: CentralServer
    faults: Faults
    backups: Backups
    known: Callable[[str, Path], Profile | None] = lambda _user, _path: None
    clerks: dict[str, Clerk] = field(default_factory=dict)
    words: count[int] = field(default_factory=count)

    def __repr__(self) -> str:
        return "World"

    def clerk(self, name: str) -> Clerk:
        """Who sits at this post."""
        if name not in self.clerks:
            post = self._post(USERS[name], self.folder / name)
            self.clerks[name] = Clerk(name, post, self.words)
        return self.clerks[name]

    def lose_next_reply(self, path: str = "/v1/intents") -> None:
        """The next request of this path is done, to its commit; its reply never arrives."""
        self.faults.lose_next_reply(path)

    def cut_after(self, size: int, path: str = "/v1/feed") -> None:
        """The connection breaks after so many bytes of the next reply."""
        self.faults.cut_next_reply(path, size)

    def fail_with(self, status: int, path: str = "/v1/", times: int = 1) -> None:
        """The next requests get this status, and a proxy's page."""
        self.faults.refuse_next(path, status, times=times)

    def restart_server(self) -> None:
        """The server stops and starts again."""
        self.server.stop()
        self.server.start()

    def server_point(self) -> ServerPoint:
        """A backup of the server as of now."""
        return self.backups.point()

    def restore_server_from(self, point: ServerPoint) -> None:
        """The server comes back as it was then; what happened since is unknown to it."""
        self.backups.restore(point)

    def change_role(self, clerk: Clerk, role: Role, service: str = "") -> None:
        """From now on this person does something else for the city."""
        with writing(self.server.engine) as connection:
            tenant = instance.read(connection).tenant
            identity.change_role(connection, tenant, clerk.desk.person.name, role, service)

    def sync_all(self) -> None:
        """Everyone syncs until there is nothing left to say; what was put off becomes due."""
        for _ in range(_MOST_ROUNDS):
            results = [(clerk, clerk.syncs()) for clerk in self.clerks.values()]
            assert not [each for each in results if each[1] is None or each[1].failure], results
            moved = any(result and (result.sent or result.received) for _, result in results)
            late = [clerk for clerk in self.clerks.values() if outbox.counts(clerk.desk.store).pending]
            for clerk in late:
                clerk.waits(_PATIENCE_H)
            if not (moved or any(map(_is_due, late))):
                return
        raise AssertionError([(clerk, outbox.items(clerk.desk.store)) for clerk in self.clerks.values()])

    def assert_everyone_agrees(self) -> None:
        """Every post equals the server's view for its role, and everything that was done took effect exactly once."""
        for clerk in self.clerks.values():
            clerk.restarts()
        everyone_agrees(self.server.engine, self.clerks.values())

    def close(self) -> None:
        """Everyone leaves."""
        for clerk in self.clerks.values():
            clerk.desk.close()
        self.server.engine.dispose()
        self.backups.close()

    def _post(self, user: str, path: Path) -> DeskWorld:
        profile = self.known(user, path)
        if profile is None:
            profile = new_profile(path)
            return DeskWorld(profile, enrolment.enrol(profile, self.server.url, user, PASSWORD), self.server, self.faults)
        connected(profile, self.server)
        return DeskWorld(profile, enrolment.open_desk(profile), self.server, self.faults)


def _is_due(clerk: Clerk) -> bool:
    """Whether something waits here for more than the failure of what it rests on."""
    rows = outbox.unsettled(clerk.desk.store)
    failed = {intent.lane for intent, item in rows if item.state in (SyncState.REFUSED, SyncState.QUARANTINED)}
    return any(intent.lane not in failed for intent, _ in rows)
