from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from guichet_desktop.desk import capture, shift, undoing
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_sync.central import schema
from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.intents import IntentKind, RecordAnswer
from guichet_sync.domain.interaction import Outcome
from guichet_sync.domain.request import Channel, SyncState
from guichet_sync.domain.words import Language
from guichet_sync.protocol import codec
from guichet_sync.store import outbox
from tests.helpers.central import CentralServer
from tests.helpers.desks import Clock, SyncedPost, at_desk, connected
from tests.helpers.posts import exchanged


def test_an_answer_is_counted_without_a_name_a_place_or_a_number(desk: Desk, clock: Clock) -> None:
    given = capture.give_answer(desk, "COL-001", Channel.COUNTER, Language.EN)
    (item,) = shift.outbox_items(desk)
    (intent,) = outbox.to_send(desk.store, clock.at)
    assert given.outcome is Outcome.ANSWERED
    assert (item.kind, item.number, item.label, item.author) == (IntentKind.RECORD_ANSWER, "", "COL-001", "mgagnon")
    assert intent.captured_at == clock.at
    assert codec.decode(intent.body, RecordAnswer) == RecordAnswer(
        given.interaction_id, "COL-001", Channel.COUNTER, "en", "COL-HORAIRE"
    )


def test_an_answer_from_a_fiche_nobody_has_is_not_counted(desk: Desk) -> None:
    with pytest.raises(NotFound) as unknown:
        capture.give_answer(desk, "RIEN-001", Channel.PHONE, Language.FR)
    assert unknown.value.code == "article_not_found"
    assert shift.outbox_items(desk) == ()


def test_an_answer_that_waits_is_taken_back_whole(desk: Desk) -> None:
    given = capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
    assert undoing.undo(desk, given.intent_id).withdrawn
    assert shift.outbox_items(desk) == ()
    with pytest.raises(NotFound, match="too_late_to_undo"):
        undoing.undo(desk, given.intent_id)


def test_an_answer_whose_sending_began_is_undone_by_what_follows_it(desk: Desk) -> None:
    given = capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
    failure = exchanged(desk).failure
    assert failure is not None
    assert failure.code == "unreachable"
    outbox.seal(desk.store, [given.intent_id])
    assert not undoing.undo(desk, given.intent_id).withdrawn
    states = [(each.kind, each.state) for each in shift.outbox_items(desk)]
    assert states == [(IntentKind.RECORD_ANSWER, SyncState.SEALED), (IntentKind.UNDO, SyncState.WAITING)]


def test_an_answer_reaches_the_server_once(profile: Profile, synced_post: SyncedPost, tmp_path: Path) -> None:
    with synced_post.server(tmp_path / "central") as server:
        connected(profile, server)
        with closing(at_desk(profile, Clock())) as desk:
            capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
            assert [exchanged(desk).accepted for _ in range(2)] == [1, 0]
            assert shift.outbox_items(desk) == ()
        assert answers_counted(server) == 1


def answers_counted(server: CentralServer) -> int:
    with server.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(schema.answer)).scalar_one()
