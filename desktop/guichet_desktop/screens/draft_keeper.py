"""Every word typed is on disk within a second."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from guichet_sync.domain.errors import GuichetError

from ..desk import drafts
from ..desk.drafts import Draft
from .context import Context

AUTOSAVE_MS = 600


class DraftKeeper(QObject):
    """Saves what ``read`` gives, a little after each change. Emits ``kept``, or ``failed`` with the error and tries again."""

    kept = Signal()
    failed = Signal(object)

    def __init__(self, context: Context, read: Callable[[], Draft], parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._read = read
        self._changed = False
        self._later = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._later.timeout.connect(self.keep)

    def touch(self) -> None:
        """Something was typed."""
        self._changed = True
        self._later.start()

    def rest(self) -> None:
        """What the form holds is on disk, or is none of a person's typing."""
        self._changed = False
        self._later.stop()

    def keep(self) -> None:
        """Put what was typed on disk now."""
        if self._changed:
            self.rest()
            draft, desk = self._read(), self._context.desk
            self._context.thread.ask(lambda: drafts.save(desk, draft), lambda _draft: self.kept.emit(), self._on_failed)

    def _on_failed(self, error: GuichetError) -> None:
        self.touch()
        self.failed.emit(error)
