"""Every page and panel of the window as a person may find it, each on a stage of its own around a real desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from PySide6.QtWidgets import QWidget

from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_desktop.screens.about_page import AboutPage
from guichet_desktop.screens.command_palette import CommandPalette
from guichet_desktop.screens.context import Taxonomy
from guichet_desktop.screens.enrolment_page import EnrolmentPage
from guichet_desktop.screens.gate_pages import ClosedPage, GatePage, WaitPage
from guichet_desktop.screens.key_sheet import KeySheet
from guichet_desktop.screens.passphrase_page import PassphrasePage
from guichet_desktop.screens.privacy_screen import PrivacyScreen
from guichet_desktop.screens.settings_page import SettingsPage
from guichet_desktop.screens.sign_in_page import SignInPage
from guichet_desktop.tour import live, until
from guichet_desktop.widgets.overlay import Overlay
from guichet_sync.domain.errors import StoreDamaged, Unreachable

from .boards import board
from .outboxes import one_of_each, outbox_of
from .request_desks import request_desk
from .setting_pages import page_of
from .stages import Setting, Stage, stage

Scene = Callable[[Desk, Profile, Setting], AbstractContextManager[QWidget]]
"""Shows something to a person: the window that holds it."""
_PEOPLE = (("a", "Marie Gagnon"), ("b", "Bo Lee"))


# ── before the desk ──────────────────────────────────────────────────────────


def _gate(make: Callable[[Stage, Setting], GatePage], then: Callable[[GatePage], None] = lambda _page: None) -> Scene:
    @contextmanager
    def scene(_desk: Desk, _profile: Profile, setting: Setting) -> Iterator[QWidget]:
        with stage(setting) as there:
            page = make(there, setting)
            there.show(page)
            then(page)
            live()
            yield there.window

    return scene


def _refused(page: GatePage) -> None:
    if isinstance(page, EnrolmentPage | SignInPage):
        page.refuse(Unreachable())


GATE: dict[str, Scene] = {
    "wait": _gate(lambda there, at: WaitPage(there.look, at.words)),
    "closed": _gate(lambda there, at: ClosedPage(there.look, at.words, StoreDamaged(file="work.db"))),
    "passphrase, chosen": _gate(lambda there, at: PassphrasePage(there.look, at.words, choosing=True)),
    "passphrase, asked": _gate(lambda there, at: PassphrasePage(there.look, at.words, choosing=False)),
    "enrolment": _gate(lambda there, at: EnrolmentPage(there.look, at.words, "", can_leave=False)),
    "enrolment, refused": _gate(
        lambda there, at: EnrolmentPage(there.look, at.words, "http://127.0.0.1", can_leave=True), _refused
    ),
    "sign-in": _gate(lambda there, at: SignInPage(there.look, at.words, _PEOPLE, "a")),
    "sign-in, refused": _gate(lambda there, at: SignInPage(there.look, at.words, _PEOPLE, "a"), _refused),
}


# ── pages and panels ─────────────────────────────────────────────────────────


@contextmanager
def _settings(desk: Desk, profile: Profile, setting: Setting) -> Iterator[QWidget]:
    with page_of(SettingsPage, desk, profile, setting, Taxonomy.read(desk)) as sat:
        yield sat.window


@contextmanager
def _about(desk: Desk, profile: Profile, setting: Setting) -> Iterator[QWidget]:
    with page_of(AboutPage, desk, profile, setting) as sat:
        until(sat.page.copy_button.isEnabled, "how the post stands")
        live()
        yield sat.window


@contextmanager
def _outbox_empty(desk: Desk, _profile: Profile, setting: Setting) -> Iterator[QWidget]:
    with outbox_of(desk, setting) as there:
        live()
        yield there.window


@contextmanager
def _outbox_full(desk: Desk, _profile: Profile, setting: Setting) -> Iterator[QWidget]:
    one_of_each(desk)
    with outbox_of(desk, setting) as there:
        until(lambda: there.rows, "the lines")
        live()
        yield there.window


@contextmanager
def _requests(desk: Desk, _profile: Profile, setting: Setting) -> Iterator[QWidget]:
    with request_desk(desk, setting) as there:
        live()
        yield there.stage.window


@contextmanager
def _request(desk: Desk, _profile: Profile, setting: Setting) -> Iterator[QWidget]:
    with request_desk(desk, setting) as there:
        there.hands.press("Down", "Return")
        until(lambda: there.page.view.sheet is not None, "a request")
        live()
        yield there.stage.window


def _panel(make: Callable[..., Overlay]) -> Scene:
    @contextmanager
    def scene(desk: Desk, _profile: Profile, setting: Setting) -> Iterator[QWidget]:
        with board(desk, setting) as there:
            panel = make(there.context, there.page)
            live()
            panel.open()
            live()
            try:
                yield there.window
            finally:
                panel.close_panel()

    return scene


PAGES: dict[str, Scene] = {
    "settings": _settings,
    "about": _about,
    "outbox, empty": _outbox_empty,
    "outbox, full": _outbox_full,
    "requests": _requests,
    "request": _request,
    "palette": _panel(CommandPalette),
    "key sheet": _panel(KeySheet),
    "privacy screen": _panel(PrivacyScreen),
}
