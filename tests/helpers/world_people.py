"""A person at a post, and what they do there: the sentences of a story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from guichet_desktop.desk import capture, follow_up, undoing
from guichet_desktop.desk.desk import Desk
from guichet_desktop.desk.drafts import Draft
from guichet_sync.client import clock
from guichet_sync.client.clock import Moment
from guichet_sync.client.engine import ExchangeResult
from guichet_sync.client.lock import never
from guichet_sync.domain.category import Answer, Category, Datatype
from guichet_sync.domain.intents import CreateRequest, Intent
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Request, Requester, RequestStatus, RequestView
from guichet_sync.domain.words import Language
from guichet_sync.protocol import codec
from guichet_sync.store import catalogue, outbox
from tests.helpers.desks import filled
from tests.helpers.world_faults import PowerCut, PowerSwitch, WritePoint, found_again

if TYPE_CHECKING:
    from tests.helpers.desk_world import DeskWorld

CORNER = Whereabouts(label="Angle Principale et du Moulin", lat=45.51, lon=-73.62)
CATEGORIES = {"TP": "NDP", "ENV": "HERBE", "URB": "SALUB", "SEC": "BRUIT"}
"""A category of each service; the last two keep the identity of who asks from the service."""
CANARY = "canari"
"""Words of the stories begin so, and there are no two alike: where one is found, what it stands in was read."""
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Case:
    """A request as a story speaks of it: the same for everyone."""

    id: str
    provisional_number: str
    service: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did, as it is on their disk; ``by`` is the story's name of the post."""

    by: str
    intent: Intent

    @property
    def case(self) -> Case:
        """The request that was captured by it."""
        body = codec.decode(self.intent.body, CreateRequest)
        return Case(body.request_id, body.provisional_number, body.service)


@dataclass(slots=True, eq=False)
class Seat:
    """A person's post: its power, its clock, its exchanges. ``deeds`` is what they did there and did not take back, ``skew`` how
    wrong the clock is.
    """

    name: str
    post: DeskWorld
    words: count[int]
    deeds: list[Deed] = field(default_factory=list)
    skew: timedelta = timedelta()
    _switch: PowerSwitch | None = None
    _deaths: int = 0

    def __post_init__(self) -> None:
        self.post.moment = self._moment
        self.post.desk = replace(self.post.desk, now=lambda: self._moment().at)

    def __repr__(self) -> str:
        return f"Clerk({self.name})"

    @property
    def desk(self) -> Desk:
        """Their desk, whatever was opened again since."""
        return self.post.desk

    def sees(self, case: Case) -> RequestView | None:
        """The request as it is on their screen, None where it is not."""
        return self._survives(lambda: self.post.find(case.provisional_number))

    def syncs(self, should_stop: Callable[[], bool] = never) -> ExchangeResult | None:
        """One exchange; None where the power went."""
        return self._survives(lambda: self.post.exchange(should_stop))

    def waits(self, hours: float) -> None:
        """Time passes at this post: what was put off is due."""
        self.skew += timedelta(hours=hours)

    def dies_at(self, point: WritePoint) -> None:
        """The next time the post comes to this write, its power goes."""
        self._deaths += 1
        kept: Path = self.desk.store.folder.path.with_name(f"{self.desk.store.folder.path.name}-cut-{self._deaths}")
        self._switch = PowerSwitch(self.desk.store, point, kept).armed()

    def restarts(self) -> None:
        """The post is closed and opened again."""
        self._switch = None
        self.post.reopen()

    def _waiting(self) -> list[Intent]:
        """The intents in the outbox; should the power go at this look, those that are found again."""
        rows = self._survives(lambda: outbox.unsettled(self.desk.store))
        return [intent for intent, _ in (outbox.unsettled(self.desk.store) if rows is None else rows)]

    def _does(self, act: Callable[[], object]) -> None:
        """Do it; what is on the disk afterwards is done, whether the power went or not."""
        self._survives(act)
        known = {each.intent.intent_id for each in self.deeds}
        self.deeds += [Deed(self.name, intent) for intent in self._waiting() if intent.intent_id not in known]

    def _survives(self, act: Callable[[], Done]) -> Done | None:
        try:
            return act()
        except PowerCut:
            assert self._switch is not None
            kept, self._switch = self._switch.kept, None
            self.post.reopen(lambda: found_again(self.post.profile.folder.path, kept))
            return None

    def _moment(self) -> Moment:
        now = clock.now()
        return replace(now, at=now.at + self.skew)


