"""The one crossing into the GUI thread: desk results and exchange events become Qt signals.

Look-ups and local writes run on one desk thread. Work of the same *lane* is superseded: a newer keystroke makes an older look-up
worthless, so the older one is skipped, or cut short where it runs, and its result is never shown.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from guichet_sync.domain.errors import GuichetError, Interrupted
from guichet_sync.store.interrupting import Interrupter, interruptible

Result = TypeVar("Result")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Job:
    act: Callable[[], Any]
    then: Callable[[Any], None]
    failed: Callable[[GuichetError], None]
    lane: str
    generation: int


def _ignore(_error: GuichetError) -> None:
    return


class DeskThread(QObject):
    """Runs verbs of the desk, one after the other, and brings their results back to the thread that asked."""

    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: deque[_Job] = deque()
        self._ready = threading.Condition()
        self._ended = False
        self._running_lane = ""
        self._interrupter = Interrupter()
        self._generations: dict[str, int] = {}
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="desk", daemon=False)
        self._thread.start()

    def ask(
        self,
        act: Callable[[], Result],
        then: Callable[[Result], None],
        failed: Callable[[GuichetError], None] = _ignore,
        lane: str = "",
    ) -> None:
        """Run ``act`` on the desk thread, then ``then`` (or ``failed``) here. Jobs without a lane are never superseded."""
        with self._ready:
            generation = self._generations.get(lane, 0) + 1
            self._generations[lane] = generation
            if lane:
                self._jobs = deque(job for job in self._jobs if job.lane != lane)
                if self._running_lane == lane:
                    self._interrupter.interrupt()
            self._jobs.append(_Job(act, then, failed, lane, generation))
            self._ready.notify()

    def forget(self, lane: str) -> None:
        """Whatever this lane still finds is no longer wanted."""
        with self._ready:
            self._generations[lane] = self._generations.get(lane, 0) + 1
            self._jobs = deque(job for job in self._jobs if job.lane != lane)

    def close(self) -> None:
        """Finish what was asked (writes are never dropped), then end the thread."""
        with self._ready:
            self._ended = True
            self._ready.notify()
        self._thread.join()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._done.emit(job, self._result(job))

    def _next(self) -> _Job | None:
        with self._ready:
            self._running_lane = ""
            while not self._jobs:
                if self._ended:
                    return None
                self._ready.wait()
            job = self._jobs.popleft()
            self._running_lane = job.lane
            return job

    def _result(self, job: _Job) -> object:
        try:
            with interruptible(self._interrupter):
                return job.act()
        except GuichetError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the top loop of the desk: one failed verb must not end the thread
            _log.error("a verb failed: %s", type(error).__name__)
            return GuichetError(kind=type(error).__name__)

    @Slot(object, object)
    def _deliver(self, job: _Job, result: object) -> None:
        if job.lane and self._generations[job.lane] != job.generation:
            return
        if isinstance(result, Interrupted):
            return
        if isinstance(result, GuichetError):
            job.failed(result)
        else:
            job.then(result)
