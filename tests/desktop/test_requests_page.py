"""The page of requests at a real desk with the fictional city, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from guichet_desktop.desk import capture
from guichet_desktop.desk.capture import Captured
from guichet_desktop.desk.desk import Desk
from guichet_desktop.tour import live, until
from guichet_desktop.widgets.listing import ListingState
from guichet_sync.client.events import Changes, Settled
from guichet_sync.domain.request import Requester
from guichet_sync.domain.words import Language
from guichet_sync.store import account
from tests.helpers.central import SUPERVISOR
from tests.helpers.desk_world import CORNER, DeskWorld
from tests.helpers.desks import Clock, SyncedPost, filled
from tests.helpers.faults import Faults
from tests.helpers.posts import synced
from tests.helpers.request_desks import AT_A_DESK, RequestDesk, request_desk
from tests.helpers.stages import Setting, problems_of, problems_of_focus
from tests.helpers.stores import ENROLMENT, open_store

pytestmark = pytest.mark.usefixtures("qapp")
NARROW = replace(AT_A_DESK, size=(900, 700))


@pytest.fixture
def seated(desk: Desk) -> Iterator[RequestDesk]:
    """The agent at the page; the city's own 42 requests are on the post."""
    with request_desk(desk) as there:
        yield there


def _captured(desk: Desk, description: str = "Trou profond devant l’arrêt", name: str = "Solange Gagnon") -> Captured:
    draft = filled(desk, "NDP", {"dim": "gros"}, at=CORNER, description=description, requester=Requester(name, "450 555-0142"))
    return capture.submit(desk, draft)


@contextmanager
def _world(synced_post: SyncedPost, path: Path) -> Iterator[DeskWorld]:
    """The synced post and its server."""
    copy = synced_post.copied(path / "profile")
    with synced_post.server(path / "central") as server, DeskWorld.of(copy, server, Faults()) as world:
        yield world


def _refreshes(seated: RequestDesk) -> None:
    seated.page.enter()
    seated.settles()


def test_the_list_says_how_many_there_are_newest_first(seated: RequestDesk) -> None:
    assert seated.page.list.count.text() == "42 requêtes"
    assert seated.numbers()[:2] == ("26-000001", "26-000002")
    line = seated.page.list.model.line(0)
    assert line is not None
    assert [cell.said for cell in line.cells] == [
        "26-000001",
        "Nid-de-poule",
        "1077, boulevard du Vieux-Moulin",
        "Transmise pour traitement",
        "23 nov. 2026",
        "—",
        "Travaux publics",
        "—",
    ]


def test_a_request_is_found_opened_read_and_left_by_keyboard_alone(seated: RequestDesk) -> None:
    page, hands = seated.page, seated.hands
    assert page.list.filters.field.hasFocus()
    hands.press("Down", "Down", "Return")
    seated.reads("26-000002")
    until(page.view.facts.hasFocus, "the request to read")
    assert page.list.isVisible() and page.view.isVisible(), "side by side in a wide window"
    hands.press("Alt+Down")
    seated.reads("26-000003")
    hands.press("Ctrl+Shift+C")
    assert QGuiApplication.clipboard().text() == "26-000003"
    assert seated.said == ["Numéro 26-000003 copié."]
    hands.press("Escape")
    assert page.list.table.hasFocus() and not page.view.isVisible()
    assert page.list.number_of_chosen() == "26-000003"
    hands.press("Escape")
    assert page.list.filters.field.hasFocus()


def test_in_a_small_window_the_request_takes_the_place_of_the_list(desk: Desk) -> None:
    with request_desk(desk, NARROW) as seated:
        seated.hands.press("Down", "Return")
        seated.reads("26-000001")
        until(lambda: seated.page.view.isVisible() and not seated.page.list.isVisible(), "the request alone")
        seated.hands.press("Escape")
        assert seated.page.list.isVisible() and not seated.page.view.isVisible()
        assert seated.page.list.table.hasFocus()


