"""How this post stands: what waits, what it holds, when it last spoke with the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet_sync.domain.intents import OutboxItem
from guichet_sync.store import account, catalogue, outbox
from guichet_sync.store.catalogue import Figures
from guichet_sync.store.outbox import OutboxCounts

from .desk import Desk

ONLINE_WITHIN = timedelta(minutes=2)
"""Two minutes without a successful exchange are said."""


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a post."""

    post: str
    user: str
    server: str
    epoch: str
    protocol: int
    last_exchange_at: datetime | None
    online: bool
    outbox: OutboxCounts
    counts: Figures
    bytes: int
    encrypted: bool


def status(desk: Desk) -> Status:
    """The state of this post, as its own files tell it."""
    known = account.read(desk.store)
    last = known.last_exchange_at
    return Status(
        post=known.code,
        user=known.person.name,
        server=known.server,
        epoch=known.epoch,
        protocol=known.protocol,
        last_exchange_at=last,
        online=quiet_for(desk, last) > timedelta(0),
        outbox=outbox.counts(desk.store),
        counts=catalogue.figures(desk.store),
        bytes=desk.store.size(),
        encrypted=desk.store.is_encrypted(),
    )


def quiet_for(desk: Desk, last: datetime | None) -> timedelta:
    """How long nothing need be said yet after the ``last`` successful exchange; nothing or less where it is time to."""
    return timedelta(0) if last is None else ONLINE_WITHIN - abs(desk.now() - last)


def outbox_items(desk: Desk) -> tuple[OutboxItem, ...]:
    """All that waits, was refused or set aside, oldest first."""
    return outbox.items(desk.store, desk.person.name)
