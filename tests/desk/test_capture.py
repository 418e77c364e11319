from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from guichet_desktop.desk import capture, drafts, lookup, shift, undoing
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_sync.domain.category import Answer, Nature
from guichet_sync.domain.errors import InvalidInput, NotAllowed
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Requester, RequestStatus, SyncState
from guichet_sync.domain.spaces import Role
from guichet_sync.domain.words import Language
from tests.helpers.desks import Clock, SyncedPost, at_desk, connected, filled
from tests.helpers.posts import exchanged

HOUSE = "A00831"
POTHOLE: dict[str, Answer] = {"dim": "moyen"}


def test_a_request_saved_without_a_network_has_a_number_at_once_and_is_there_after_a_restart(
    profile: Profile, clock: Clock
) -> None:
    with closing(at_desk(profile, clock)) as desk:
        saved = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=HOUSE, description="Devant l’entrée."))
    with closing(at_desk(profile, clock)) as again:
        found = lookup.request(again, saved.provisional_number)
    assert ProvisionalNumber.parse(saved.provisional_number).sequence == 1
    assert (found.request.status, found.sync_state) == (RequestStatus.WAITING, SyncState.WAITING)
    assert found.request.description == "Devant l’entrée."
    assert found.request.answers == POTHOLE
    assert found.request.captured_at == clock.at
    assert found.request.promised_on == date(2026, 12, 1)


def test_a_request_captured_offline_is_the_servers_once_the_network_is_back(
    profile: Profile, synced_post: SyncedPost, tmp_path: Path
) -> None:
    with synced_post.server(tmp_path / "central") as server:
        connected(profile, server)
        with closing(at_desk(profile, Clock())) as desk:
            saved = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=HOUSE))
            assert exchanged(desk).accepted == 1
            found = lookup.request(desk, saved.provisional_number.lower())
            assert lookup.request(desk, found.request.number) == found
            assert lookup.request(desk, saved.request_id) == found
    assert found.sync_state is SyncState.SETTLED
    assert found.request.promised_on == date(2026, 12, 1)


def test_saving_forgets_the_draft_and_refusing_keeps_it(desk: Desk) -> None:
    kept = drafts.save(desk, filled(desk, "NDP", at=HOUSE))
    with pytest.raises(InvalidInput) as refused:
        capture.submit(desk, kept)
    assert (refused.value.code, refused.value.field) == ("answer_needed", "answers.dim")
    assert drafts.waiting(desk) == (kept,)
    assert shift.outbox_items(desk) == ()
    saved = capture.submit(desk, replace(kept, answers=POTHOLE))
    assert drafts.waiting(desk) == ()
    assert ProvisionalNumber.parse(saved.provisional_number).sequence == 1


@pytest.mark.parametrize("said", ["gros", "Gros – risque de bris", "GROS – RISQUE DE BRIS", " Large – risk of damage ", "  gros"])
def test_an_answer_given_by_key_or_by_name_in_either_language_is_stored_as_its_key(desk: Desk, said: str) -> None:
    saved = capture.submit(desk, filled(desk, "NDP", {"dim": said}, at=HOUSE))
    assert lookup.request(desk, saved.request_id).request.answers == {"dim": "gros"}
    assert saved.preview.urgent


def test_a_single_choice_given_as_a_list_of_one_is_that_one(desk: Desk) -> None:
    saved = capture.submit(desk, filled(desk, "NDP", {"dim": ("petit", "Petit"), "voie": ()}, at=HOUSE))
    assert lookup.request(desk, saved.request_id).request.answers == {"dim": "petit"}


def test_spaces_alone_are_no_answer_no_place_and_no_requester(desk: Desk) -> None:
    blank = filled(
        desk,
        "VALVE",
        {"act": "  ", "quand": "\t", "plombier": " "},
        at=Whereabouts(label="   "),
        description=" \n ",
        requester=Requester(phone=" ", name="  "),
    )
    seen = capture.preview(desk, blank)
    assert [(each.field, each.code) for each in seen.problems] == [
        ("location", "location_needed"),
        ("answers.act", "answer_needed"),
        ("answers.quand", "answer_needed"),
        ("requester", "requester_needed"),
    ]
    assert (seen.draft.answers, seen.draft.description, seen.draft.requester) == ({}, "", None)


def test_what_was_typed_is_saved_without_the_spaces_around_it(desk: Desk) -> None:
    person = Requester(" Luce Roy ", " 450 555-0123", " luce@exemple.ca ", "en", on_behalf_of=" sa mère ")
    typed = filled(desk, "COMM", {"txt": " Merci! "}, description="  Bravo\nà tous ", requester=person)
    found = lookup.request(desk, capture.submit(desk, typed).request_id)
    assert found.request.answers == {"txt": "Merci!"}
    assert found.request.description == "Bravo\nà tous"
    assert found.requester == Requester("Luce Roy", "450 555-0123", "luce@exemple.ca", "en", on_behalf_of="sa mère")


