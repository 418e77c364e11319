"""A million intents into the server's own intake, 30 % of the answers lost and double senders: each takes effect exactly once.

Several processes, each with threads that are posts. A post sends a batch until an answer reaches it; now and then a second sender
brings the same batch at the same moment. What was answered is looked at even where it counts as lost.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select
from uuid_utils import uuid7

from guichet_sync.central import identity, instance, intake, schema
from guichet_sync.central.database import open_engine, reading, writing
from guichet_sync.central.identity import Caller
from guichet_sync.central.instance import Instance
from guichet_sync.domain.category import Nature
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.intents import CreateRequest, IntentKind, RecordAnswer
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Requester
from guichet_sync.domain.spaces import Role
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import EnrolmentRequest, IntentBatch, IntentEnvelope, IntentOutcome, IntentReceipt, Person
from tests.helpers.central import AGENT

from .full_city import served
from .report import Row

INTENTS = 1_000_000
_PROCESSES, _THREADS, _BATCH = 2, 8, 50
_LOST, _DOUBLED, _ANSWERS, _NAMED = 0.3, 0.25, 0.25, 0.3
_AGENT = Person(AGENT, "M. Gagnon", Role.AGENT)


@dataclass(slots=True)
class Sent:
    """What one process sent: answers by outcome, creations among its intents, sends in all, and what was not as promised."""

    outcomes: Counter[str] = field(default_factory=Counter)
    intents: int = 0
    creations: int = 0
    sends: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Sent) -> None:
        """Both together."""
        self.outcomes += other.outcomes
        self.intents += other.intents
        self.creations += other.creations
        self.sends += other.sends
        self.wrong += other.wrong


def measure(folder: Path, scale: float) -> list[Row]:
    """Rows of the report. ``scale`` shortens the million."""
    wanted = max(_PROCESSES * _THREADS * _BATCH, round(INTENTS * scale))
    with served(folder) as city:
        if city.engine != "PostgreSQL":
            sys.stdout.write("a million intents: PostgreSQL is not installed, and one writer at a time would prove nothing\n")
            return []
        begun = time.perf_counter()
        sent = _sent_by_all(city.database, wanted)
        seconds = time.perf_counter() - begun
        wrong = [*sent.wrong, *_found(city.database, sent)]
    for each in wrong[:20]:
        sys.stdout.write(f"NOT AS PROMISED: {each}\n")
    title = f"{sent.intents:,} intents, 30 % of the answers lost, {sent.sends:,} batches sent"
    return [
        Row(f"{title}: lost, doubled or differing", len(wrong), "intents", 0),
        Row("intents taken in", sent.intents / seconds, "/s"),
        Row("intents answered, repetitions included", sum(sent.outcomes.values()) / seconds, "/s"),
        Row("all of them", seconds, "s"),
    ]


def _sent_by_all(database: str, wanted: int) -> Sent:
    whole = Sent()
    share = wanted // _PROCESSES
    with ProcessPoolExecutor(_PROCESSES, mp_context=multiprocessing.get_context("spawn")) as processes:
        for sent in processes.map(_sent_by_process, [database] * _PROCESSES, [share] * _PROCESSES, range(_PROCESSES)):
            whole.add(sent)
    return whole


def _sent_by_process(database: str, wanted: int, seed: int) -> Sent:
    engine = open_engine(database)
    whole = Sent()
    with reading(engine) as connection:
        here = instance.read(connection)
    try:
        with ThreadPoolExecutor(_THREADS) as posts, ThreadPoolExecutor(_THREADS) as doubles:
            made = [_Post(engine, here, doubles, random.Random(seed * 1_000 + place)) for place in range(_THREADS)]
            for sent in posts.map(_Post.send, made, [wanted // _THREADS] * _THREADS):
                whole.add(sent)
    finally:
        engine.dispose()
    return whole


class _Post:
    """One enrolment: it sends until it has an answer for everything."""

    def __init__(self, engine: Engine, here: Instance, doubles: ThreadPoolExecutor, chance: random.Random) -> None:
        self._engine, self._here, self._doubles, self._chance = engine, here, doubles, chance
        with writing(engine) as connection:
            asked = EnrolmentRequest(AGENT, "", f"{chance.getrandbits(64):016x}", "Comptoir", 1, 1)
            new = identity.enrol(connection, here.tenant, asked)
        self._caller, self._code, self._given = Caller(_AGENT, new.id), new.code, 0
        self._sent = Sent()

    def send(self, wanted: int) -> Sent:
        """Send so many intents, batch by batch."""
        while self._sent.intents < wanted:
            self._batch([self._intent() for _ in range(min(_BATCH, wanted - self._sent.intents))])
        return self._sent

    def _batch(self, envelopes: Sequence[IntentEnvelope]) -> None:
        batch = IntentBatch(tuple(envelopes), datetime.now(UTC))
        told: dict[str, list[IntentReceipt]] = {each.intent_id: [] for each in envelopes}
        arrived = False
        while not arrived:
            twice = self._chance.random() < _DOUBLED
            other = self._doubles.submit(self._taken_in, batch) if twice else None
            answers = [self._taken_in(batch), *([other.result()] if other else [])]
            for receipt in (receipt for each in answers for receipt in each):
                told[receipt.intent_id].append(receipt)
            decided = not any(receipt.outcome is IntentOutcome.RETRY for receipt in answers[0])
            arrived = decided and self._chance.random() >= _LOST
            self._sent.sends += len(answers)
        self._sent.intents += len(envelopes)
        self._judge(told)

    def _taken_in(self, batch: IntentBatch) -> tuple[IntentReceipt, ...]:
        return intake.take_in(self._engine, self._here, self._caller, batch, lambda: datetime.now(UTC))

    def _judge(self, told: dict[str, list[IntentReceipt]]) -> None:
        """Applied once, called a duplicate from then on, always under the same number."""
        for intent, receipts in told.items():
            outcomes = Counter(each.outcome for each in receipts)
            self._sent.outcomes.update(each.value for each in outcomes.elements())
            numbers = {each.number for each in receipts if each.outcome is not IntentOutcome.RETRY}
            others = outcomes.keys() - {IntentOutcome.APPLIED, IntentOutcome.DUPLICATE, IntentOutcome.RETRY}
            if outcomes[IntentOutcome.APPLIED] != 1 or len(numbers) != 1 or others:
                self._sent.wrong.append(f"{intent}: {dict(outcomes)} {numbers} {[each.code for each in receipts]}")

    def _intent(self) -> IntentEnvelope:
        if self._chance.random() < _ANSWERS:
            return self._sealed(RecordAnswer(str(uuid7()), "COL-001", Channel.PHONE, "fr"), IntentKind.RECORD_ANSWER, "")
        self._given += 1
        self._sent.creations += 1
        request = CreateRequest(
            request_id=str(uuid7()),
            provisional_number=str(ProvisionalNumber(self._code, self._given)),
            interaction_id=str(uuid7()),
            channel=Channel.PHONE,
            nature=Nature.REQUEST,
            category="NDP",
            service="TP",
            where=Whereabouts("", "120, rue des Ormes", 46.035, -72.989, "S1", "OUEST"),
            answers={"dim": "moyen"},
            description="Trou profond au milieu de la voie, devant l’arrêt d’autobus.",
            requester=Requester("C. Morin", "450 555-0142") if self._chance.random() < _NAMED else None,
        )
        return self._sealed(request, IntentKind.CREATE_REQUEST, request.request_id)

    def _sealed(self, body: object, kind: IntentKind, lane: str) -> IntentEnvelope:
        text = codec.encode(body)
        at = datetime.now(UTC) - timedelta(seconds=5)
        key = str(uuid7())
        return IntentEnvelope(key, self._caller.enrolment, kind, lane or key, text.decode(), codec.digest(text), at)


def _found(database: str, sent: Sent) -> Iterator[str]:
    """What the database has that it should not, or has not that it should."""
    engine = open_engine(database)
    try:
        with reading(engine) as connection:
            yield from _counts(connection, sent)
            yield from _feeds(connection)
    finally:
        engine.dispose()


def _counts(connection: Connection, sent: Sent) -> Iterator[str]:
    feed, record, number = schema.feed, schema.record, schema.number
    named = select(func.count(), func.count(feed.c.id.distinct())).where(feed.c.intent != "", feed.c.kind == "request")
    counted = select(schema.counter.c.last).where(schema.counter.c.space == schema.NUMBERS)
    ours = record.c.id.in_(select(feed.c.id).where(feed.c.intent != "", feed.c.kind == "request"))
    named_by_us = select(feed.c.id).where(feed.c.intent != "")
    questions = {
        "intents": (select(func.count()).select_from(schema.intent), sent.intents),
        "intents without a receipt": (select(func.count()).where(schema.intent.c.receipt == ""), 0),
        "answers counted": (select(func.count()).select_from(schema.answer), sent.intents - sent.creations),
        "requests": (select(func.count()).where(record.c.kind == "request", ours), sent.creations),
        "requests put twice": (select(func.count()).where(record.c.kind == "request", ours, record.c.revision != 1), 0),
        "numbers": (select(func.count()).where(number.c.request_id.in_(named_by_us)), 2 * sent.creations),
    }
    for what, (question, expected) in questions.items():
        found = connection.execute(question).scalar_one()
        if found != expected:
            yield f"{what}: {found} instead of {expected}"
    rows, distinct = connection.execute(named).one()
    if (rows, distinct) != (sent.creations, sent.creations):
        yield f"feed rows of requests: {rows}, of {distinct} requests, instead of {sent.creations}"
    if max(connection.execute(counted).scalars()) < sent.creations:
        yield "the counter of official numbers stands behind"


def _feeds(connection: Connection) -> Iterator[str]:
    """Feeds without holes."""
    feed, space = schema.feed, schema.space
    told = select(feed.c.space, func.count().label("rows"), func.max(feed.c.seq).label("last")).group_by(feed.c.space)
    heads = dict(connection.execute(select(space.c.space, space.c.head)).all())
    for row in connection.execute(told):
        if not row.rows == row.last == heads[row.space]:
            yield f"feed of {row.space}: {row.rows} rows up to {row.last}, head {heads[row.space]}"
