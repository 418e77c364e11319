from __future__ import annotations

import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guichet_desktop.theme.look import Look
from guichet_desktop.tour import Hands, until
from guichet_desktop.widgets.frames import Banner
from guichet_desktop.widgets.listing import Listing, ListingState
from guichet_desktop.widgets.progress import Progress, ProgressState
from guichet_desktop.widgets.stepper import Stepper
from guichet_desktop.widgets.timeline import Moment, Timeline
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.helpers.announcements import Announcements
from tests.helpers.part_windows import heard, look, show_in, window

__all__ = ["heard", "look", "window"]

MOMENTS = (
    Moment("24 nov. 2026", "Terminée", "Réglée", "ok", "check"),
    Moment("23 nov. 2026", "Prise en charge", tone="info", icon="user-check"),
    Moment("22 nov. 2026", "Transmise pour traitement", "Travaux publics. " * 20, icon="send"),
)


# ── a listing and its states ─────────────────────────────────────────────────


@pytest.fixture
def listing(look: Look, window: QWidget) -> Listing:
    view = QListView()
    view.setModel(QStringListModel(parent=view))
    listing = Listing(look, view)
    show_in(window, listing)
    return listing


def _fill(listing: Listing, *rows: str) -> None:
    model = listing.view.model()
    assert isinstance(model, QStringListModel)
    model.setStringList(list(rows))


def test_what_is_found_at_once_is_shown_without_a_word_of_looking(listing: Listing, heard: Announcements) -> None:
    listing.show_loading("Lecture…")
    assert listing.state is ListingState.LOADING
    assert listing.view.isVisible()
    _fill(listing, "une")
    listing.show_rows("1 requête")
    assert heard.said == ["1 requête"]
    assert (listing.state, listing.said()) == (ListingState.ROWS, "")


def test_what_lasts_is_told_and_rows_stay_under_the_bar(listing: Listing, heard: Announcements) -> None:
    _fill(listing, "une")
    listing.show_loading("Lecture…")
    bar = listing.findChildren(QProgressBar)[0]
    until(bar.isVisible, "the bar")
    assert listing.view.isVisible()
    assert bar.accessibleName() == "Lecture…"
    assert heard.said == ["Lecture…"]
    listing.show_rows()
    assert not bar.isVisible()


def test_an_empty_listing_says_so_where_tab_finds_it(listing: Listing, window: QWidget, heard: Announcements) -> None:
    listing.show_empty("Aucune requête.")
    assert heard.said == ["Aucune requête."]
    assert not listing.view.isVisible()
    window.findChildren(QLineEdit)[0].setFocus()
    Hands(window).press("Tab")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert QAccessible.queryAccessibleInterface(focus).text(QAccessible.Text.Name) == "Aucune requête."


def test_the_focus_stays_in_the_listing_through_a_failure_and_its_repair(listing: Listing, heard: Announcements) -> None:
    listing.view.setFocus()
    tried: list[str] = []
    listing.show_error("Impossible.", lambda: tried.append("again"), "Recommencer")
    assert heard.urgent == ["Impossible."]
    button = next(each for each in listing.findChildren(QPushButton) if each.isVisible())
    focus = QApplication.focusWidget()
    assert focus is not None
    assert listing.isAncestorOf(focus)
    Hands(listing.window()).press("Tab", "Space")
    assert tried == ["again"]
    assert button.text() == "Recommencer"
    assert button.hasFocus()
    _fill(listing, "une")
    listing.show_rows()
    assert listing.view.hasFocus()


def test_a_button_that_goes_leaves_the_focus_to_what_is_said_instead(listing: Listing, window: QWidget) -> None:
    listing.show_error("Impossible.", lambda: listing.show_loading("Lecture…"), "Recommencer")
    button = next(each for each in listing.findChildren(QPushButton) if each.isVisible())
    button.setFocus()
    Hands(window).press("Space")
    until(lambda: not button.isVisible(), "the bar")
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLabel)
    assert focus.text() == "Lecture…"


def test_a_listing_has_its_focus_for_what_it_shows(listing: Listing) -> None:
    listing.setFocus()
    assert listing.view.hasFocus()


# ── a line of time ───────────────────────────────────────────────────────────


@pytest.fixture
def timeline(look: Look, window: QWidget) -> Timeline:
    timeline = Timeline(look, "Historique")
    timeline.show_moments(MOMENTS)
    show_in(window, timeline)
    return timeline


def test_each_moment_is_read_whole_and_reached_by_the_arrows(timeline: Timeline) -> None:
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    hands = Hands(timeline.window())
    read = []
    for _ in MOMENTS:
        read.append(str(timeline.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)))
        hands.press("Down")
    assert read[0] == "24 nov. 2026. Terminée. Réglée"
    assert read[1] == "23 nov. 2026. Prise en charge"
    assert read[2].startswith("22 nov. 2026. Transmise pour traitement. Travaux publics.")


