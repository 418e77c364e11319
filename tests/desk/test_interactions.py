"""One call or visit of one person: what is done in it is one interaction at the server, and its basket tells it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from guichet_desktop.desk import capture, drafts, interactions
from guichet_desktop.desk.desk import Desk
from guichet_desktop.desk.interactions import Entry
from guichet_desktop.profiles import Profile
from guichet_sync.central import schema
from guichet_sync.domain.category import Answer
from guichet_sync.domain.intents import CreateRequest, IntentKind, RecordAnswer
from guichet_sync.domain.interaction import Outcome
from guichet_sync.domain.request import Channel
from guichet_sync.domain.words import Language
from guichet_sync.protocol import codec
from guichet_sync.store import outbox
from tests.helpers.central import CentralServer
from tests.helpers.desks import Clock, SyncedPost, at_desk, connected, filled
from tests.helpers.posts import exchanged

POTHOLE: dict[str, Answer] = {"dim": "gros"}


def _interactions_sent(server: CentralServer) -> dict[str, str]:
    """The interaction of each intent that reached the server, by kind."""
    with server.engine.connect() as connection:
        rows = connection.execute(select(schema.intent.c.kind, schema.intent.c.body)).all()
    shapes: dict[str, type[CreateRequest | RecordAnswer]] = {
        IntentKind.CREATE_REQUEST: CreateRequest,
        IntentKind.RECORD_ANSWER: RecordAnswer,
    }
    return {kind: codec.decode(body, shapes[kind]).interaction_id for kind, body in rows}


def test_it_begins_now_by_its_channel_with_an_empty_basket(desk: Desk, clock: Clock) -> None:
    now = interactions.begin(desk, Channel.COUNTER)
    assert (now.channel, now.started_at, now.entries) == (Channel.COUNTER, clock.at, ())
    assert interactions.begin(desk, Channel.COUNTER).id != now.id


def test_one_may_begin_under_the_id_that_a_form_has_already(desk: Desk) -> None:
    assert interactions.begin(desk, Channel.PHONE, "of the form").id == "of the form"


def test_the_basket_tells_what_was_done_in_its_order_and_forgets_what_was_undone(desk: Desk, clock: Clock) -> None:
    empty = interactions.begin(desk, Channel.PHONE)
    answered = Entry("intent-1", Outcome.ANSWERED, "Bac brun", clock.at)
    created = Entry("intent-2", Outcome.REQUEST_CREATED, "NDP", clock.at + timedelta(minutes=2), "A01-0001-T")
    both = empty.with_entry(answered).with_entry(created)
    assert both.entries == (answered, created)
    assert both.without("intent-1").entries == (created,)
    assert both.without("no such intent") == both
    assert both.without("intent-1").without("intent-2") == empty


def test_an_answer_and_a_request_of_one_person_are_one_interaction_at_the_server(
    profile: Profile, synced_post: SyncedPost, tmp_path: Path
) -> None:
    with synced_post.server(tmp_path / "central") as server:
        connected(profile, server)
        with closing(at_desk(profile, Clock())) as desk:
            now = interactions.begin(desk, Channel.COUNTER)
            given = capture.give_answer(desk, "COL-001", now.channel, Language.FR, now.id)
            of_it = drafts.new(desk, now.channel, now.id).interaction_id
            form = replace(filled(desk, "NDP", POTHOLE, at="A00010"), interaction_id=of_it)
            capture.submit(desk, form)
            assert given.interaction_id == now.id
            assert exchanged(desk).accepted == 2
        assert _interactions_sent(server) == {IntentKind.CREATE_REQUEST: now.id, IntentKind.RECORD_ANSWER: now.id}


def test_without_an_interaction_each_is_one_of_its_own(desk: Desk, clock: Clock) -> None:
    first, second = (capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR) for _ in range(2))
    sent = [codec.decode(each.body, RecordAnswer).interaction_id for each in outbox.to_send(desk.store, clock.at)]
    assert sorted(sent) == sorted((first.interaction_id, second.interaction_id))
    assert len({*sent, *(drafts.new(desk, Channel.PHONE).interaction_id for _ in range(2))}) == 4


def test_an_empty_form_of_an_interaction_is_blank_and_leaves_nothing_behind(desk: Desk) -> None:
    empty = drafts.new(desk, Channel.PHONE, interactions.begin(desk, Channel.PHONE).id)
    assert empty.is_blank()
    assert drafts.save(desk, empty) == empty
    assert drafts.waiting(desk) == ()
