"""The one crossing into the GUI thread: desk results and exchange events become Qt signals.

Look-ups and local writes run on one desk thread. Work of the same *lane* is superseded: a newer keystroke makes an older look-up
worthless, so the older one is skipped, or cut short where it runs, and its result is never shown.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from guichet_sync.domain.errors import GuichetError, Interrupted
from guichet_sync.store.interrupting import Interrupter, interruptible

Result = TypeVar("Result")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Job:
    """What the desk thread knows of a job: nothing that belongs to the window, which must not die on that thread."""

    id: int
    lane: str
    act: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class _Asker:
    """What waits for a job's result in the window's thread."""

    owner: QObject
    lane: str
    then: Callable[[Any], None]
    failed: Callable[[GuichetError], None]


def _ignore(_error: GuichetError) -> None:
    return


class Asking(QObject):
    """How one screen asks the desk: what it still waits for when it is gone is told to nobody."""

    def __init__(self, thread: DeskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = thread

    def ask(
        self,
        act: Callable[[], Result],
        then: Callable[[Result], None],
        failed: Callable[[GuichetError], None] = _ignore,
        lane: str = "",
    ) -> None:
        """Run ``act`` on the desk thread, then ``then`` (or ``failed``) here. Jobs without a lane are never superseded."""
        self._thread.put(act, _Asker(self, lane, then, failed))

    def forget(self, lane: str) -> None:
        """Whatever this lane still finds is no longer wanted."""
        self._thread.forget(lane)


class DeskThread(QObject):
    """Runs verbs of the desk, one after the other, and brings their results back to the thread that asked."""

    _done = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: deque[_Job] = deque()
        self._ready = threading.Condition()
        self._ended = False
        self._running_lane = ""
        self._interrupter = Interrupter()
        self._ids = itertools.count()
        self._askers: dict[int, _Asker] = {}
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="guichet desk", daemon=False)
        self._thread.start()

    def put(self, act: Callable[[], Any], asker: _Asker) -> None:
        """Run ``act`` after all that was asked before, and tell ``asker``."""
        self.forget(asker.lane)
        job = _Job(next(self._ids), asker.lane, act)
        self._askers[job.id] = asker
        with self._ready:
            self._jobs.append(job)
            self._ready.notify()

    def forget(self, lane: str) -> None:
        """Whatever this lane still finds is no longer wanted: what waits is dropped, what runs is cut short."""
        if not lane:
            return
        for superseded in [id_ for id_, asker in self._askers.items() if asker.lane == lane]:
            del self._askers[superseded]
        with self._ready:
            self._jobs = deque(job for job in self._jobs if job.lane != lane)
            if self._running_lane == lane:
                self._interrupter.interrupt()

    def close(self) -> None:
        """Finish what was asked (writes are never dropped), then end the thread. Nobody hears of the results any more."""
        self._askers.clear()
        with self._ready:
            self._ended = True
            self._ready.notify()
        self._thread.join()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._done.emit(job.id, self._result(job))

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
            return error.with_traceback(None)
        except Exception as error:  # noqa: BLE001 - the top loop of the desk: one failed verb must not end the thread
            _log.error("a verb failed: %s", type(error).__name__, exc_info=error)
            return GuichetError(kind=type(error).__name__)

    @Slot(int, object)
    def _deliver(self, job_id: int, result: object) -> None:
        asker = self._askers.pop(job_id, None)
        if asker is None or not shiboken6.isValid(asker.owner) or isinstance(result, Interrupted):
            return
        if isinstance(result, GuichetError):
            asker.failed(result)
        else:
            asker.then(result)
