"""The exchange process as the window sees it: started, fed its keys, heard line by line, started again when it dies."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from guichet_sync.client import events
from guichet_sync.domain.errors import BadReply

_FIRST_PAUSE_MS, _LONGEST_PAUSE_MS = 1_000, 60_000
_END_MS = 5_000
_log = logging.getLogger(__name__)


class ExchangeProcess(QObject):
    """The child process that speaks with the server. Events arrive as :mod:`guichet_sync.client.events`."""

    event_heard = Signal(object)

    def __init__(self, profile: Path, keys_line: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._keys_line = keys_line
        self._pause_ms = _FIRST_PAUSE_MS
        self._ending = False
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.finished.connect(self._on_finished)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.start)

    def start(self) -> None:
        """Start the child and hand it its keys over standard input."""
        module = ["-m", "guichet_desktop.ctl"]
        self._process.start(sys.executable, [*module, "--profile", str(self._profile), "sync", "--watch"])
        self._process.write(self._keys_line.encode() + b"\n")

    def wake(self) -> None:
        """Exchange at once: something was captured."""
        self._process.write(b"wake\n")

    def stop(self) -> None:
        """Say stop, then wait for its end."""
        self._ending = True
        self._again.stop()
        if self._process.state() is QProcess.ProcessState.NotRunning:
            return
        self._process.write(b"stop\n")
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(_END_MS):
            self._process.kill()
            self._process.waitForFinished(_END_MS)

    def _on_output(self) -> None:
        while self._process.canReadLine():
            try:
                event = events.decode(self._process.readLine().data())
            except BadReply as error:
                _log.warning("an exchange event was not understood: %s", error.code)
                continue
            self._pause_ms = _FIRST_PAUSE_MS
            self.event_heard.emit(event)

    def _on_finished(self) -> None:
        if not self._ending:
            self._again.start(self._pause_ms)
            self._pause_ms = min(_LONGEST_PAUSE_MS, 2 * self._pause_ms)


def keys_line(person: str, keys: dict[str, str]) -> str:
    """The first line that the exchange process reads."""
    return json.dumps({"person": person, "keys": keys})
