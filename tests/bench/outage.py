"""Sixty posts come back after a day without their server, each with a hundred captures: real stores and engines, one real server.

The posts live in a few processes beside the server, on the same cores. Each notices the server when its back-off of a long outage
lets it, then follows the loop of every exchange process, hints included, until it holds what all of them captured.
"""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from multiprocessing.context import SpawnContext
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import func, select

from guichet_desktop.desk import capture, enrolment
from guichet_desktop.desk.desk import Desk
from guichet_desktop.loopback import DEMO_PASSWORD
from guichet_sync.central import schema
from guichet_sync.central.database import open_engine, reading
from guichet_sync.client import clock, runner
from guichet_sync.client.auth import Tokens
from guichet_sync.client.engine import Exchange, ExchangeResult
from guichet_sync.client.hints import Hints
from guichet_sync.client.lock import never
from guichet_sync.client.pauses import LONGEST_S
from guichet_sync.client.transport import Transport
from guichet_sync.domain.location import Whereabouts
from guichet_sync.protocol import codec
from guichet_sync.store import catalogue, outbox
from tests.helpers.central import AGENT, CLERK, SECOND_AGENT
from tests.helpers.desks import filled
from tests.helpers.posts import new_profile

from .full_city import served
from .report import Row, Spread

POSTS, CAPTURES = 60, 6_000
_PROCESSES = 3
_PATIENCE_S = 1_800
_AT = Whereabouts(label="Angle Principale et du Moulin", lat=45.51, lon=-73.62)


@dataclass(frozen=True, slots=True)
class _Share:
    """The posts of one process: which ones, in which folder, how many captures each, and how many requests all end with."""

    folder: Path
    url: str
    ranks: tuple[int, ...]
    captures: int
    added: int


@dataclass(slots=True)
class Returned:
    """How it went for some posts: when each was quiet, by the wall's clock; seconds of exchanges that carried something; failures
    by reason; posts that never were quiet.
    """

    quiet_at: list[float] = field(default_factory=list)
    exchanges: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    late: int = 0

    def add(self, other: Returned) -> None:
        """Both together."""
        self.quiet_at += other.quiet_at
        self.exchanges += other.exchanges
        self.failures += other.failures
        self.late += other.late


