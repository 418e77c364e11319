"""Down: first mirrors by snapshot, then pages, until there is no news; then what is here is compared with what the server has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from guichet_sync.domain.errors import BadReply, StoreBusy
from guichet_sync.domain.spaces import is_public
from guichet_sync.protocol.messages import FeedPage, FeedReply, FeedRequest
from guichet_sync.store import account, chores, mirror, settled
from guichet_sync.store.brake import Brake

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

    def run(self) -> None:
        """Read until there is no news, and compare what is due. Stopped, what is in stays in.

        :raises AnotherServer: the server is not the one enrolled with; nothing is touched.
        :raises BadReply: what came is not the protocol; cursors stay at what was applied.
        :raises StoreBusy: what was erased is still in a file, held by a reader: nothing is asked before it is gone.
        """
        for _ in range(_MOST_ROUNDS):
            if not self._read() or compare(self.down):
                return

    def _read(self) -> bool:
        """Read until there is no news; False when it was stopped before."""
        while not self.down.should_stop():
            reply = self._ask()
            self._evict(reply.readable)
            if not reply.pages:
                return True
            if not self._take(reply.pages):
                break
        return False

    def _ask(self) -> FeedReply:
        """The next news. To ask acknowledges what was read: what was erased must be nowhere any more."""
        if not chores.run(self.down.store):
            raise StoreBusy
        asked = mirror.cursors(self.down.store)
        reply = self.down.feeds.page(FeedRequest(asked, PAGE))
        check_feed(reply, self.down.instance, asked, PAGE)
        self.poll_after_s = reply.poll_after_s
        return reply

    def _evict(self, readable: Sequence[str]) -> None:
        for space in sorted(mirror.spaces(self.down.store).difference(readable)):
            mirror.forget(self.down.store, space)
            self.down.tell(Changes(space, (), 0))

    def _take(self, pages: Sequence[FeedPage]) -> bool:
        """Take the pages of one reply in; False when it was stopped half-way. What leaves a space leaves it after the spaces that
        begin: it may be in one of them now.
        """
        for page in pages:
            if page.rewind and not self._rewind(page):
                return False
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
        for change in mirror.apply(self.down.store, plain, self._brake):
            self.down.came(change.space, change.kinds, change.records)
        self.down.meanwhile()

    def _rewind(self, page: FeedPage) -> bool:
        """The server's history is not the one we read. What it accepted in the other one is sent again; what is here is compared.
        Once: a server that says so again is not followed.
        """
        if page.space in self._rewound:
            raise BadReply("page_out_of_order", space=page.space)
        if not self._rewound:
            account.hear_of(self.down.store, page.epoch)
            settled.reopen_accepted(self.down.store)
        self._rewound.add(page.space)
        return realign(self.down, page)
