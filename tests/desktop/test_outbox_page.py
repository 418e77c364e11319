"""*À transmettre* as a person lives it: by keys alone, around a real desk and, where it matters, the real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from sqlalchemy import delete

from guichet_desktop.desk import capture, drafts, outbox, shift, undoing
from guichet_desktop.desk.desk import Desk
from guichet_desktop.models.outbox import Group
from guichet_desktop.tour import live, until
from guichet_desktop.widgets.listing import ListingState
from guichet_sync.central import schema
from guichet_sync.central.database import writing
from guichet_sync.client.events import Link, Progress, Refused, Settled, State
from guichet_sync.domain.errors import StoreBusy
from guichet_sync.domain.words import Language
from guichet_sync.store import outbox as store_outbox
from guichet_sync.wording import Words
from tests.helpers.central import CentralServer, copied_city
from tests.helpers.desk_world import DeskWorld
from tests.helpers.desks import Clock, SyncedPost, clock, desk, filled, profile, synced_post
from tests.helpers.faults import Faults
from tests.helpers.outboxes import Outbox, answered, one_of_each, outbox_of, pothole, refuse
from tests.helpers.stages import Setting, problems_of, problems_of_focus

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")
FRENCH = Setting(Language.FR, 100, (1280, 720))
WAITING, SET_ASIDE, REFUSED, DRAFT = "En attente d’envoi", "Mise de côté", "Refusée par le serveur", "Brouillon"


@pytest.fixture
def world(synced_post: SyncedPost, tmp_path: Path) -> Iterator[DeskWorld]:
    """An agent's desk and its real server."""
    faults, data = Faults(), tmp_path / "central"
    server = CentralServer(copied_city(synced_post.central, data), data, faults.wrap)
    with server.running(), DeskWorld.of(synced_post.copied(tmp_path / "post"), server, faults) as made:
        yield made


def _texts(there: Outbox) -> str:
    return there.page.detail.facts.toPlainText()


def test_a_refused_request_is_corrected_by_keys_saved_again_and_accepted(world: DeskWorld) -> None:
    told = world.capture()
    with writing(world.server.engine) as connection:
        row = schema.record.c
        connection.execute(delete(schema.record).where(row.kind == "category", row.id == "NDP"))
    with outbox_of(world.desk, FRENCH) as there:
        there.sees(WAITING)
        world.exchange()
        there.page.hear(Refused(told.intent_id, "unknown_category"))
        there.sees(REFUSED)
        assert there.page.detail.buttons[outbox.Verb.CORRECT].isVisible()
        there.hands.press("Return")
        there.hears(f"{told.provisional_number} est de nouveau un brouillon; son numéro reste le même.")
        there.sees(DRAFT)
        assert there.rows[0].number == told.provisional_number
        (opened,) = there.opened
    draft = drafts.find(world.desk, opened)
    assert draft is not None
    again = replace(draft, category="COMM", answers={"txt": "Il y a un trou"})
    assert capture.submit(world.desk, again).provisional_number == told.provisional_number
    assert world.exchange().accepted == 1
    assert world.at_server(told) == 1
    assert outbox.lines(world.desk) == ()


def test_what_was_set_aside_is_tried_again_by_its_main_key(world: DeskWorld) -> None:
    world.capture("illisible")
    world.faults.refuse_whatever_holds("illisible", 422, code="request_shape")
    world.exchange()
    world.faults.heal()
    with outbox_of(world.desk, FRENCH) as there:
        there.sees(SET_ASIDE)
        there.hands.press("Return")
        there.sees(WAITING)
        assert there.woken == ["woken"]
    assert world.exchange().accepted == 1


def test_a_request_that_left_meanwhile_is_not_taken_back_and_the_person_is_told(desk: Desk) -> None:
    told = pothole(desk)
    with outbox_of(desk, FRENCH) as there:
        there.sees(WAITING)
        store_outbox.seal(desk.store, [told.intent_id])
        there.hands.press("Alt+P")
        there.hears("Son état a changé entre-temps")
        until(lambda: not there.page.detail.buttons[outbox.Verb.TAKE_BACK].isVisible(), "the line as it stands")
        there.hands.press("Return", "Alt+C", "Alt+R", "Delete")
        live()
        assert (there.opened, len(there.said)) == ([], 1)


def test_a_request_not_sent_yet_is_taken_back_into_its_form(desk: Desk) -> None:
    told = pothole(desk)
    with outbox_of(desk, FRENCH) as there:
        there.sees(WAITING)
        there.hands.press("Alt+P")
        there.sees(DRAFT)
        assert there.opened == [there.rows[0].line.id]
        assert told.provisional_number in _texts(there)
        there.hands.press("Return")
        assert there.opened == [there.rows[0].line.id] * 2


def test_a_number_that_is_another_requests_is_said_to_be_of_no_use(desk: Desk) -> None:
    told = pothole(desk)
    refuse(desk, told.intent_id, "number_taken")
    with outbox_of(desk, FRENCH) as there:
        there.sees(REFUSED)
        there.hands.press("Alt+C")
        there.hears(f"Le numéro {told.provisional_number} ne peut plus servir : un autre sera donné à l’enregistrement.")


