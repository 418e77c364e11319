from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from guichet_desktop.desk import capture, shift
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_sync.domain.request import Channel
from guichet_sync.domain.words import Language
from guichet_sync.store import account
from tests.helpers.desks import Clock, SyncedPost, at_desk, connected
from tests.helpers.posts import exchanged


def test_the_status_tells_what_waits_and_what_is_held(desk: Desk) -> None:
    for _ in range(2):
        capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
    found = shift.status(desk)
    assert (found.user, found.protocol, found.encrypted) == ("mgagnon", 1, True)
    assert (found.outbox.pending, found.outbox.refused, found.outbox.quarantined) == (2, 0, 0)
    assert (found.counts.articles, found.counts.categories, found.counts.requests, found.counts.addresses) == (70, 50, 42, 2785)
    assert found.bytes > 100_000
    assert [each.author for each in shift.outbox_items(desk)] == ["mgagnon"] * 2


def test_a_post_is_online_for_two_minutes_after_an_exchange_and_a_clock_set_back_pretends_nothing(
    desk: Desk, clock: Clock
) -> None:
    account.change(desk.store, last_exchange_at=clock.at)
    for passed, online in ((0, True), (119, True), (120, False), (-119, True), (-7200, False)):
        assert shift.status(
            Desk(desk.store, desk.person, "", desk.timezone, Clock(clock.at + timedelta(seconds=passed)))
        ).online is (online)


def test_a_post_that_never_exchanged_is_offline(desk: Desk) -> None:
    account.change(desk.store, last_exchange_at=None)
    found = shift.status(desk)
    assert (found.last_exchange_at, found.online) == (None, False)


def test_an_exchange_empties_what_waits(profile: Profile, synced_post: SyncedPost, tmp_path: Path) -> None:
    with synced_post.server(tmp_path / "central") as server:
        connected(profile, server)
        with closing(at_desk(profile, Clock())) as desk:
            capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR)
            exchanged(desk)
            assert shift.status(desk).outbox.pending == 0
