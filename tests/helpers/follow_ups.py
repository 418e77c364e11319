"""What a post says about a request that is known, and what the server then has: stories of requests, told by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guichet_sync.domain.intents import (
    AddNote,
    ChangeStatus,
    DecideProposal,
    EditRequest,
    FieldEdit,
    IntentKind,
    JoinRequest,
    TransferRequest,
    UndoIntent,
)
from guichet_sync.domain.request import Channel, Request, Requester, RequestStatus
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import FeedEntry, IntentEnvelope, IntentReceipt, Operation
from guichet_sync.protocol.records import RequesterOf
from tests.helpers.wire import Post


@dataclass(frozen=True, slots=True)
class Followed:
    """A request that a post has captured, and what may be said about it by any post."""

    id: str
    captured: IntentEnvelope
    receipt: IntentReceipt

    @classmethod
    def captured_by(cls, post: Post, **changes: Any) -> Followed:
        """A pothole, taken in."""
        asked = post.asked(**changes)
        sent = post.envelope(asked, IntentKind.CREATE_REQUEST)
        (receipt,) = post.send(sent)
        return cls(asked.request_id, sent, receipt)

    def join(self, post: Post, requester: Requester | None = None, description: str = "") -> IntentEnvelope:
        """One more person."""
        body = JoinRequest(self.id, Channel.COUNTER, requester=requester, description=description)
        return post.envelope(body, IntentKind.JOIN_REQUEST)

    def note(self, post: Post, text: str, *, public: bool = False) -> IntentEnvelope:
        """A note."""
        return post.envelope(AddNote(self.id, text, public), IntentKind.ADD_NOTE)

    def edit(self, post: Post, **fields: tuple[Any, Any]) -> IntentEnvelope:
        """Fields with their base and new values; ``dim`` is the answer to the question of that code."""
        named = {f"answers/{name}" if name == "dim" else name: FieldEdit(*values) for name, values in fields.items()}
        return post.envelope(EditRequest(self.id, named), IntentKind.EDIT_REQUEST)

    def transfer(self, post: Post, source: str, target: str, reason: str = "") -> IntentEnvelope:
        """From a service to another; ``SERVICE/UNIT`` names a unit."""
        (service, _, unit), (wanted, _, team) = source.partition("/"), target.partition("/")
        return post.envelope(TransferRequest(self.id, service, wanted, unit, team, reason), IntentKind.TRANSFER_REQUEST)

    def status(self, post: Post, expected: RequestStatus, status: RequestStatus, reason: str = "") -> IntentEnvelope:
        """From a status to another."""
        return post.envelope(ChangeStatus(self.id, expected, status, reason), IntentKind.CHANGE_STATUS)

    def decide(self, post: Post, proposal: str, *, accept: bool) -> IntentEnvelope:
        """A proposal is taken over or dropped."""
        return post.envelope(DecideProposal(self.id, proposal, accept), IntentKind.DECIDE_PROPOSAL)

    def seen_by(self, post: Post, service: str = "TP") -> Request:
        """The request as the feed of a service has it now."""
        *_, last = self.entries(post, f"requests/{service}")
        assert last.operation is Operation.PUT
        return codec.from_body(last.body, Request)

    def people(self, post: Post, space: str) -> dict[str, str]:
        """The names of its requesters in a space, by the rank in their id."""
        names: dict[str, str] = {}
        for entry in self.entries(post, space):
            rank = entry.id.rpartition("/")[2]
            names.pop(rank, None)
            if entry.body is not None:
                names[rank] = codec.from_body(entry.body, RequesterOf).requester.name
        return names

    def entries(self, post: Post, space: str) -> list[FeedEntry]:
        """What the feed of a space says about it."""
        return [entry for entry in post.read(space) if entry.id.partition("/")[0] == self.id]


def undo(post: Post, earlier: IntentEnvelope) -> IntentEnvelope:
    """What an intent did is to be undone."""
    return post.envelope(UndoIntent(earlier.intent_id), IntentKind.UNDO)


def codes(request: Request) -> list[str]:
    """The codes of its timeline."""
    return [entry.code for entry in request.timeline]


def said(receipt: IntentReceipt) -> str:
    """What became of an intent: its outcome, and the code where there is one."""
    return f"{receipt.outcome}: {receipt.code}" if receipt.code else receipt.outcome.value
