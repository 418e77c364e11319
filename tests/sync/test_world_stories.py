from __future__ import annotations

from guichet_sync.domain.request import RequestStatus, SyncState
from guichet_sync.domain.spaces import Role
from guichet_sync.store import outbox
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


def test_what_is_sent_to_a_restored_server_stays_in_sight_until_its_new_history_is_read(town: World) -> None:
    clerk, point = town.clerk("A"), town.server_point()
    lost = [clerk.captures() for _ in range(3)]
    town.sync_all()
    town.restore_server_from(point)
    new = clerk.captures()
    assert new is not None
    town.fail_with(503, "/v1/feed", times=9)
    clerk.syncs()
    seen = clerk.sees(new)
    assert seen is not None
    assert seen.sync_state is SyncState.ACCEPTED
    town.faults.heal()
    town.sync_all()
    assert all(each is not None and clerk.sees(each) for each in (*lost, new))
    town.assert_everyone_agrees()


def test_a_post_that_lost_its_mirrors_too_still_gives_a_restored_server_what_it_lost(town: World) -> None:
    clerk, point = town.clerk("A"), town.server_point()
    lost = clerk.captures()
    town.sync_all()
    town.restore_server_from(point)
    mirrors = (clerk.desk.store.folder.public, clerk.desk.store.own.people)

    def lost_too() -> None:
        for each in mirrors:
            each.unlink()

    clerk.post.reopen(lost_too)
    town.sync_all()
    assert lost is not None
    seen = clerk.sees(lost)
    assert seen is not None
    assert seen.sync_state is SyncState.SETTLED
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


def test_a_transfer_takes_a_request_and_its_people_out_of_one_service_and_into_another(town: World) -> None:
    agent, roads, green = town.clerk("A"), town.clerk("TP"), town.clerk("ENV")
    case = agent.captures("TP")
    assert case is not None
    town.sync_all()
    assert (roads.sees(case) is not None, green.sees(case)) == (True, None)
    roads.transfers(case, "ENV")
    town.lose_next_reply()
    roads.syncs()
    town.sync_all()
    assert (roads.sees(case), green.sees(case) is not None) == (None, True)
    assert agent.sees(case) is not None
    town.assert_everyone_agrees()


def test_who_is_given_another_role_keeps_no_word_of_what_they_read_before(town: World) -> None:
    agent, changing = town.clerk("A"), town.clerk("B")
    for service in ("TP", "URB", "SEC"):
        agent.captures(service)
    town.sync_all()
    town.change_role(changing, Role.SERVICE_EMPLOYEE, "ENV")
    town.sync_all()
    town.assert_everyone_agrees()
    town.change_role(changing, Role.AGENT)
    town.sync_all()
    town.assert_everyone_agrees()


def test_two_edits_that_cross_leave_one_value_and_one_proposal_for_both(town: World) -> None:
    first, second = town.clerk("A"), town.clerk("B")
    case = first.captures()
    assert case is not None
    town.sync_all()
    first.edits(case)
    second.edits(case)
    town.sync_all()
    for clerk in (first, second):
        seen = clerk.sees(case)
        assert seen is not None
        assert len(seen.request.proposals) == 1
    second.decides(case, accept=True)
    town.sync_all()
    town.assert_everyone_agrees()


def test_what_was_noted_joined_closed_and_undone_before_a_backup_was_restored_is_all_there_after(town: World) -> None:
    agent, clerk = town.clerk("A"), town.clerk("C")
    case = agent.captures()
    assert case is not None
    town.sync_all()
    point = town.server_point()
    agent.notes(case)
    clerk.joins(case)
    clerk.notes(case)
    town.sync_all()
    clerk.undoes(clerk.deeds[-1])
    agent.closes(case)
    town.sync_all()
    town.restore_server_from(point)
    town.sync_all()
    town.assert_everyone_agrees()
    seen = agent.sees(case)
    assert seen is not None
    assert seen.request.status is RequestStatus.DONE
    # Whoever comes back first is heard first: to join what is closed meanwhile is then refused, and its author's task.
    refused = [item.last_error for _, item in outbox.unsettled(clerk.desk.store)]
    assert (seen.request.requester_count, refused) in ((2, []), (1, ["request_closed"]))


def test_clocks_that_are_wrong_by_days_change_nothing_of_who_has_what(town: World) -> None:
    fast, slow = town.clerk("A"), town.clerk("B")
    fast.waits(72)
    slow.waits(-72)
    case = fast.captures()
    assert case is not None
    slow.captures("ENV")
    town.fail_with(503, "/v1/intents", times=2)
    town.cut_after(100)
    fast.syncs()
    slow.syncs()
    town.faults.heal()
    town.sync_all()
    slow.notes(case)
    town.sync_all()
    town.assert_everyone_agrees()
