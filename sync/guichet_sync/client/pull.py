"""Down: first mirrors by snapshot, then pages, until there is no news; then what is here is compared with what the server has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from guichet_sync.domain.errors import BadReply, StoreBusy
from guichet_sync.domain.spaces import is_public
from guichet_sync.protocol.messages import FeedPage, FeedReply, FeedRequest, Operation
from guichet_sync.store import chores, mirror, repairs, settled
from guichet_sync.store.brake import Brake
from guichet_sync.store.mirror import Standing

from .beginning import begin
from .comparing import compare, realign
from .down import Down
from .events import Changes
from .replies import check_feed

PAGE = 500
_MOST_ROUNDS = 3


@dataclass(slots=True)
class Pull:
    """One exchange's pull. ``poll_after_s`` is when the server wants to be asked again."""

    down: Down
    poll_after_s: float | None = None
    _brake: Brake = field(default_factory=Brake)
    _rewound: set[str] = field(default_factory=set)
    _standing: Standing | None = None
    _sent: bool = False

    def standing(self) -> Standing:
        """How the mirrors stand. The exchange alone writes them: what was read holds until it does."""
        if self._standing is None:
            self._standing = mirror.standing(self.down.store)
        return self._standing

    def run(self) -> None:
        """Read until there is no news, and compare what is due. Stopped, what is in stays in.

        :raises AnotherServer: the server is not the one enrolled with; nothing is touched.
        :raises BadReply: what came is not the protocol; cursors stay at what was applied.
        :raises StoreBusy: what was erased is still in a file, held by a reader: nothing is asked before it is gone.
        """
        for _ in range(_MOST_ROUNDS):
            if not self._read():
                return
            due = repairs.due(self.down.store, self.down.now(), self.standing())
            if due:
                self._standing = None
            if compare(self.down, due):
                return

    def _read(self) -> bool:
        """Read until there is no news; False when it was stopped before."""
        while not self.down.should_stop():
            reply = self._ask()
            self._evict(reply.readable)
            if not reply.pages:
                return True
            self._standing = None
            if not self._take(reply.pages):
                break
            if self._is_end(reply):
                return True
        return False

    def _is_end(self, reply: FeedReply) -> bool:
        """Whether nothing is worth another question: all is read page by page, nothing was sent meanwhile whose effect could
        come, and nothing went, which the server waits to hear of.
        """
        plain = not any(page.rewind or page.snapshot for page in reply.pages)
        gone = any(entry.operation is not Operation.PUT for page in reply.pages for entry in page.entries)
        sent, self._sent = self._sent, False
        return reply.complete and plain and not gone and not sent and not reply.removal_reason

    def _ask(self) -> FeedReply:
        """The next news. To ask acknowledges what was read: what was erased must be nowhere any more."""
        if self.standing().chores:
            self._standing = None
            if not chores.run(self.down.store):
                raise StoreBusy
        asked = self.standing().cursors
        reply = self.down.feeds.page(FeedRequest(asked, PAGE))
        check_feed(reply, self.down.instance, asked, PAGE)
        self.poll_after_s = reply.poll_after_s
        if {cursor.epoch for cursor in asked} != {reply.epoch}:  # also where nothing is left here that could be of another one
            settled.hear_of(self.down.store, reply.epoch)
        return reply

    def _evict(self, readable: Sequence[str]) -> None:
        for space in sorted(self.standing().spaces.difference(readable)):
            self._standing = None
            mirror.forget(self.down.store, space)
            self.down.tell(Changes(space, (), 0))

    def _take(self, pages: Sequence[FeedPage]) -> bool:
        """Take the pages of one reply in; False when it was stopped half-way. What leaves a space leaves it after the spaces that
        begin: it may be in one of them now.
        """
        for page in pages:
            if page.rewind and not self._rewind(page):
                return False
        if any(page.rewind for page in pages):
            self._send()
        public = [page for page in pages if is_public(page.space)]
        people = [page for page in pages if not is_public(page.space)]
        self._apply(public)
        for page in (*public, *people):
            if page.snapshot and not begin(self.down, page):
                return False
        self._apply(people)
        return True

    def _apply(self, pages: Sequence[FeedPage]) -> None:
        plain = [page for page in pages if not (page.rewind or page.snapshot)]
        if not plain:
            return
        for change in mirror.apply(self.down.store, plain, self._brake):
            self.down.came(change.space, change.kinds, change.records)
        self._send()

    def _send(self) -> None:
        self._sent = self.down.meanwhile() or self._sent

    def _rewind(self, page: FeedPage) -> bool:
        """The server's history is not the one we read. What it accepted in the other one is sent again; what is here is compared.
        Once: a server that says so again is not followed.
        """
        if page.space in self._rewound:
            raise BadReply("page_out_of_order", space=page.space)
        ours = {cursor.space: cursor.epoch for cursor in self.standing().cursors}
        if not self._rewound and ours.get(page.space) == page.epoch:  # it lost a part of its history, and nobody told
            settled.reopen_accepted(self.down.store)
        self._rewound.add(page.space)
        self._standing = None
        return realign(self.down, page)
