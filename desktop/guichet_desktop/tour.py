"""The guided tour: the real window through a real call with the real server, a picture of each step."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from .app import GuichetApp, Options
from .loopback import DEMO_PASSWORD, DEMO_USER, LoopbackCentral
from .screens.main_screen import MainScreen

_PATIENCE_S = 60.0
_KEY = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier


def run(pictures: Path) -> int:
    """Take the tour in French by light, then its main pictures in English by night; the exit status."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guichet-tour-") as folder:
        os.environ["GUICHET_PASSPHRASE"] = "tour"
        central = LoopbackCentral(Path(folder) / "central")
        central.load_city()
        central.start()
        try:
            for language, theme in (("fr", "light"), ("en", "dark")):
                profile = Path(folder) / f"profile-{language}"
                _Tour(app, central, Options(profile, central.url, language, theme), pictures).take()  # type: ignore[arg-type]
        finally:
            central.stop()
    return 0


def until(condition: Callable[[], object], what: str) -> None:
    """Let the window live until something is so.

    :raises TimeoutError: it is not, after a minute.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


class _Tour:
    """One tour through one window."""

    def __init__(self, app: QApplication, central: LoopbackCentral, options: Options, pictures: Path) -> None:
        self._central = central
        self._guichet = GuichetApp(app, options)
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
            self._guichet.close()

    def _enrol(self) -> None:
        from .screens.enrolment_page import EnrolmentPage

        window = self._guichet.window
        until(lambda: isinstance(window.centralWidget(), EnrolmentPage), "enrolment page")
        page = window.centralWidget()
        assert isinstance(page, EnrolmentPage)  # noqa: S101 - just waited for
        QTest.keyClicks(page.user, DEMO_USER)
        QTest.keyClicks(page.password, DEMO_PASSWORD)
        self._picture("enrolment")
        QTest.keyClick(page.password, _KEY.Key_Return)
        until(lambda: self._guichet.main is not None, "main screen")
        until(lambda: len(self._main.form._context.categories) > 0, "first mirror")
        until(lambda: self._main.top.chip.words() == self._words("En ligne"), "online")

    def _answer(self) -> None:
        main = self._main
        QTest.keyClicks(main.top.search, "feuilles" if self._prefix.startswith("fr") else "leaves")
        until(lambda: main.answers.card.fiche is not None, "a fiche")
        self._picture("answer")
        QTest.keyClick(main.top.search, _KEY.Key_R, _CONTROL)
        until(lambda: main.toast.message(), "the answer counted")
        self._picture("answered")

    def _capture_offline(self) -> None:
        main, form = self._main, self._main.form
        QTest.keyClick(main.top.search, _KEY.Key_F4)
        QTest.keyClicks(form.category, "nid-de")
        self._take_match(form.category)
        QTest.keyClicks(form.place, "ormes")
        self._take_match(form.place)
        for each in form.questions():
            if each.question.required:
                QTest.keyClick(each.field.editor, _KEY.Key_Down)
        QTest.keyClicks(form.description, "Trou profond au milieu de la voie.")
        until(lambda: form.promise.promise.isVisible(), "a promise")
        self._picture("request")
        QTest.keyClick(form.description, _KEY.Key_Return, _CONTROL)
        until(lambda: form.promise.saved.isVisible(), "a provisional number")
        until(lambda: self._words("Hors ligne") in main.top.chip.words(), "offline")
        until(lambda: main.waiting.outbox.isVisible(), "what waits")
        self._picture("offline")

    def _come_back(self) -> None:
        main = self._main
        QTest.keyClick(main, _KEY.Key_F5)
        until(lambda: "26-" in main.toast.message(), "the official number")
        until(lambda: main.top.chip.words() == self._words("En ligne"), "online again")
        self._picture("back-online")

    def _take_match(self, field: QWidget) -> None:
        model = field.completer().model()  # type: ignore[attr-defined]
        until(lambda: model.rowCount() > 0, "a match")
        QTest.keyClick(field, _KEY.Key_Return)

    def _picture(self, name: str) -> None:
        self._step += 1
        QCoreApplication.processEvents()
        self._guichet.window.grab().save(str(self._pictures / f"{self._prefix}-{self._step}-{name}.png"))

    def _words(self, source: str) -> str:
        return self._guichet.words.text(source)

    @property
    def _main(self) -> MainScreen:
        main = self._guichet.main
        assert main is not None  # noqa: S101 - the tour waited for it
        return main