def test_arrows_show_the_next_ones_beside_the_list_and_the_hands_stay_there(seated: RequestDesk) -> None:
    seated.hands.press("Down", "Return")
    seated.reads("26-000001")
    seated.page.list.table.setFocus()
    seated.hands.press("Down", "Down")
    seated.reads("26-000003")
    assert seated.page.list.table.hasFocus()


def test_words_find_numbers_categories_and_places(seated: RequestDesk) -> None:
    seated.finds("26-000007")
    assert (seated.numbers(), seated.page.list.count.text()) == (("26-000007",), "1 requête trouvée")
    seated.finds("nid-de 1077")
    lines = [seated.page.list.model.line(row) for row in range(seated.page.list.model.rowCount())]
    assert len(lines) > 1
    assert all(line and line.cells[1].text == "Nid-de-poule" and line.cells[2].text.startswith("1077, ") for line in lines)


def test_enter_opens_the_only_one_that_is_found(seated: RequestDesk) -> None:
    seated.hands.press("Ctrl+F")
    seated.hands.type("26-000007")
    seated.hands.press("Return")
    seated.reads("26-000007")


def test_what_finds_nothing_says_how_to_show_all(seated: RequestDesk) -> None:
    seated.finds("zzz")
    listing = seated.page.list.listing
    assert listing.state is ListingState.EMPTY
    assert listing.said() == "Aucune requête ne répond à ces filtres. Pour tout montrer : Alt+T."
    seated.hands.press("Alt+T")
    seated.settles()
    assert seated.page.list.count.text() == "42 requêtes"


def test_chips_and_the_service_narrow_the_list(desk: Desk, clock: Clock) -> None:
    done = _captured(desk)
    with request_desk(desk) as seated:
        seated.hands.press("Alt+S")
        seated.settles()
        assert [number.partition(",")[0] for number in seated.numbers()] == [done.provisional_number]
        seated.hands.press("Alt+S", "Alt+R")
        seated.settles()
        assert seated.page.list.listing.state is ListingState.EMPTY
        clock.at += timedelta(days=30)
        _refreshes(seated)
        line = seated.page.list.model.line(0)
        assert line is not None and line.cells[5].said.endswith(", en retard")
        seated.hands.press("Alt+R")
        box = seated.page.list.filters.service
        box.setFocus()
        seated.hands.type("Env")
        until(lambda: seated.page.list.filters.wanted.service == "ENV", "the service")
        seated.settles()
        assert seated.page.list.count.text() == "14 requêtes trouvées"


def test_a_waiting_request_says_where_it_will_go_and_what_is_known(desk: Desk) -> None:
    done = _captured(desk)
    with request_desk(desk) as seated:
        assert seated.numbers()[0] == f"{done.provisional_number}, provisoire"
        seated.hands.press("Down", "Return")
        seated.reads(done.provisional_number)
        sheet = seated.page.view.sheet
        assert sheet is not None
        facts = dict(sheet.facts)
        assert (sheet.status, sheet.tone, sheet.urgent) == ("En attente d’envoi", "warn", "Urgente")
        assert facts["Ira à"].startswith("Travaux publics")
        assert facts["Description"] == "Trou profond devant l’arrêt"
        assert sheet.promise == "Date promise : mardi 1er décembre 2026"
        assert sheet.answers == (("Dimension", "Gros – risque de bris"),)
        assert ("Nom", "Solange Gagnon") in sheet.requester
        assert [moment.title for moment in seated.page.view.timeline.moments()] == ["Saisie", "En attente d’envoi"]