def test_long_words_wrap_and_larger_text_takes_more_room(timeline: Timeline, look: Look) -> None:
    def height(row: int) -> int:
        return timeline.visualRect(timeline.model().index(row, 0)).height()

    short, long = height(1), height(2)
    assert long > 2 * short
    look.wear("contrast", 200)
    until(lambda: height(1) > 1.7 * short, "more room")
    assert height(2) > 2 * long


def test_moments_that_did_not_change_leave_the_reader_where_he_is(timeline: Timeline) -> None:
    timeline.setCurrentIndex(timeline.model().index(2, 0))
    timeline.show_moments(list(MOMENTS))
    assert timeline.currentIndex().row() == 2
    timeline.show_moments(MOMENTS[:1])
    assert timeline.moments() == MOMENTS[:1]


def test_a_thousand_moments_are_laid_out_and_scroll(timeline: Timeline) -> None:
    timeline.show_moments([Moment("hier", f"Note {place}", "mot " * 30) for place in range(1_000)])
    last = timeline.model().index(999, 0)
    until(lambda: not timeline.visualRect(last).isEmpty(), "the last one")
    timeline.setFocus()
    Hands(timeline.window()).press("End")
    assert timeline.currentIndex() == last
    assert timeline.viewport().rect().contains(timeline.visualRect(last))


# ── steps ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "first", "second", "third"),
    [
        (Language.FR, "Étape 1 de 3, faite : A", "Étape 2 de 3, en cours : B", "Étape 3 de 3, à venir : C"),
        (Language.EN, "Step 1 of 3, done: A", "Step 2 of 3, current: B", "Step 3 of 3, to come: C"),
    ],
)
def test_each_step_says_in_words_how_it_stands(
    look: Look, qtbot: QtBot, heard: Announcements, language: Language, first: str, second: str, third: str
) -> None:
    stepper = Stepper(look, ("A", "B", "C"), Words(language))
    qtbot.addWidget(stepper)
    stepper.show_step(1)
    assert [each.accessibleName() for each in stepper.findChildren(QLabel)] == [first, second, third]
    assert stepper.said() == second
    assert heard.said == [second]
    stepper.show_step(1)
    stepper.show_step(3)
    assert heard.said == [second]


# ── progress ─────────────────────────────────────────────────────────────────


@pytest.fixture
def progress(look: Look, window: QWidget) -> Progress:
    progress = Progress(look, "Export", "Arrêter")
    show_in(window, progress)
    return progress


def test_work_is_announced_where_it_begins_and_where_it_ends(progress: Progress, heard: Announcements) -> None:
    bar = progress.findChildren(QProgressBar)[0]
    progress.begin("Écriture…")
    assert bar.maximum() == 0
    progress.advance(3, 10, "3 sur 10")
    assert (bar.value(), bar.maximum(), progress.said()) == (3, 10, "3 sur 10")
    progress.finish("12 requêtes écrites.")
    assert heard.said == ["Écriture…", "12 requêtes écrites."]
    assert progress.state is ProgressState.DONE
    assert not progress.cancel.isVisible()


def test_work_that_fails_says_so_at_once(progress: Progress, heard: Announcements) -> None:
    progress.begin()
    progress.fail("Le disque est plein.")
    assert (progress.state, heard.urgent) == (ProgressState.FAILED, ["Le disque est plein."])
    assert progress.findChildren(QProgressBar)[0].maximum() > 0


def test_work_is_cancelled_once_by_a_key(progress: Progress) -> None:
    told: list[int] = []
    progress.cancelled.connect(lambda: told.append(1))
    assert not progress.cancel.isVisible()
    progress.begin()
    progress.cancel.setFocus()
    Hands(progress.window()).press("Space", "Space")
    assert told == [1]


def test_work_that_cannot_be_stopped_offers_no_button(look: Look, window: QWidget) -> None:
    progress = Progress(look, "Export")
    show_in(window, progress)
    progress.begin()
    assert not progress.cancel.isVisible()


# ── banners ──────────────────────────────────────────────────────────────────


def test_a_banner_says_what_it_says_aloud_once_and_does_its_action(look: Look, window: QWidget, heard: Announcements) -> None:
    joined: list[int] = []
    action = QAction("Rattacher", window)
    action.triggered.connect(lambda: joined.append(1))
    banner = Banner("warn", look=look, icon="circle-alert", action=action, announces=True)
    show_in(window, banner)
    assert not banner.isVisible()
    banner.say("2 requêtes semblables")
    banner.say("2 requêtes semblables")
    assert heard.said == ["2 requêtes semblables"]
    banner.findChildren(QPushButton)[0].click()
    assert joined == [1]
    banner.say("")
    assert not banner.isVisible()
    banner.say("2 requêtes semblables")
    assert len(heard.said) == 2


def test_a_banner_that_does_not_announce_keeps_quiet(window: QWidget, heard: Announcements) -> None:
    banner = Banner("info")
    show_in(window, banner)
    banner.say("Réponse promise le 27 novembre.")
    assert not heard.said
    assert banner.label.isVisible()
