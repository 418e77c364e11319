"""*À propos*: what runs here, how the post stands, under which licences; and the text that support asks for."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from guichet_desktop.desk import capture, software
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_desktop.screens.about_page import AboutPage
from guichet_desktop.tour import live, until
from guichet_sync.client.events import Link, State
from guichet_sync.domain.words import Language
from guichet_sync.store import account
from tests.helpers.desks import clock, desk, filled, profile, synced_post
from tests.helpers.setting_pages import Sat, page_of
from tests.helpers.stages import Setting, problems_of, problems_of_focus

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")
FRENCH = Setting(Language.FR, 100, (1280, 720))


def _read(there: Sat[AboutPage]) -> str:
    until(there.page.copy_button.isEnabled, "the state of the post")
    live()
    return there.page.status.toPlainText()


def test_the_post_s_state_is_told_in_words(desk: Desk, profile: Profile) -> None:
    with page_of(AboutPage, desk, profile, FRENCH) as there:
        told = _read(there)
        assert metadata.version("guichet") in there.page.version.text()
    assert "70 fiches, 50 catégories" in told
    assert "A01" in told
    assert "Chiffrés" in told
    assert "Tout est transmis." in told


def test_a_post_that_never_spoke_with_the_server_says_so(desk: Desk, profile: Profile) -> None:
    account.change(desk.store, last_exchange_at=None)
    with page_of(AboutPage, desk, profile, Setting(Language.EN, 100, (1280, 720))) as there:
        assert "None yet" in _read(there)


def test_what_is_copied_names_no_person(desk: Desk, profile: Profile) -> None:
    profile.change(post_name="Poste de Mme Roy")
    with page_of(AboutPage, desk, profile, FRENCH) as there:
        _read(there)
        there.hands.press("Shift+Tab")
        assert there.page.copy_button.hasFocus()
        there.hands.press("Space")
        copied = QGuiApplication.clipboard().text()
        assert there.said[-1][0] == "État copié, sans donnée personnelle."
    assert f"Guichet\u00a0: {metadata.version('guichet')}" in copied.splitlines()
    assert "Poste de travail\u00a0: A01" in copied.splitlines()
    assert not [name for name in (desk.person.name, desk.person.display, "Roy") if name in copied]


def test_the_figures_follow_an_exchange(desk: Desk, profile: Profile) -> None:
    with page_of(AboutPage, desk, profile, FRENCH) as there:
        _read(there)
        capture.submit(desk, filled(desk, "NDP", {"dim": "moyen"}, at="A00831"))
        there.page.hear(State(Link.OFFLINE, pending=1, refused=0, quarantined=0))
        until(lambda: "1 à envoyer" in there.page.status.toPlainText(), "what waits now")


def test_every_library_is_named_with_its_licence(desk: Desk, profile: Profile) -> None:
    with page_of(AboutPage, desk, profile, FRENCH) as there:
        _read(there)
        told = there.page.licences.toPlainText()
    assert "SIL Open Font License 1.1" in told
    assert "LGPL-3.0-only" in told
    notice = (Path(__file__).parents[2] / "NOTICE").read_text(encoding="utf-8").casefold()
    found = software.installed().components
    assert len(found) >= 15
    assert not [each.name for each in found if not each.licence]
    assert not [each.name for each in found if each.name.casefold() not in notice]


@pytest.mark.parametrize(
    "setting",
    [FRENCH, Setting(Language.EN, 200, (1280, 720), "dark"), Setting(Language.FR, 200, (1280, 720), "contrast")],
    ids=str,
)
def test_it_keeps_nobody_out(desk: Desk, profile: Profile, setting: Setting) -> None:
    with page_of(AboutPage, desk, profile, setting) as there:
        _read(there)
        assert problems_of(there.window, setting) + problems_of_focus(there.window) == []
