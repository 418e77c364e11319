from __future__ import annotations

from tests.helpers.desk_world import World
from tests.helpers.world_faults import after, before


def test_what_one_captures_the_others_see(town: World) -> None:
    case = town.clerk("A").captures()
    assert case is not None
    town.clerk("A").syncs()
    assert town.clerk("B").sees(case) is None
    town.clerk("B").syncs()
    assert town.clerk("B").sees(case) is not None
    town.clerk("ENV")
    town.sync_all()
    assert town.clerk("ENV").sees(case) is None
    town.assert_everyone_agrees()


def test_a_post_that_dies_at_any_write_of_a_capture_and_its_exchange_loses_nothing(town: World) -> None:
    clerk = town.clerk("A")
    for nth in range(1, 30):
        clerk.dies_at(before(nth=nth) if nth % 2 else after(nth=nth))
        clerk.captures()
        clerk.syncs()
    town.sync_all()
    town.assert_everyone_agrees()


def test_a_server_that_comes_back_from_a_backup_is_given_again_what_it_lost(town: World) -> None:
    point = town.server_point()
    town.clerk("A").captures()
    town.sync_all()
    town.restore_server_from(point)
    town.sync_all()
    town.assert_everyone_agrees()


def test_a_server_restored_twice_from_the_same_backup_is_noticed_twice(town: World) -> None:
    clerk, point = town.clerk("A"), town.server_point()
    town.sync_all()
    town.restore_server_from(point)
    clerk.captures()
    town.sync_all()
    town.restore_server_from(point)
    clerk.captures()  # goes up before the post looks: the feed is then as long as it was when the post last read it
    town.sync_all()
    town.assert_everyone_agrees()
