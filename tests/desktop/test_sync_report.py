"""The chip and the foot of the window: an exchange that fails is quiet for two minutes, then said calmly, with since when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.desk.desk import Desk
from guichet_desktop.screens.status_bar import StatusBar
from guichet_desktop.screens.sync_report import SyncReport
from guichet_desktop.tour import live, until
from guichet_desktop.widgets.sync_chip import SyncChip
from guichet_sync.client.events import Link, State
from guichet_sync.domain.words import Language
from tests.helpers.contexts import context_in
from tests.helpers.desks import Clock, clock, desk, profile, synced_post
from tests.helpers.stages import Setting, stage

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")
FRENCH, ENGLISH = (Setting(language, 100, (1280, 720)) for language in Language)
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees of the exchange."""

    chip: SyncChip
    foot: StatusBar
    report: SyncReport

    def hears(self, link: Link, last: datetime | None, *, pending: int = 0, code: str = "") -> None:
        self.report.hear(State(link, pending, code=code, last_exchange_at=last))
        live()

    def tone(self) -> str:
        return str(next(each for each in self.chip.findChildren(QLabel) if each.property("pill")).property("pill"))

    def is_quiet(self) -> bool:
        return (self.tone(), self.foot.said()) == ("mute", "")


@contextmanager
def shown(desk: Desk, setting: Setting) -> Iterator[Shown]:
    with stage(setting) as there:
        thread = DeskThread(there.window)
        context = context_in(there.window, desk, Asking(thread, there.window), setting.words, there.look)
        whole = QWidget()
        for name in ("pause", "sync"):
            context.commands.bind(name, lambda: None, whole)
        chip, foot = SyncChip(""), StatusBar(context)
        layout = QVBoxLayout(whole)
        layout.addWidget(chip)
        layout.addWidget(foot)
        there.show(whole)
        try:
            yield Shown(chip, foot, SyncReport(context, chip, foot, lambda _intent: None, whole))
        finally:
            thread.close()


def test_a_hiccup_is_quiet_two_minutes_are_said_with_since_when(desk: Desk, clock: Clock) -> None:
    with shown(desk, FRENCH) as seen:
        last = clock.at
        seen.hears(Link.ONLINE, last)
        assert (seen.chip.words(), seen.tone()) == ("En ligne", "ok")
        for passed in (1, 60, 119):
            clock.at = last + timedelta(seconds=passed)
            seen.hears(Link.WORKING, last)
            seen.hears(Link.OFFLINE, last, pending=3, code="unreachable")
            assert seen.chip.words() == "Hors ligne 3 à envoyer"
            assert seen.is_quiet()
        clock.at = last + timedelta(minutes=2)
        seen.hears(Link.OFFLINE, last, pending=3, code="unreachable")
        assert (seen.chip.words(), seen.tone()) == ("Hors ligne depuis 10 h 00 · 3 à envoyer", "warn")
        assert seen.foot.said() == f"Dernière mise à jour{NBSP}: 10 h 00"
        seen.hears(Link.WORKING, last, pending=4)
        assert (seen.chip.words(), seen.tone()) == ("Hors ligne depuis 10 h 00 · 4 à envoyer", "warn")
        seen.hears(Link.ONLINE, clock.at)
        assert (seen.chip.words(), seen.tone(), seen.foot.said()) == ("En ligne", "ok", "")


def test_the_second_minute_ends_by_itself(desk: Desk, clock: Clock) -> None:
    with shown(desk, FRENCH) as seen:
        last = clock.at - timedelta(minutes=2) + timedelta(milliseconds=100)
        seen.hears(Link.OFFLINE, last)
        assert seen.is_quiet()
        clock.at += timedelta(seconds=1)
        until(lambda: not seen.is_quiet(), "since when it is offline")
        assert "depuis" in seen.chip.words()


def test_since_another_day_is_said_with_the_day_in_both_languages(desk: Desk, clock: Clock) -> None:
    for setting, words in ((FRENCH, "Hors ligne depuis le "), (ENGLISH, "Offline since ")):
        with shown(desk, setting) as seen:
            seen.hears(Link.OFFLINE, clock.at - timedelta(days=1))
            assert seen.chip.words().startswith(words)
            assert "2026" in seen.chip.words()
            assert seen.chip.accessibleDescription() == seen.chip.words()


def test_a_post_that_never_exchanged_is_offline_without_a_since(desk: Desk) -> None:
    with shown(desk, ENGLISH) as seen:
        seen.hears(Link.OFFLINE, None)
        assert (seen.chip.words(), seen.tone(), seen.foot.said()) == ("Offline", "warn", "")


def test_why_a_session_ended_stays_said_while_another_exchange_begins(desk: Desk, clock: Clock) -> None:
    with shown(desk, FRENCH) as seen:
        seen.hears(Link.SIGNED_OUT, clock.at, code="enrolment_revoked")
        said = seen.foot.said()
        assert said.startswith("L’inscription de ce poste a été révoquée.")
        seen.hears(Link.WORKING, clock.at, pending=1)
        assert (seen.foot.said(), seen.tone()) == (said, "bad")
