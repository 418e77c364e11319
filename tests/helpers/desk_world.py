"""Posts, their server and the network between them, in one process: each exchange is the real engine's, over real HTTP.

:class:`DeskWorld` is one post and the server. :class:`World` is a city's: it tells a story (see ``tests/sync/test_world_*``)
whose last sentence is always the same, :meth:`World.assert_everyone_agrees`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from guichet_desktop.desk import capture, enrolment
from guichet_desktop.desk.capture import Captured
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_sync.central import schema as central_schema
from guichet_sync.central.database import reading
from guichet_sync.central.demo import PASSWORD
from guichet_sync.client import clock
from guichet_sync.client.clock import Moment
from guichet_sync.client.engine import Exchange, ExchangeResult
from guichet_sync.client.events import Event
from guichet_sync.client.lock import never
from guichet_sync.client.transport import Transport
from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import RequestView, SyncState
from guichet_sync.store import account, projection
from guichet_sync.store.projection import RequestFilter
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.desks import connected, filled
from tests.helpers.faults import Faults
from tests.helpers.posts import new_profile

CORNER = Whereabouts(label="Angle Principale et du Moulin", lat=45.51, lon=-73.62)


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
        self.desk.close()
        between()
        self.desk = enrolment.open_desk(self.profile)

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
