"""What others may carry. An exchange that could not send leaves sealed copies of what waits in the post's courier folder, and any
exchange of anybody here delivers those it finds: it can't read them, and the server takes each in under its author's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from guichet_sync.domain.errors import InvalidInput, NotFound, Unreachable
from guichet_sync.domain.intents import Intent
from guichet_sync.protocol import sealing
from guichet_sync.protocol.messages import CourierBatch, CourierReceipt, IntentOutcome, SealedItem
from guichet_sync.store import account, boxes, outbox
from guichet_sync.store.account import Account
from guichet_sync.store.boxes import MOST_BOXES, Box
from guichet_sync.store.outbox import Undelivered
from guichet_sync.store.post import PostStore

from .clock import Moment
from .push import batch_of
from .refusals import SERVER_FAILED
from .replies import check_courier

MOST_ITEMS, MOST_CHARS = 50, 1024 * 1024
BUSY = "try_later"
"""The server takes nothing more now. A box put off for another reason waits for something of its own: the others go on."""
Send = Callable[[CourierBatch], tuple[CourierReceipt, ...]]


@dataclass(slots=True)
class Courier:
    """The delivery of other people's boxes in one exchange; ``delivered`` counts those that the server has decided."""

    store: PostStore
    send: Send
    should_stop: Callable[[], bool]
    delivered: int = 0
    _passed_over: int = 0

    def run(self) -> None:
        """Deliver the boxes that are there, but this person's own, which they have just sent or will. What the server does not
        decide now stays for the next exchange of anybody.

        :raises Unreachable: the server is away, or breaks over one box after the other. :raises BadReply: it is not the protocol.
        """
        for some in _batches(others(self.store)):
            if self.should_stop() or not self._deliver(some):
                return

    def _deliver(self, some: Sequence[Box]) -> bool:
        """Whether to go on."""
        try:
            receipts = self.send(CourierBatch(tuple(SealedItem(each.name, each.box) for each in some)))
        except InvalidInput:
            return self._narrow(some)
        except Unreachable as error:
            if error.code != SERVER_FAILED:
                raise
            return self._narrow(some)
        check_courier(receipts, [each.name for each in some])
        decided = [each.id for each in receipts if each.outcome is not IntentOutcome.RETRY]
        boxes.remove(self.store.folder, decided)
        self.delivered += len(decided)
        self._passed_over = 0
        return receipts[-1].code != BUSY

    def _narrow(self, some: Sequence[Box]) -> bool:
        """The batch was not taken as a whole: try its halves. One alone is passed over; after two in a row, it is the server."""
        middle = len(some) // 2
        if middle:
            return self._deliver(some[:middle]) and self._deliver(some[middle:])
        self._passed_over += 1
        return self._passed_over < 2


def others(store: PostStore) -> Iterator[Box]:
    """The boxes of the folder that are not this person's own, each author's in its order. One by one: all of them may be more
    than fits in memory.
    """
    there = boxes.names(store.folder)
    own = {each.name for each in boxes.own(store).values()} if there else set()
    wanted = sorted(there - own)[:MOST_BOXES]
    ranked = sorted((box.rank, box.name) for box in boxes.read(store.folder, wanted))
    yield from boxes.read(store.folder, (name for _rank, name in ranked))


def _batches(some: Iterable[Box]) -> Iterator[list[Box]]:
    batch: list[Box] = []
    size = 0
    for box in some:
        if batch and (len(batch) == MOST_ITEMS or size + len(box.box) > MOST_CHARS):
            yield batch
            batch, size = [], 0
        batch.append(box)
        size += len(box.box)
    if batch:
        yield batch


def leave(store: PostStore, moment: Moment, *, unsent: bool) -> None:
    """Leave a box of each intent that the server has not answered, and no other; ``unsent``: also of those that were not tried
    yet, which never change from now on.

    :raises DiskFull: the folder can't be written.
    """
    boxed, waiting = boxes.own(store), outbox.undelivered(store)
    if not (boxed or waiting):
        return
    known = account.read(store)
    wanted = {each.intent_id: each for each in waiting if each.sealed or unsent}
    stale = [id_ for id_, box in boxed.items() if id_ not in wanted or box.to != known.sealing_key]
    boxes.drop(store, stale)
    if not known.may_seal:
        return
    room = MOST_BOXES - len(boxes.names(store.folder))
    new = [each for each in wanted.values() if each.intent_id not in boxed or each.intent_id in stale]
    for each, box in _sealed(store, known, new[: max(0, room)], moment) if new else ():
        boxes.keep(store, each.intent_id, box)


def sealed(store: PostStore, moment: Moment) -> list[Box]:
    """A box of each intent that the server has not answered; from now on they never change.

    :raises NotFound: ``no_sealing_key``: this enrolment and its server have not exchanged keys yet.
    """
    known = account.read(store)
    if not known.may_seal:
        raise NotFound("no_sealing_key")
    return [box for _, box in _sealed(store, known, outbox.undelivered(store), moment)]


def _sealed(
    store: PostStore, known: Account, waiting: Sequence[Undelivered], moment: Moment
) -> Iterator[tuple[Undelivered, Box]]:
    """Their boxes, in their order. One that is too large waits for its author, and so does one of an enrolment before this one,
    whose key is gone.
    """
    outbox.seal(store, [each.intent_id for each in waiting if not each.sealed])
    intents = outbox.intents(store, [each.intent_id for each in waiting])
    for each in waiting:
        intent = intents.get(each.intent_id)
        box = _box(intent, each.rank, known, moment) if intent else None
        if box is not None:
            yield each, box


def _box(intent: Intent, rank: int, known: Account, moment: Moment) -> Box | None:
    if intent.enrolment != known.enrolment:
        return None
    data = sealing.seal(batch_of([intent], moment), known.signing_secret, known.sealing_key)
    return Box(rank, known.sealing_key, sealing.to_text(data)) if len(data) <= sealing.MAX_BOX_BYTES else None
