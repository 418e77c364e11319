from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet_sync.domain.merging import NOTE_WITHDRAWN, STATUS_CODES, TRANSFERRED, UNDONE, Meeting, built_upon, meet
from guichet_sync.domain.request import RequestStatus, TimelineEntry

VALUES = st.sampled_from(["a", "b", "c", None, ["a"], ["a", "b"], {"id": "x"}])
CODES = st.sampled_from(["note", "joined", "edited", TRANSFERRED, "accepted", "done"])


def _timeline(*codes: str) -> list[TimelineEntry]:
    return [TimelineEntry(datetime(2026, 11, 25, tzinfo=UTC), *_split(code)) for code in codes]


def _split(code: str) -> tuple[str, str, str]:
    name, _, note = code.partition(" ")
    return name, "", note


@pytest.mark.parametrize(
    ("found", "base", "new", "meeting"),
    [
        ("a", "a", "b", Meeting.APPLIED),
        ("b", "a", "b", Meeting.NOTHING),
        ("c", "a", "b", Meeting.PROPOSED),
        ("c", "a", "a", Meeting.NOTHING),
        (None, None, "b", Meeting.APPLIED),
    ],
)
def test_the_second_of_two_edits_is_kept_beside_the_first(found: str, base: str, new: str, meeting: Meeting) -> None:
    assert meet(found, base, new) is meeting


@given(VALUES, VALUES, VALUES)
def test_no_edit_is_lost_and_none_overwrites_what_its_author_did_not_see(found: object, base: object, new: object) -> None:
    meeting = meet(found, base, new)
    after = new if meeting is Meeting.APPLIED else found
    assert found in (after, base)
    assert meeting is Meeting.PROPOSED or new in (after, base)


@given(VALUES, VALUES, VALUES)
def test_an_edit_that_came_twice_is_as_one_that_came_once(found: object, base: object, new: object) -> None:
    if meet(found, base, new) is Meeting.APPLIED:
        assert meet(new, base, new) is Meeting.NOTHING


@given(st.lists(VALUES, min_size=2, max_size=2), VALUES)
def test_in_whatever_order_two_edits_come_both_are_applied_or_one_is_seen_beside_the_other(
    news: list[object], base: object
) -> None:
    for first, second in (news, news[::-1]):
        found, kept = base, []
        for new in (first, second):
            met = meet(found, base, new)
            found = new if met is Meeting.APPLIED else found
            kept += [new] if met is Meeting.PROPOSED else []
        assert all(new in (found, base) or new in kept for new in news)


@given(st.lists(CODES), st.lists(CODES))
def test_what_was_done_since_and_undone_again_is_nothing(before: list[str], since: list[str]) -> None:
    undone = [f"{UNDONE} {code}" for code in reversed(since)]
    assert not built_upon(_timeline(*before, "captured", *since, *undone), len(before))
    assert built_upon(_timeline(*before, "captured", *since), len(before)) == bool(since)


@given(st.lists(CODES, min_size=1), st.data())
def test_one_that_is_not_undone_is_enough(since: list[str], data: st.DataObject) -> None:
    left = data.draw(st.integers(0, len(since) - 1))
    undone = [f"{UNDONE} {code}" for place, code in enumerate(since) if place != left]
    assert built_upon(_timeline("captured", *since, *undone), 0)
    assert built_upon(_timeline("captured", *since, *undone), 0, {since[left]})


def test_only_what_is_asked_for_counts() -> None:
    timeline = _timeline("captured", "transmitted", TRANSFERRED, "note", "accepted")
    assert not built_upon(timeline, 2, {TRANSFERRED})
    assert built_upon(timeline, 1, {TRANSFERRED})
    assert built_upon(timeline, 2, STATUS_CODES)
    assert not built_upon(_timeline("captured", NOTE_WITHDRAWN), 0)
    assert {str(status) for status in RequestStatus} == STATUS_CODES