@dataclass(slots=True, eq=False, repr=False)
class Clerk(Seat):
    """Somebody at a post, and what they do there."""

    def captures(self, service: str = "TP", *, anonymous: bool = False) -> Case | None:
        """A request of a category of this service, with a person unless it is ``anonymous``; None where the power went before it
        was on the disk.
        """
        known = len(self.deeds)
        self._does(lambda: capture.submit(self.desk, self._form(service, anonymous=anonymous)))
        return self.deeds[-1].case if len(self.deeds) > known else None

    def answers(self, article: str = "COL-001") -> None:
        """A fiche answered somebody."""
        self._does(lambda: capture.give_answer(self.desk, article, Channel.PHONE, Language.FR))

    def joins(self, case: Case) -> None:
        """One more person asks for the same."""
        self._with(case, lambda seen: follow_up.join(self.desk, seen, Channel.PHONE, requester=self._somebody()))

    def notes(self, case: Case) -> None:
        """A note."""
        self._with(case, lambda seen: follow_up.note(self.desk, seen, self._word()))

    def edits(self, case: Case) -> None:
        """Another description in the place of the one they see."""
        self._with(case, lambda seen: follow_up.edit(self.desk, seen, {"description": self._word()}))

    def decides(self, case: Case, *, accept: bool) -> None:
        """The first proposal they see is taken over, or dropped."""
        self._with(case, lambda seen: follow_up.decide_proposal(self.desk, seen, seen.proposals[0].id, accept=accept))

    def transfers(self, case: Case, service: str) -> None:
        """The request goes to another service than the one where they see it."""
        self._with(case, lambda seen: follow_up.transfer(self.desk, seen, service))

    def closes(self, case: Case) -> None:
        """It is done."""
        self._with(case, lambda seen: follow_up.change_status(self.desk, seen, RequestStatus.DONE))

    def reopens(self, case: Case) -> None:
        """It was not done after all."""
        self._with(case, lambda seen: follow_up.change_status(self.desk, seen, RequestStatus.REOPENED))

    def undoes(self, deed: Deed) -> None:
        """What was not sent is taken back; else it is asked to be undone."""
        waits = deed.intent in self._waiting()
        self._does(lambda: undoing.undo(self.desk, deed.intent.intent_id))
        if waits and deed.intent not in self._waiting():
            self.deeds.remove(deed)

    def _with(self, case: Case, act: Callable[[Request], object]) -> None:
        """Something about a request as it is on their screen."""

        def done() -> object:
            seen = self.post.find(case.provisional_number)
            assert seen is not None, f"{self.name} does not see {case.provisional_number}"
            return act(seen.request)

        self._does(done)

    def _form(self, service: str, *, anonymous: bool) -> Draft:
        category = catalogue.category(self.desk.store, CATEGORIES[service])
        return filled(
            self.desk,
            category.code,
            _plain_answers(category),
            at=CORNER,
            description=self._word(),
            requester=None if anonymous else self._somebody(),
        )

    def _word(self) -> str:
        return f"{CANARY}{next(self.words):06d}x"

    def _somebody(self) -> Requester:
        return Requester(self._word(), "450 555-0142", "quelquun@exemple.ca")


def _plain_answers(category: Category) -> dict[str, Answer]:
    """The first answer there is to each question that needs one."""
    given: dict[str, Answer] = {}
    for question in category.questions:
        if question.required:
            value = question.values[0].key if question.values else "2026-11-24" if question.datatype is Datatype.DATETIME else "1"
            given[question.code] = (value,) if question.datatype is Datatype.MULTI else value
    return given