def test_characters_that_nobody_types_are_left_out(desk: Desk) -> None:
    pasted = filled(desk, "COMM", {"txt": "a\0b\x1b"}, description="un\r\n\tdeux\x9f", requester=Requester("Roy\0", "1\x7f"))
    found = lookup.request(desk, capture.submit(desk, pasted).request_id)
    assert (found.request.answers, found.request.description) == ({"txt": "ab"}, "un\n\tdeux")
    assert found.requester == Requester("Roy", "1")


def test_an_anonymous_request_holds_no_requester(desk: Desk) -> None:
    for nobody in (None, Requester(), Requester(language="en", prefers="phone"), Requester(name="  ")):
        saved = capture.submit(desk, filled(desk, "COMM", {"txt": "Merci!"}, requester=nobody))
        assert lookup.request(desk, saved.request_id).requester is None


def test_a_category_that_needs_the_person_takes_a_telephone_or_an_email_address(desk: Desk) -> None:
    asked = {"act": "ouvrir", "quand": "2026-11-25T08:00"}
    for person, codes in (
        (None, ["requester_needed"]),
        (Requester(name="Luce Roy"), ["requester_needed"]),
        (Requester(phone="450 555-0123"), []),
        (Requester(email="luce@exemple.ca"), []),
    ):
        seen = capture.preview(desk, filled(desk, "VALVE", asked, at=HOUSE, requester=person))
        assert [each.code for each in seen.problems] == codes


@pytest.mark.parametrize(
    ("category", "answers", "urgent"),
    [
        ("NDP", {"dim": "gros"}, True),
        ("NDP", {"dim": "petit"}, False),
        ("EGOUT", {"quand": "2026-11-24T09:00"}, True),
        ("COMM", {"txt": "Merci!"}, False),
    ],
)
def test_an_answer_or_the_category_itself_makes_a_request_urgent(
    desk: Desk, category: str, answers: dict[str, str], urgent: bool
) -> None:
    saved = capture.submit(desk, filled(desk, category, answers, at=HOUSE))
    assert saved.preview.urgent is urgent
    assert lookup.request(desk, saved.request_id).request.urgent is urgent


def test_a_person_may_say_that_a_request_is_urgent(desk: Desk) -> None:
    saved = capture.submit(desk, replace(filled(desk, "NDP", POTHOLE, at=HOUSE), urgent=True))
    assert lookup.request(desk, saved.request_id).request.urgent


def test_answers_to_the_questions_of_a_category_chosen_before_stay_behind(desk: Desk) -> None:
    saved = capture.submit(desk, filled(desk, "NDP", {"dim": "petit", "surf": "Pierre"}, at=HOUSE))
    assert lookup.request(desk, saved.request_id).request.answers == {"dim": "petit"}


def test_nature_is_the_categorys_unless_the_person_chose_another(desk: Desk) -> None:
    usual = filled(desk, "BRUIT", {"src": "musique", "quand": "2026-11-24T09:00", "encours": "non"}, at=HOUSE)
    for draft, nature in ((usual, Nature.COMPLAINT), (replace(usual, nature=Nature.COMMENT), Nature.COMMENT)):
        assert lookup.request(desk, capture.submit(desk, draft).request_id).request.nature is nature


def test_numbers_follow_each_other_and_one_withdrawn_is_never_given_again(desk: Desk) -> None:
    first = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=HOUSE))
    assert undoing.undo(desk, first.intent_id).withdrawn
    second = capture.submit(desk, filled(desk, "NDP", POTHOLE, at=HOUSE))
    numbers = [ProvisionalNumber.parse(each.provisional_number) for each in (first, second)]
    assert [each.sequence for each in numbers] == [1, 2]
    assert {each.code for each in numbers} == {shift.status(desk).post}


def test_a_category_that_is_missing_or_unknown_is_refused_beside_its_field(desk: Desk) -> None:
    for category, code in (("", "category_needed"), ("RIEN", "unknown_category")):
        with pytest.raises(InvalidInput) as refused:
            capture.preview(desk, filled(desk, category))
        assert (refused.value.code, refused.value.field) == (code, "category")


def test_a_role_that_answers_nobody_captures_nothing_and_counts_no_answer(desk: Desk) -> None:
    author = replace(desk, person=replace(desk.person, role=Role.AUTHOR))
    with pytest.raises(NotAllowed):
        capture.submit(author, filled(desk, "NDP", POTHOLE, at=HOUSE))
    with pytest.raises(NotAllowed):
        capture.give_answer(author, "COL-001", Channel.PHONE, Language.FR)
    assert shift.outbox_items(desk) == ()


def test_a_request_goes_to_the_team_of_its_category_and_district_and_says_why(desk: Desk) -> None:
    south = capture.preview(desk, filled(desk, "NDP", POTHOLE, at="A00001")).routing
    assert (south.service, south.unit.code if south.unit else "", south.because) == (
        "TP",
        "TP-VOIRIE-S",
        ("category", "district"),
    )
    unlocated = capture.preview(desk, filled(desk, "NDP", POTHOLE, at=Whereabouts(label="Près du vieux pont"))).routing
    assert (unlocated.unit.code if unlocated.unit else "", unlocated.because) == ("TP-VOIRIE", ("category",))