def test_a_captured_request_becomes_official_under_the_eyes_of_who_reads_it(synced_post: SyncedPost, tmp_path: Path) -> None:
    with _world(synced_post, tmp_path) as world:
        done = _captured(world.desk)
        with request_desk(world.desk) as seated:
            seated.hands.press("Down", "Return")
            seated.reads(done.provisional_number)
            assert world.exchange().failure is None
            for event in world.events:
                seated.page.hear(event)
            seated.reads("26-000043")
            until(lambda: seated.numbers()[0] == "26-000043", "the official number in the list")
            sheet = seated.page.view.sheet
            assert sheet is not None
            assert sheet.number_said == f"Numéro provisoire : {done.provisional_number}"
            assert dict(sheet.facts)["Chez"].startswith("Travaux publics")
            moments = seated.page.view.timeline.moments()
            assert [(each.title, each.detail.partition("  ·  ")[0]) for each in moments] == [
                ("Saisie", "M. Gagnon"),
                ("Transmise pour traitement", dict(sheet.facts)["Chez"].partition("  ·  ")[2]),
            ]
            assert seated.page.view.facts.hasFocus(), "the reader was left alone"
            assert seated.page.list.number_of_chosen() == "26-000043"
            seated.page.show_request(done.provisional_number)
            live()
            seated.reads("26-000043")


def test_changes_of_other_things_are_not_its_business(seated: RequestDesk) -> None:
    for space in ("kb", "places"):
        seated.page.hear(Changes(space, ("article",), 3))
    assert not seated.page._changes.isActive()
    seated.page.hear(Settled("intent", "A01-0001-C", "26-000043"))
    assert seated.page._changes.isActive()


def test_a_number_that_no_post_knows_says_what_to_do(seated: RequestDesk) -> None:
    seated.page.show_request("26-999999")
    until(seated.page.view.error.isVisible, "a sentence")
    assert seated.page.view.error.label.text().startswith("Ce poste ne connaît aucune requête de ce numéro. Vérifiez")
    until(seated.page.view.back.hasFocus, "the way back")
    seated.hands.press("Escape")
    assert not seated.page.view.isVisible()


def test_a_supervisor_learns_why_nobody_is_named(synced_post: SyncedPost, tmp_path: Path) -> None:
    with _world(synced_post, tmp_path) as world:
        _captured(world.desk)
        assert world.exchange().accepted == 1
        with closing(synced(tmp_path / "supervisor", world.server.url, SUPERVISOR)) as desk, request_desk(desk) as seated:
            seated.page.show_request("26-000043")
            seated.reads("26-000043")
            sheet = seated.page.view.sheet
            assert sheet is not None
            assert (sheet.requester, sheet.requester_said) == ((), "Votre rôle ne donne pas accès aux demandeurs.")


def test_a_list_that_cannot_be_read_says_so_and_can_be_asked_for_again(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "profile")) as store:
        nobody = Desk(store, ENROLMENT.person, ENROLMENT.enrolment, ENROLMENT.timezone)
        with request_desk(nobody) as seated:
            listing = seated.page.list.listing
            assert listing.said() == "Ce poste n’a encore aucune requête. Elles arrivent avec le prochain échange."
            seated.hands.press("Alt+S")
            until(lambda: listing.state is ListingState.ERROR, "the error")
            assert listing.said()
            account.write(store, ENROLMENT)
            seated.page.list.filters.field.setFocus()
            listing.findChildren(QPushButton)[0].click()
            until(lambda: listing.state is ListingState.EMPTY, "the list")


@pytest.mark.parametrize(
    "setting",
    [
        AT_A_DESK,
        Setting(Language.EN, 100, (1280, 720), "contrast"),
        Setting(Language.FR, 200, (1280, 720), "dark"),
        Setting(Language.EN, 200, (1440, 900)),
    ],
    ids=str,
)
def test_nothing_keeps_anybody_out_of_the_page(desk: Desk, setting: Setting) -> None:
    _captured(desk)
    with request_desk(desk, setting) as seated:
        window = seated.stage.window
        assert [*problems_of(window, setting), *problems_of_focus(window)] == []
        seated.page.list.table.setFocus()
        seated.hands.press("Return")
        until(lambda: seated.page.view.sheet is not None and seated.page.view.isVisible(), "the request")
        seated.settles()
        until(lambda: not problems_of(window, setting), "everything laid out")
        assert problems_of_focus(window) == []