def test_a_key_pressed_twice_corrects_once(desk: Desk) -> None:
    refuse(desk, pothole(desk).intent_id)
    with outbox_of(desk, FRENCH) as there:
        there.sees(REFUSED)
        there.hands.press("Return", "Return")
        there.sees(DRAFT)
        assert (len(there.said), len(there.opened)) == (1, 1)


def test_a_draft_thrown_away_comes_back_by_undoing(desk: Desk) -> None:
    kept = drafts.save(desk, filled(desk, "VALVE", description="La vanne"))
    with outbox_of(desk, FRENCH) as there:
        there.sees(DRAFT)
        there.hands.press("Delete")
        there.hears("Brouillon supprimé.")
        until(lambda: there.page.listing.state is ListingState.EMPTY, "an empty list")
        assert there.page.listing.said() == "Tout est transmis."
        there.undoes()
        there.sees(DRAFT)
    assert [each.description for each in drafts.waiting(desk)] == [kept.description]


def test_a_draft_that_is_gone_already_is_thrown_away_without_a_word(desk: Desk) -> None:
    kept = drafts.save(desk, filled(desk, "VALVE"))
    with outbox_of(desk, FRENCH) as there:
        there.sees(DRAFT)
        drafts.discard(desk, kept.id)
        there.hands.press("Delete")
        there.sees()
        assert there.said == []


def test_an_answer_is_taken_back_and_counted_again_by_undoing(desk: Desk) -> None:
    given = answered(desk)
    with outbox_of(desk, FRENCH) as there:
        there.sees(WAITING)
        there.hands.press("Return")
        there.hears("Réponse retirée : elle ne sera pas comptée.")
        there.sees()
        there.undoes()
        there.sees(WAITING)
        assert there.woken == ["woken"]
        store_outbox.seal(desk.store, [given])
        there.hands.press("Return")
        there.hears("Son état a changé entre-temps")
    assert [each.intent_id for each in shift.outbox_items(desk)] == [given]


def test_what_cannot_be_done_is_told_with_its_reason(desk: Desk) -> None:
    with outbox_of(desk, FRENCH) as there:
        there.page.verbs.doing.fail(StoreBusy())
        there.hears("Un autre programme utilise les fichiers de ce profil.")


def test_the_number_is_copied_by_a_key(desk: Desk) -> None:
    told = pothole(desk)
    with outbox_of(desk, FRENCH) as there:
        there.sees(WAITING)
        there.hands.press("Ctrl+Shift+C")
        there.hears(f"Numéro copié : {told.provisional_number}")
        assert QGuiApplication.clipboard().text() == told.provisional_number


def test_chips_narrow_the_list_and_say_how_many_there_are(desk: Desk) -> None:
    one_of_each(desk)
    with outbox_of(desk, FRENCH) as there:
        until(lambda: len(there.rows) == 7, "all lines")
        names = [chip.accessibleName() for chip in there.page.chips.values()]
        assert names == ["Tout, 7", "En attente, 4", "Refusé, 2", "Brouillons, 1"]
        for key, count in (("Alt+2", 4), ("Alt+3", 2), ("Alt+4", 1), ("Alt+1", 7)):
            there.hands.press(key)
            assert len(there.rows) == count
            assert [chip.isChecked() for chip in there.page.chips.values()].count(True) == 1
    with outbox_of(desk, FRENCH) as again:
        assert again.page.chips[Group.ALL].isChecked()


@pytest.mark.parametrize(
    ("key", "sentence"), [("Alt+2", "Tout est transmis."), ("Alt+3", "Rien n’a été refusé."), ("Alt+4", "Aucun brouillon.")]
)
def test_a_group_without_a_line_says_so(desk: Desk, key: str, sentence: str) -> None:
    if key == "Alt+2":
        drafts.save(desk, filled(desk, "VALVE"))
    else:
        pothole(desk)
    with outbox_of(desk, FRENCH) as there:
        until(lambda: len(there.rows) == 1, "the line")
        there.hands.press(key)
        assert there.page.listing.said() == sentence
        assert not there.page.detail.isVisible()


def test_arrows_choose_a_line_and_the_panel_says_what_it_holds(desk: Desk) -> None:
    one_of_each(desk)
    with outbox_of(desk, FRENCH) as there:
        until(lambda: len(there.rows) == 7, "all lines")
        shown = []
        for _row in range(7):
            shown.append([verb for verb, button in there.page.detail.buttons.items() if button.isVisible()])
            there.hands.press("Down")
        assert [set(each) for each in shown] == [set(row.line.verbs) for row in there.rows]
        assert there.page.panes()[1][1] is there.page.detail.facts
        there.page.table.selectRow(0)
        assert "Luce Roy, 450 555-0123, au nom de sa mère" in _texts(there)
        assert "Devant l’entrée." in _texts(there)


