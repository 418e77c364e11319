"""How anything is done with a line of *À transmettre*: one thing at a time, on the desk thread, then said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from guichet_sync.domain.errors import GuichetError
from guichet_sync.wording import N_

from ..desk import outbox
from ..desk.outbox import TakenBack
from .context import Context

Result = TypeVar("Result")


class Doing(QObject):
    """Emits ``changed`` when lines are to be read again. A key pressed twice does nothing twice."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.busy = False

    def ask(self, act: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Do that, and then this; what can't be done is said, and the lines are read again: they may have changed meanwhile."""
        self.busy = True

        def done(result: Result) -> None:
            self.busy = False
            then(result)

        self._context.thread.ask(act, done, self.fail)

    def say(self, sentence: str, undo: Callable[[], None] | None = None, **values: str) -> None:
        """Say what was done."""
        self._context.notices.say(self._context.words.text(sentence, **values), undo)

    def too_late(self) -> None:
        """It is no longer in the state it was shown in."""
        self.say(N_("Son état a changé entre-temps\u00a0: voici où cela en est."))
        self.changed.emit()

    def sent_soon(self, sentence: str) -> None:
        """Something waits that did not: the exchange is woken."""
        self.say(sentence)
        self._context.wake()
        self.changed.emit()

    def taken_out(self, taken: TakenBack | None, sentence: str) -> None:
        """Something left the outbox; undone, it is back as it was."""
        if taken is None:
            self.too_late()
            return
        desk, kept = self._context.desk, taken
        self.say(sentence, self.undoing(lambda: outbox.put_back(desk, kept), self._context.wake))
        self.changed.emit()

    def undoing(self, act: Callable[[], object], then: Callable[[], object] = lambda: None) -> Callable[[], None]:
        """What puts it back when asked to."""

        def done(_result: object) -> None:
            then()
            self.changed.emit()

        return lambda: self._context.thread.ask(act, done, self.fail)

    def fail(self, error: GuichetError) -> None:
        """It could not be done: why, and what to do."""
        self.busy = False
        self._context.notices.say(str(self._context.words.error(error)))