def measure(folder: Path, scale: float) -> list[Row]:
    """Rows of the report. ``scale`` shortens the day; there are never fewer than six posts."""
    posts = max(6, round(POSTS * min(1.0, scale * 4)))
    each = max(5, round(CAPTURES * scale) // posts)
    with served(folder / "central") as city:
        city.central.start()
        try:
            returned, begun = _returned(folder, city.central.url, posts, each, city.central.stop, city.central.start)
        finally:
            city.central.stop()
        wrong = list(_found(city.database, posts * each))
    title = f"{posts} posts back after an outage, {posts * each:,} captures"
    reasons = {code: float(count) for code, count in returned.failures.items()}
    return [
        Row(f"{title}: lost or twice", len(wrong), "requests", 0),
        Row(f"{title}: posts that do not hold all", returned.late, "posts", 0),
        Row(f"{title}: time to quiet", max(returned.quiet_at, default=begun) - begun, "s", None, reasons),
        *Spread.of(returned.exchanges or [0.0]).rows(f"an exchange that carries something ({len(returned.exchanges)})"),
    ]


def _returned(
    folder: Path, url: str, posts: int, each: int, stop: Callable[[], None], start: Callable[[], None]
) -> tuple[Returned, float]:
    """What the posts tell, and when the server answered again."""
    context: SpawnContext = multiprocessing.get_context("spawn")
    ready, answers = context.Barrier(_PROCESSES + 1), context.Queue()
    ranks = [tuple(range(first, posts, _PROCESSES)) for first in range(_PROCESSES)]
    shares = [_Share(folder / f"posts-{place}", url, own, each, posts * each) for place, own in enumerate(ranks)]
    workers = [context.Process(target=_work, args=(share, ready, answers), daemon=True) for share in shares]
    for worker in workers:
        worker.start()
    ready.wait(_PATIENCE_S)  # all mirror the city
    stop()
    ready.wait(_PATIENCE_S)  # all have captured
    start()
    begun = time.time()
    ready.wait(_PATIENCE_S)
    whole = Returned()
    for _ in workers:
        whole.add(answers.get(timeout=_PATIENCE_S + 60))
    for worker in workers:
        worker.join()
    return whole, begun


def _work(share: _Share, ready: Barrier, answers: Queue[Returned]) -> None:
    """One process: its posts enrol and mirror, capture without a server, come back."""
    with ExitStack() as opened:
        desks = [opened.enter_context(closing(_synced(share, rank))) for rank in share.ranks]
        ready.wait(_PATIENCE_S)
        for desk in desks:
            for place in range(share.captures):
                capture.submit(desk, filled(desk, "NDP", {"dim": "petit"}, at=_AT, description=f"Trou {place}"))
        ready.wait(_PATIENCE_S)
        whole, lock = Returned(), threading.Lock()
        ready.wait(_PATIENCE_S)
        threads = [threading.Thread(target=_come_back, args=(share, desk, whole, lock)) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answers.put(whole)


def _synced(share: _Share, rank: int) -> Desk:
    user = (AGENT, SECOND_AGENT, CLERK)[rank % 3]
    desk = enrolment.enrol(new_profile(share.folder / f"post-{rank}"), share.url, user, DEMO_PASSWORD)
    with closing(Transport(share.url)) as transport:
        failure = Exchange(desk.store, transport).run_once().failure
    if failure is not None:
        raise failure
    return desk


def _come_back(share: _Share, desk: Desk, whole: Returned, lock: threading.Lock) -> None:
    """The loop of an exchange process, until the post holds everything."""
    before = catalogue.figures(desk.store).requests
    wake, own = runner.Wake(), Returned()
    deadline = time.monotonic() + _PATIENCE_S
    time.sleep(random.uniform(0, LONGEST_S if share.added > CAPTURES // 2 else 2))  # where its back-off is

    def done(result: ExchangeResult, seconds: float) -> None:
        if result.sent or result.received:
            own.exchanges.append(seconds)
        if result.failure is not None:
            own.failures[result.failure.code] += 1
        quiet = not outbox.counts(desk.store).pending and catalogue.figures(desk.store).requests >= before + share.added
        if quiet:
            own.quiet_at.append(time.time())
        if quiet or time.monotonic() > deadline:
            own.late += not quiet
            wake.end(lambda: None, 0)

    with closing(Transport(share.url)) as transport, closing(Transport(share.url)) as listening:
        tokens = Tokens(desk.store, listening, lambda: clock.now().at)
        hints = Hints(lambda: tokens.using(listening.hints), wake.stir)
        exchange = _Timed(desk.store, transport)
        exchange.done = done
        runner.Watch(desk.store, exchange, wake, lambda _event: None, hints).run()
    with lock:
        whole.add(own)


class _Timed(Exchange):
    """An exchange that tells ``done`` how long each took."""

    done: Callable[[ExchangeResult, float], None]

    def run_once(self, should_stop: Callable[[], bool] = never, wait_s: float = 60.0) -> ExchangeResult:
        """As every exchange."""
        begun = time.perf_counter()
        result = super().run_once(should_stop, wait_s)
        self.done(result, time.perf_counter() - begun)
        return result


def _found(database: str, captures: int) -> Iterator[str]:
    """What the database lacks or has twice."""
    engine = open_engine(database)
    record, intent = schema.record, schema.intent
    with reading(engine) as connection:
        bodies = connection.execute(select(record.c.body).where(record.c.kind == "request", record.c.body != "")).scalars()
        times = Counter(codec.decode(body, dict)["provisional_number"] for body in bodies)
        taken = connection.execute(select(func.count()).select_from(intent).where(intent.c.kind == "request.create")).scalar_one()
        sent = connection.execute(
            select(func.count()).where(schema.feed.c.intent != "", schema.feed.c.kind == "request")
        ).scalar_one()
    engine.dispose()
    yield from (f"{number} {count} times" for number, count in times.items() if number and count > 1)
    yield from ("lost" for _ in range(captures - taken))
    yield from ("put twice" for _ in range(sent - taken))
