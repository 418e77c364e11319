"""The real window of the tests: driven by keys alone, with a real profile, exchange process and server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from guichet_desktop.app import GuichetApp, Options
from guichet_desktop.screens.enrolment_page import EnrolmentPage
from guichet_desktop.screens.shell import Shell
from guichet_desktop.screens.sign_in_page import SignInPage
from guichet_desktop.tour import Hands, live, until
from guichet_desktop.widgets.lookup_field import LookupField
from guichet_sync.central.demo import PASSWORD
from tests.helpers.stray import no_stray_windows


class Sitting:
    """A person in front of a window."""

    def __init__(self, guichet: GuichetApp) -> None:
        self.guichet = guichet
        self.hands = Hands(guichet.window)

    @property
    def main(self) -> Shell:
        """The desk's screen."""
        assert self.guichet.main is not None
        return self.guichet.main

    def enrols(self, user: str, password: str = PASSWORD) -> None:
        """First run: the server's address is known already; the first copy comes in."""
        until(lambda: isinstance(self.guichet.window.centralWidget(), EnrolmentPage), "the enrolment page")
        self.hands.type(user)
        self.hands.press("Tab")
        self.hands.type(password)
        self.hands.press("Return")
        self.arrives()
        self.sees_chip("En ligne")

    def signs_in(self, password: str = PASSWORD) -> None:
        """Open one's desk again."""
        self.sees_sign_in().password.setFocus()
        self.hands.type(password)
        self.hands.press("Return")
        self.arrives()

    def arrives(self) -> None:
        """The desk is on the screen, with its categories: before that, no key is heard there."""
        until(lambda: self.guichet.main is not None and self.main.top.search.hasFocus(), "the desk, ready to search")
        until(self.main.home.form.fields.category.offers_any, "the categories")

    def sees_sign_in(self) -> SignInPage:
        """The page that asks who is there."""
        until(lambda: isinstance(self.guichet.window.centralWidget(), SignInPage), "the sign-in page")
        page = self.guichet.window.centralWidget()
        assert isinstance(page, SignInPage)
        return page

    def sees_chip(self, state: str) -> None:
        """The chip says how the post stands."""
        until(lambda: self.guichet.words.text(state) in self.main.top.chip.words(), state)

    def searches(self, words: str) -> str:
        """Search, by keys; the title of the fiche that is shown."""
        card = self.main.home.answers.card
        card.clear()
        self.hands.press("F2")
        self.hands.type(words)
        until(lambda: card.fiche, f"a fiche for {words}")
        assert card.fiche is not None
        return card.fiche.title

    def begins_request(self, category: str, place: str = "") -> None:
        """Begin a request, by keys: the first category and the first place that match."""
        fields = self.main.home.form.fields
        self.hands.press("F4")
        self._takes_first(fields.category.lookup, category)
        if place:
            self._takes_first(fields.place.lookup, place)

    def _takes_first(self, field: LookupField, words: str) -> None:
        """Type into the field that has the focus, and take the first match: the focus then goes on."""
        self.hands.type(words)
        until(field.is_choosing, words)
        self.hands.press("Return")
        until(lambda: not field.hasFocus(), f"{words} taken")

    def saves(self) -> str:
        """Save, by a key; the number to read aloud."""
        promise = self.main.home.form.promise
        self.hands.press("Ctrl+Return")
        until(promise.saved.isVisible, "a number")
        return promise.saved.label.text()

    def waits(self) -> tuple[str, ...]:
        """What is listed as waiting to be sent."""
        return _rows(self.main.home.side.outbox)

    def drafts(self) -> tuple[str, ...]:
        """What is listed as drafts."""
        return _rows(self.main.home.side.drafts)


def without_display() -> dict[str, str]:
    """The environment of a program on a machine without a screen."""
    return {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}


def _rows(view: object) -> tuple[str, ...]:
    model = view.model()  # type: ignore[attr-defined]
    return tuple(str(model.index(row, 0).data()) for row in range(model.rowCount()))


@contextmanager
def sitting(profile: Path, server: str, language: str = "fr", size: tuple[int, int] = (1440, 900)) -> Iterator[Sitting]:
    """Sit down at a window of that size, and close it at the end."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    there = Sitting(GuichetApp(app, Options(profile, server, language, "light")))
    with no_stray_windows():
        yield from _seated(there, size)


def _seated(there: Sitting, size: tuple[int, int]) -> Iterator[Sitting]:
    there.guichet.start()
    there.guichet.window.resize(*size)
    until(there.guichet.window.isActiveWindow, "the window before the person")
    try:
        yield there
    finally:
        there.guichet.window.close()
        live()
