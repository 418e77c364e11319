"""``python -m tests.bench.watched_start PROFILE PASSWORD``: a window that tells when it is painted and when one can search."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from guichet_desktop.app import GuichetApp, Options

_HEAVY = {"sqlalchemy", "sqlcipher3", "requests", "keyring", "babel", "msgspec", "argon2", "nh3", "Stemmer"}


def tell(step: str) -> None:
    """One JSON object a line: when it was, what is imported, what is resident."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    heavy = sorted(_HEAVY & sys.modules.keys())
    record = {"step": step, "at": time.monotonic(), "modules": len(sys.modules), "heavy": heavy, "kilobytes": resident}
    sys.stdout.write(json.dumps(record) + "\n")


class _Paints(QObject):
    """Hears the first paint of the window."""

    def __init__(self) -> None:
        super().__init__()
        self._told = False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Nothing is kept from the window."""
        if event.type() is QEvent.Type.Paint and not self._told:
            self._told = True
            QTimer.singleShot(0, lambda: tell("first paint"))
        return False


class _Watch:
    """Signs in as soon as one can, and ends as soon as one can search."""

    def __init__(self, guichet: GuichetApp, password: str) -> None:
        self._guichet = guichet
        self._password = password
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._look)
        guichet.desk_opened.connect(self._on_desk)

    def begin(self) -> None:
        """Look again and again for the sign-in page."""
        self._timer.start()

    def _look(self) -> None:
        from guichet_desktop.screens.sign_in_page import SignInPage

        page = self._guichet.window.centralWidget()
        if isinstance(page, SignInPage):
            self._timer.stop()
            tell("sign-in page")
            page.asked.emit(str(page.person.currentData()), self._password)

    def _on_desk(self) -> None:
        assert self._guichet.main is not None
        self._guichet.main.ready.connect(self._on_ready)

    def _on_ready(self) -> None:
        tell("usable search box")
        self._guichet.window.close()


def main(profile: str, password: str) -> int:
    """Open the window of a profile once."""
    app = QApplication(sys.argv[:1])
    guichet = GuichetApp(app, Options(Path(profile)))
    paints = _Paints()
    guichet.window.installEventFilter(paints)
    watch = _Watch(guichet, password)
    guichet.start()
    QTimer.singleShot(0, watch.begin)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
