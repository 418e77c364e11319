"""The exchange process as the window sees it: started, fed its keys, heard line by line, started again when it dies."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from guichet_sync.client import events
from guichet_sync.client.events import Link, State
from guichet_sync.domain.errors import BadReply

_FIRST_PAUSE_MS, _LONGEST_PAUSE_MS = 1_000, 60_000
_END_MS = 5_000
_log = logging.getLogger(__name__)


class ExchangeProcess(QObject):
    """The child process that speaks with the server for ``person``. Events arrive as :mod:`guichet_sync.client.events`.

    Nothing here waits but :meth:`end`, when the window is gone already.
    """

    event_heard = Signal(object)

    def __init__(self, profile: Path, person: str, keys: dict[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._keys_line = json.dumps({"person": person, "keys": keys})
        self._pause_ms = _FIRST_PAUSE_MS
        self.last_state: State | None = None
        self._wanted = False
        self._until_sent = False
        self._process = QProcess(self)
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._start)

    def process_id(self) -> int:
        """The child's process, 0 where none runs."""
        return int(self._process.processId())

    def wake(self) -> None:
        """Exchange at once, starting the child where it does not run."""
        self._wanted, self._until_sent = True, False
        if self._is_running():
            self._process.write(b"wake\n")
        else:
            self._again.stop()
            self._start()

    def pause(self) -> None:
        """Let go of the network, until the next :meth:`wake`. What came stays."""
        self._wanted = False
        self._again.stop()
        if self._is_running():
            self._process.write(b"stop\n")
            self._process.closeWriteChannel()

    def finish(self) -> None:
        """Send what waits, then let go of the network: its author left, their work does not."""
        self._until_sent = True
        if self.last_state is not None and not self.last_state.pending:
            self.pause()

    def end(self) -> None:
        """Say stop, then wait for the child's end."""
        self.pause()
        if self._is_running() and not self._process.waitForFinished(_END_MS):
            self._process.kill()
            self._process.waitForFinished(_END_MS)

    def _start(self) -> None:
        """Start the child and hand it its keys over standard input: no argument or variable shows them."""
        module = ["-m", "guichet_desktop.ctl"]
        self._process.start(sys.executable, [*module, "--profile", str(self._profile), "sync", "--watch"])
        self._process.write(self._keys_line.encode() + b"\n")

    def _is_running(self) -> bool:
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def _on_output(self) -> None:
        while self._process.canReadLine():
            try:
                event = events.decode(bytes(self._process.readLine().data()))
            except BadReply as error:
                _log.warning("an exchange event was not understood: %s", error.code)
                continue
            if isinstance(event, State):
                self._on_state(event)
            self.event_heard.emit(event)

    def _on_state(self, state: State) -> None:
        self.last_state = state
        if state.link is Link.ONLINE:
            self._pause_ms = _FIRST_PAUSE_MS
            if self._until_sent and not state.pending:
                self.pause()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        """A child that does not even start never finishes."""
        if error is QProcess.ProcessError.FailedToStart:
            self._on_finished()

    def _on_finished(self) -> None:
        if self._process.exitCode():
            _log.warning("the exchange ended with status %d", self._process.exitCode())
        if self._wanted:
            self._again.start(self._pause_ms)
            self._pause_ms = min(_LONGEST_PAUSE_MS, 2 * self._pause_ms)
