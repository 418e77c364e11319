"""The guided tour: the real window through a real call with the real server, by keyboard alone, a picture of each step."""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMessageLogContext, QPoint, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from .app import GuichetApp, Options
from .loopback import DEMO_PASSWORD, DEMO_USER, LoopbackCentral
from .profiles import PASSPHRASE_VARIABLE
from .screens.enrolment_page import EnrolmentPage
from .screens.shell import Shell

_PATIENCE_S = 60.0
_MOMENT_MS = 10
_QUESTIONS = {"fr": "feuilles", "en": "leaves"}
_WORDS = {"fr": "Trou profond au milieu de la voie.", "en": "Deep hole in the middle of the lane."}


def run(pictures: Path) -> int:
    """Take the tour in French by light, then in English by dark; the exit status."""
    qInstallMessageHandler(_report)
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guichet-tour-") as folder:
        app = _application(Path(folder))
        os.environ[PASSPHRASE_VARIABLE] = secrets.token_urlsafe(12)
        central = LoopbackCentral(Path(folder) / "central")
        central.load_city()
        with central.running():
            for language, theme in (("fr", "light"), ("en", "dark")):
                profile = Path(folder) / f"profile-{language}"
                Tour(app, central, Options(profile, central.url, language, theme), pictures).take()
    return 0


def _application(folder: Path) -> QApplication:
    """The application: off-screen unless told otherwise, on a screen as large as a desk's (Qt's own is of 800 × 800)."""
    if os.environ.setdefault("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        screen = {"name": "desk", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1}
        configuration = folder / "screen.json"
        configuration.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={configuration}"
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - this process has no other
    return app


def _report(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """What Qt says, but for what the off-screen platform can't do: raise a window, tell its size."""
    if not message.startswith("This plugin does not support"):
        sys.stderr.write(f"{kind.name}: {message}\n")


def until(condition: Callable[[], object], what: str) -> None:
    """Let the window live until something is so.

    :raises TimeoutError: it is not, after a minute.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        live()


def live() -> None:
    """Let the window live for a moment; what is to be deleted then is. (``QTest.qWait`` would keep other threads waiting.)"""
    moment = QEventLoop()
    QTimer.singleShot(_MOMENT_MS, moment.quit)
    moment.exec()


def picture_of(window: QWidget) -> QPixmap:
    """The window as it is seen, with the list that is open over it."""
    picture, popup = window.grab(), QApplication.activePopupWidget()
    if popup is not None:
        painter = QPainter(picture)
        painter.drawPixmap(window.mapFromGlobal(popup.mapToGlobal(QPoint(0, 0))), popup.grab())
        painter.end()
    return picture


class Hands:
    """A person's hands on the keyboard: keys go where the window's focus is, shortcuts and pop-ups included."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.keys = 0

    def type(self, words: str) -> None:
        """Type words."""
        for character in words:
            QTest.keyClick(self._window.windowHandle(), character)  # type: ignore[call-overload]

    def press(self, *keys: str) -> None:
        """Press keys, named in Qt's notation ("Ctrl+Return"), one after the other."""
        for key in keys:
            combination = QKeySequence(key)[0]  # type: ignore[index]
            QTest.keyClick(self._window.windowHandle(), combination.key(), combination.keyboardModifiers())
            self.keys += 1


class Tour:
    """One tour through one window."""

    def __init__(self, app: QApplication, central: LoopbackCentral, options: Options, pictures: Path) -> None:
        self._central = central
        self._guichet = GuichetApp(app, options)
        self._hands = Hands(self._guichet.window)
        self._language = options.language
        self._pictures = pictures
        self._prefix = f"{options.language}-{options.theme}"
        self._step = 0

    def take(self) -> None:
        """All steps, in their order."""
        self._guichet.start()
        try:
            self._enrol()
            self._answer()
            self._central.stop()
            self._capture_offline()
            self._central.start()
            self._come_back()
        finally:
            self._guichet.window.close()
            live()

    def _enrol(self) -> None:
        window = self._guichet.window
        until(lambda: isinstance(window.centralWidget(), EnrolmentPage), "the enrolment page")
        self._hands.type(DEMO_USER)
        self._hands.press("Tab")
        self._hands.type(DEMO_PASSWORD)
        self._picture("enrolment")
        self._hands.press("Return")
        until(lambda: self._guichet.main, "the main screen")
        self._until_chip("En ligne")
        until(self._main.home.form.fields.category.offers_any, "the categories")

    def _answer(self) -> None:
        main = self._main
        self._hands.press("F2")
        self._hands.type(_QUESTIONS[self._language])
        until(lambda: main.home.answers.card.fiche, "a fiche")
        self._picture("answer")
        self._hands.press("Ctrl+R")
        until(main.toast.message, "the answer counted")
        self._picture("answered")

    def _capture_offline(self) -> None:
        main, form, hands = self._main, self._main.home.form, self._hands
        hands.press("F4")
        hands.type("nid-de")
        until(form.fields.category.lookup.is_choosing, "a category")
        hands.press("Return")
        until(form.fields.place.lookup.hasFocus, "the category taken")
        hands.type("120 ormes")
        until(form.fields.place.lookup.is_choosing, "a place")
        self._picture("place")
        hands.press("Return")
        until(lambda: not form.fields.place.lookup.hasFocus(), "the place taken")
        hands.press("Down", "Tab", "Tab", "Tab")
        hands.type(_WORDS[self._language])
        until(form.promise.promise.isVisible, "a promise")
        self._picture("request")
        hands.press("Ctrl+Return")
        until(form.promise.saved.isVisible, "a provisional number")
        self._until_chip("Hors ligne")
        until(main.home.side.outbox.isVisible, "what waits")
        self._picture("offline")

    def _come_back(self) -> None:
        main = self._main
        self._hands.press("F5")
        until(lambda: "26-" in main.toast.message(), "the official number")
        self._until_chip("En ligne")
        self._picture("back-online")

    def _until_chip(self, state: str) -> None:
        until(lambda: self._guichet.words.text(state) in self._main.top.chip.words(), state)

    def _picture(self, name: str) -> None:
        self._step += 1
        live()
        picture_of(self._guichet.window).save(str(self._pictures / f"{self._prefix}-{self._step}-{name}.png"))

    @property
    def _main(self) -> Shell:
        main = self._guichet.main
        assert main is not None  # noqa: S101 - the tour waited for it
        return main
