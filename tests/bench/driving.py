"""The real window of a bench: its profile, its exchange process, and hands that give keys and turns of the wheel."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from guichet_desktop.app import GuichetApp, Options
from guichet_desktop.loopback import DEMO_PASSWORD
from guichet_desktop.screens.sign_in_page import SignInPage
from guichet_sync.client.events import Event, Link, Progress, State

from . import pulse

SCREEN = (1920, 1080)


def application(folder: Path) -> QApplication:
    """The application of a bench, on a screen as large as a desk's; off-screen unless told otherwise."""
    if os.environ.setdefault("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        screen = {"name": "desk", "x": 0, "y": 0, "width": SCREEN[0], "height": SCREEN[1], "logicalDpi": 96, "dpr": 1}
        configuration = folder / "screen.json"
        configuration.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={configuration}"
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    return app


class Hands:
    """Keys and wheel, as the window system would give them."""

    def __init__(self, window: QWidget) -> None:
        self.window = window

    def type(self, character: str) -> None:
        """One character."""
        QTest.keyClick(self.window.windowHandle(), character)  # type: ignore[call-overload]

    def press(self, key: str) -> None:
        """One key, in Qt's notation."""
        combination = QKeySequence(key)[0]  # type: ignore[index]
        QTest.keyClick(self.window.windowHandle(), combination.key(), combination.keyboardModifiers())

    def wheel(self, over: QWidget, clicks: int) -> None:
        """Turn the wheel, downwards for a negative number."""
        at = over.mapTo(self.window, over.rect().center())
        QTest.wheelEvent(self.window.windowHandle(), at, QPoint(0, 120 * clicks))

    def focused(self) -> QWidget | None:
        """Where keys go."""
        return QApplication.focusWidget()


class Driven:
    """A window with somebody signed in."""

    def __init__(self, guichet: GuichetApp) -> None:
        self.guichet = guichet
        self.hands = Hands(guichet.window)
        self.is_ready = False
        self.is_synced = False
        self.records = 0

    def sign_in(self) -> None:
        """Sit down: the exchange begins at once."""
        window = self.guichet.window
        pulse.until(lambda: isinstance(window.centralWidget(), SignInPage))
        page = window.centralWidget()
        assert isinstance(page, SignInPage)
        self.guichet.desk_opened.connect(self._on_desk)
        page.asked.emit(str(page.person.currentData()), DEMO_PASSWORD)
        pulse.until(lambda: self.is_ready)

    def _on_desk(self) -> None:
        exchange, main = self.guichet.exchange, self.guichet.main
        assert exchange is not None
        assert main is not None
        exchange.event_heard.connect(self._on_event)
        main.ready.connect(self._on_ready)

    def _on_ready(self) -> None:
        self.is_ready = True

    def _on_event(self, event: Event) -> None:
        if isinstance(event, State) and event.link is Link.ONLINE:
            self.is_synced = True
        elif isinstance(event, Progress):
            self.records = max(self.records, event.done)


@contextmanager
def driven(profile: Path, server: str) -> Iterator[Driven]:
    """A window with the person of ``profile`` signed in."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    there = Driven(GuichetApp(app, Options(profile, server, "fr", "light")))
    there.guichet.start()
    there.sign_in()
    try:
        yield there
    finally:
        there.guichet.window.close()
        pulse.live(0.1)


@contextmanager
def copied(profile: Path, name: str) -> Iterator[Path]:
    """A copy of a profile, for the length of a ``with`` block."""
    copy = profile.with_name(name)
    shutil.copytree(profile, copy)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)
