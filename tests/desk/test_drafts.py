from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guichet_desktop.desk import drafts
from guichet_desktop.desk.desk import Desk
from guichet_desktop.desk.drafts import Draft
from guichet_desktop.profiles import Profile
from guichet_sync.domain.category import Nature
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Requester
from guichet_sync.protocol import codec
from tests.helpers.desks import Clock, at_desk

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
DRAFTS = st.builds(
    Draft,
    id=st.uuids().map(str),
    channel=st.sampled_from(Channel),
    category=TEXTS,
    nature=st.none() | st.sampled_from(Nature),
    where=st.builds(Whereabouts, id=TEXTS, label=TEXTS),
    answers=st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS).map(tuple)),
    description=TEXTS,
    requester=st.none() | st.builds(Requester, name=TEXTS, phone=TEXTS, email=TEXTS),
    urgent=st.booleans(),
)


def test_a_form_is_on_disk_word_for_word_and_opens_again_after_a_restart(profile: Profile, clock: Clock) -> None:
    with closing(at_desk(profile, clock)) as desk:
        typed = replace(
            drafts.new(desk, Channel.COUNTER),
            category="NDP",
            answers={"dim": " Gros ", "surf": "Pierre", "multiple": ("a", "b")},
            where=Whereabouts(label="102, rue des Éra"),
            description="  au coin\n",
            requester=Requester(phone="450 555-01"),
        )
        kept = drafts.save(desk, typed)
    with closing(at_desk(profile, clock)) as again:
        assert drafts.waiting(again) == (kept,)
    assert replace(kept, updated_at=None) == typed
    assert kept.updated_at == clock.at


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(typed=DRAFTS)
def test_whatever_is_typed_comes_back_as_typed(desk: Desk, typed: Draft) -> None:
    kept = drafts.save(desk, typed)
    assert (kept in drafts.waiting(desk)) is not typed.is_blank()
    assert codec.decode(codec.encode(kept), Draft) == kept
    drafts.discard(desk, typed.id)
    assert drafts.waiting(desk) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "NDP"},
        {"nature": Nature.COMPLAINT},
        {"where": Whereabouts(label="par là")},
        {"where": Whereabouts(lat=46.0, lon=-73.0)},
        {"answers": {"dim": "gros"}},
        {"description": "x"},
        {"requester": Requester(language="en")},
        {"urgent": True},
    ],
)
def test_anything_typed_or_chosen_is_kept_and_a_form_emptied_again_is_forgotten(desk: Desk, changes: dict[str, object]) -> None:
    empty = drafts.new(desk, Channel.PHONE)
    drafts.save(desk, replace(empty, **changes))  # type: ignore[arg-type]
    assert [each.id for each in drafts.waiting(desk)] == [empty.id]
    assert drafts.save(desk, empty) == empty
    assert drafts.waiting(desk) == ()


def test_an_empty_form_leaves_nothing_behind(desk: Desk) -> None:
    drafts.save(desk, drafts.new(desk, Channel.PHONE))
    assert drafts.waiting(desk) == ()


def test_any_number_of_forms_wait_the_last_touched_first(desk: Desk, clock: Clock) -> None:
    first, second = (replace(drafts.new(desk, Channel.PHONE), description=text) for text in "ab")
    for each in (first, second, first):
        clock.at += timedelta(seconds=1)
        drafts.save(desk, each)
    assert [each.id for each in drafts.waiting(desk)] == [first.id, second.id]
