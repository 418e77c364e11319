"""What saving now would promise, found while one types."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from ..desk import capture
from ..desk.drafts import Draft
from .context import Context

PREVIEW_MS = 200


class Previewing(QObject):
    """Asks a little after each change. Emits ``seen`` with the preview, ``nothing`` while there is no category, or ``failed``."""

    seen = Signal(object)
    nothing = Signal()
    failed = Signal(object)

    def __init__(self, context: Context, read: Callable[[], Draft], parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._read = read
        self._later = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._later.timeout.connect(self._ask)

    def later(self) -> None:
        """Something changed."""
        self._later.start()

    def stop(self) -> None:
        """Nothing is to be previewed any more; what is being found is told to nobody."""
        self._later.stop()
        self._context.thread.forget("preview")

    def _ask(self) -> None:
        draft, desk, language = self._read(), self._context.desk, self._context.words.language
        if not draft.category:
            self.nothing.emit()
            return
        self._context.thread.ask(lambda: capture.preview(desk, draft, language), self.seen.emit, self.failed.emit, lane="preview")