def test_a_line_that_stays_stays_chosen_and_one_that_leaves_gives_its_place(desk: Desk) -> None:
    first, second, third = (pothole(desk, at) for at in ("A00100", "A00101", "A00102"))
    with outbox_of(desk, FRENCH) as there:
        there.sees(WAITING, WAITING, WAITING)
        there.hands.press("Down")
        assert undoing.undo(desk, first.intent_id).withdrawn
        there.page.hear(Settled(first.intent_id, first.provisional_number, "26-000001"))
        there.sees(WAITING, WAITING)
        chosen = there.page.table.row()
        assert chosen is not None
        assert chosen.line.id == second.intent_id
        assert undoing.undo(desk, second.intent_id).withdrawn
        there.page.hear(State(Link.ONLINE))
        there.sees(WAITING)
        chosen = there.page.table.row()
        assert chosen is not None
        assert chosen.line.id == third.intent_id


def test_how_the_post_stands_is_said_in_words(desk: Desk) -> None:
    with outbox_of(desk, FRENCH) as there:
        link = there.page.link
        for event, said in (
            (State(Link.OFFLINE, code="unreachable"), "Hors ligne : tout partira au retour du réseau."),
            (State(Link.WORKING), "Hors ligne : tout partira au retour du réseau."),
            (State(Link.SIGNED_OUT), "Session à rouvrir : ce qui attend reste sur ce poste."),
            (State(Link.SIGNED_OUT, code="account_disabled"), str(Words(Language.FR).reason("account_disabled"))),
            (State(Link.STOPPED), "Envoi suspendu : « Envoyer maintenant » le reprend."),
            (Progress("kb", 1, 2), "Envoi suspendu : « Envoyer maintenant » le reprend."),
            (State(Link.ONLINE), ""),
        ):
            there.page.hear(event)
            assert link.label.text() == said
            assert link.isVisible() is bool(said)


def test_a_post_that_lost_the_server_a_moment_ago_says_nothing_above_what_waits(desk: Desk, clock: Clock) -> None:
    with outbox_of(desk, FRENCH) as there:
        lost = State(Link.OFFLINE, code="unreachable", last_exchange_at=clock.at)
        there.page.hear(lost)
        assert not there.page.link.isVisible()
        clock.at += timedelta(minutes=2)
        there.page.hear(lost)
        assert there.page.link.label.text() == "Hors ligne : tout partira au retour du réseau."


def test_what_cannot_be_read_says_why_and_is_read_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told = pothole(desk)
    with outbox_of(desk, FRENCH) as there:
        there.sees(WAITING)

        def busy(_desk: Desk) -> tuple[outbox.Line, ...]:
            raise StoreBusy

        with monkeypatch.context() as broken:
            broken.setattr(outbox, "lines", busy)
            there.page.refresh()
            until(lambda: there.page.listing.state is ListingState.ERROR, "an error")
        assert "Un autre programme utilise les fichiers" in there.page.listing.said()
        there.hands.press("Tab", "Space")
        until(lambda: there.page.listing.state is ListingState.ROWS, "the lines")
        assert there.rows[0].number == told.provisional_number


def test_in_a_small_room_the_panel_goes_below_and_columns_give_way(desk: Desk) -> None:
    one_of_each(desk)
    with outbox_of(desk, replace(FRENCH, size=(1500, 800))) as wide:
        assert not any(wide.page.table.isColumnHidden(column) for column in range(5))
        beside = wide.page.detail.geometry()
        assert beside.left() > wide.page.listing.geometry().right()
        wide.window.resize(500, 700)
        live()
        assert [wide.page.table.isColumnHidden(column) for column in range(5)] == [False, False, True, False, True]
        assert wide.page.detail.geometry().top() > wide.page.listing.geometry().bottom()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("scale", "size", "theme"),
    [(100, (1100, 630), "light"), (130, (1250, 800), "contrast"), (200, (1000, 540), "dark"), (200, (1150, 720), "contrast")],
)
def test_nobody_is_kept_out(desk: Desk, language: Language, scale: int, size: tuple[int, int], theme: str) -> None:
    one_of_each(desk)
    setting = Setting(language, scale, size, theme)
    with outbox_of(desk, setting) as there:
        until(lambda: len(there.rows) == 7, "all lines")
        there.page.hear(State(Link.OFFLINE))
        live()
        assert problems_of(there.window, setting) == []
        assert problems_of_focus(there.window) == []


def test_a_theme_and_a_size_are_worn_at_once(desk: Desk) -> None:
    one_of_each(desk)
    with outbox_of(desk, FRENCH) as there:
        until(lambda: len(there.rows) == 7, "all lines")
        before = there.page.table.verticalHeader().defaultSectionSize()
        for name, percent in (("dark", 200), ("contrast", 100)):
            there.context.look.wear(name, percent)
            live()
            assert there.page.table.verticalHeader().defaultSectionSize() == before * percent // 100
            assert there.page.grab().toImage().pixelColor(2, 2) == there.context.theme.colour("bg")
