"""What waits is laid over the mirror until the mirror has it, whether it names it or not; then it is shown once."""

from __future__ import annotations

from datetime import timedelta

from guichet_sync.domain.category import Category, DuplicateMode, DuplicateRule
from guichet_sync.domain.intents import ChangeStatus, EditRequest, FieldEdit, JoinRequest
from guichet_sync.domain.request import Channel, RequestStatus, SyncState
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.store import outbox, projection
from guichet_sync.store.post import PostStore
from tests.helpers.stores import NOW, at, follow_up, mirrored_request, put, receive

HERE, FAR = at(46.05, -72.95), at(46.06, -72.95)
POTHOLE = Category("NDP", "TP", Bilingual("Nid-de-poule"), duplicate=DuplicateRule(50, 30, DuplicateMode.ASK))


def _askers(store: PostStore) -> int:
    return projection.request(store, "r1").request.requester_count


def test_a_change_that_came_down_is_not_laid_over_again_though_its_reply_was_lost(store: PostStore) -> None:
    receive(store, "requests/TP", [put("request", "r1", mirrored_request("r1"))])
    intent = follow_up(store, JoinRequest("r1", Channel.PHONE))
    outbox.seal(store, [intent.intent_id])
    assert _askers(store) == 1
    receive(store, "requests/TP", [put("request", "r1", mirrored_request("r1", requester_count=1), intent.intent_id)])
    assert (_askers(store), projection.request(store, "r1").sync_state) == (1, SyncState.SETTLED)


def test_a_change_whose_effect_is_read_is_not_laid_over_again_though_nothing_names_it(store: PostStore) -> None:
    receive(store, "requests/TP", [put("request", "r1", mirrored_request("r1"))])
    intent = follow_up(store, JoinRequest("r1", Channel.PHONE))
    outbox.seal(store, [intent.intent_id])
    outbox.record(store, [IntentReceipt(intent.intent_id, IntentOutcome.APPLIED, effect={"requests/TP": 2})])
    assert (_askers(store), projection.request(store, "r1").sync_state) == (1, SyncState.ACCEPTED)
    receive(store, "requests/TP", [put("request", "r1", mirrored_request("r1", requester_count=1))])
    assert (_askers(store), projection.request(store, "r1").sync_state) == (1, SyncState.SETTLED)


def test_what_is_pending_is_seen_among_similar_requests(store: PostStore) -> None:
    known = {
        "closed": mirrored_request("closed", where=HERE),
        "moved": mirrored_request("moved", where=FAR),
        "reopened": mirrored_request("reopened", where=HERE, status=RequestStatus.DONE),
    }
    receive(store, "requests/TP", [put("request", name, request) for name, request in known.items()])
    follow_up(store, ChangeStatus("closed", RequestStatus.TRANSMITTED, RequestStatus.DONE))
    follow_up(store, ChangeStatus("reopened", RequestStatus.DONE, RequestStatus.REOPENED))
    follow_up(store, EditRequest("moved", {"where": FieldEdit(codec.to_body(FAR), codec.to_body(HERE))}))
    near = projection.open_near(store, POTHOLE, HERE, NOW - timedelta(days=30))
    assert sorted(each.id for each in near) == ["moved", "reopened"]
