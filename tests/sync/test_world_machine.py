"""Whatever happens, in whatever order: once it is quiet, everyone agrees."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from guichet_sync.domain.errors import InvalidInput, NotAllowed, NotFound
from guichet_sync.domain.spaces import Role
from tests.helpers.desk_world import World
from tests.helpers.world_faults import ServerPoint, WritePoint
from tests.helpers.world_people import CATEGORIES, Case, Clerk
from tests.helpers.world_stage import Stage

PEOPLE = st.sampled_from(["A", "B", "C", "TP", "ENV"])
SERVICES = st.sampled_from(sorted(CATEGORIES))
PATHS = st.sampled_from(["/v1/intents", "/v1/feed", "/v1/"])
ROLES = {
    "A": [(Role.AGENT, ""), (Role.SUPERVISOR, ""), (Role.AUTHOR, "")],
    "B": [(Role.AGENT, ""), (Role.SERVICE_EMPLOYEE, "URB")],
    "C": [(Role.CLERK, ""), (Role.SUPERVISOR, "")],
    "TP": [(Role.SERVICE_EMPLOYEE, "TP"), (Role.SERVICE_EMPLOYEE, "ENV"), (Role.CLERK, "")],
    "ENV": [(Role.SERVICE_EMPLOYEE, "ENV"), (Role.AGENT, "")],
}
WRITES = st.builds(
    WritePoint,
    st.sampled_from(["", "COMMIT", "outbox", "request", "cursor", "held", "settled"]),
    st.integers(1, 8),
    after=st.booleans(),
)
_MOST_BACKUPS = 2


class Machine(RuleBasedStateMachine):
    """A city's day. Its last sentence is in :meth:`teardown`."""

    cases = Bundle("cases")
    points = Bundle("points")

    def __init__(self, stage: Stage, folder: Path) -> None:
        super().__init__()
        self.ending = ExitStack()
        self.world: World = self.ending.enter_context(stage.world(folder))
        self.backups = 0

    @initialize(target=cases)
    def begins(self) -> Case:
        """There is a request that everyone knows."""
        case = self.world.clerk("A").captures()
        assert case is not None
        self.world.clerk("B")
        self.world.sync_all()
        return case

    @rule(target=cases, name=PEOPLE, service=SERVICES, anonymous=st.booleans())
    def captures(self, name: str, service: str, *, anonymous: bool) -> object:
        """A new request, if this person's role takes any."""
        case = None
        with _said_no():
            case = self.world.clerk(name).captures(service, anonymous=anonymous)
        return multiple() if case is None else case

    @rule(name=PEOPLE)
    def answers(self, name: str) -> None:
        """A fiche answered somebody."""
        with _said_no():
            self.world.clerk(name).answers()

    @rule(name=PEOPLE, case=cases, act=st.sampled_from([Clerk.joins, Clerk.notes, Clerk.edits, Clerk.closes, Clerk.reopens]))
    def follows_up(self, name: str, case: Case, act: Callable[[Clerk, Case], None]) -> None:
        """Something about a request that they see."""
        clerk = self.world.clerk(name)
        if clerk.sees(case):
            with _said_no():
                act(clerk, case)

    @rule(name=PEOPLE, case=cases, service=SERVICES)
    def transfers(self, name: str, case: Case, service: str) -> None:
        """A request that they see goes to another service."""
        clerk = self.world.clerk(name)
        if clerk.sees(case):
            with _said_no():
                clerk.transfers(case, service)

    @rule(name=PEOPLE, case=cases, accept=st.booleans())
    def decides(self, name: str, case: Case, *, accept: bool) -> None:
        """A proposal that they see is decided."""
        clerk = self.world.clerk(name)
        if (seen := clerk.sees(case)) and seen.request.proposals:
            with _said_no():
                clerk.decides(case, accept=accept)

    @rule(name=PEOPLE, back=st.integers(0, 3))
    def undoes(self, name: str, back: int) -> None:
        """One of the last things they did is undone."""
        clerk = self.world.clerk(name)
        if back < len(clerk.deeds):
            with _said_no():
                clerk.undoes(clerk.deeds[-1 - back])

    @rule(name=PEOPLE)
    def syncs(self, name: str) -> None:
        """One exchange, as far as it gets."""
        self.world.clerk(name).syncs()

    @rule(name=PEOPLE, events=st.integers(0, 4))
    def is_stopped(self, name: str, events: int) -> None:
        """One exchange, stopped after so many looks at whether it should."""
        looks = count()
        self.world.clerk(name).syncs(lambda: next(looks) >= events)

    @rule(path=PATHS)
    def loses(self, path: str) -> None:
        """A reply gets lost."""
        self.world.lose_next_reply(path)

    @rule(path=PATHS, size=st.sampled_from([1, 20, 300, 2_000, 50_000]))
    def is_cut(self, path: str, size: int) -> None:
        """A reply is cut."""
        self.world.cut_after(size, path)

    @rule(path=PATHS, status=st.sampled_from([429, 500, 502, 503]), times=st.integers(1, 3))
    def fails(self, path: str, status: int, times: int) -> None:
        """The server fails."""
        self.world.fail_with(status, path, times)

    @rule(name=PEOPLE, point=WRITES)
    def dies(self, name: str, point: WritePoint) -> None:
        """A post's power goes at one of its next writes."""
        self.world.clerk(name).dies_at(point)

    @rule(name=PEOPLE, hours=st.sampled_from([-30, -1, 1, 30]))
    def is_wrong(self, name: str, hours: int) -> None:
        """A post's clock jumps."""
        self.world.clerk(name).waits(hours)

    @rule(name=PEOPLE, which=st.integers(0, 2))
    def changes_role(self, name: str, which: int) -> None:
        """Somebody's role changes."""
        roles = ROLES[name]
        self.world.change_role(self.world.clerk(name), *roles[which % len(roles)])

    @rule(name=st.one_of(st.none(), PEOPLE))
    def restarts(self, name: str | None) -> None:
        """A post is opened again, or the server starts again."""
        if name is None:
            self.world.restart_server()
        else:
            self.world.clerk(name).restarts()

    @rule(target=points)
    @precondition(lambda self: self.backups < _MOST_BACKUPS)
    def is_backed_up(self) -> ServerPoint:
        """A backup is taken."""
        self.backups += 1
        return self.world.server_point()

    @rule(point=consumes(points))
    def is_restored(self, point: ServerPoint) -> None:
        """The server comes back from a backup."""
        self.world.restore_server_from(point)

    def teardown(self) -> None:
        """All is well again, everyone syncs, everyone agrees."""
        with self.ending:
            self.world.faults.heal()
            for clerk in self.world.clerks.values():
                clerk.restarts()
            self.world.sync_all()
            self.world.assert_everyone_agrees()


def _said_no() -> AbstractContextManager[None]:
    """The desk may say no: to a role that serves nobody, of a closed request, of what was built upon."""
    return suppress(NotAllowed, InvalidInput, NotFound)


def run_machine(stage: Stage, folder: Path, examples: int, steps: int, *, at_random: bool = False) -> None:
    """So many days of so many steps."""
    numbers = count()
    run_state_machine_as_test(
        lambda: Machine(stage, folder / str(next(numbers))),  # type: ignore[arg-type]
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=not at_random,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink] if at_random else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_some_days(stage: Stage, tmp_path: Path) -> None:
    run_machine(stage, tmp_path, 6, 30)


@pytest.mark.full
def test_many_days(stage: Stage, tmp_path: Path) -> None:
    run_machine(stage, tmp_path, 300, 50, at_random=True)
