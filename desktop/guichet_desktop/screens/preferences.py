"""A person's preferences on this post: read once, changed on the desk thread, applied by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from guichet_sync.domain.errors import GuichetError

from ..bridge import Asking
from ..settings import Settings

Write = Callable[..., Settings]


class Preferences(QObject):
    """Emits ``changed`` with the settings as they are from now on, ``failed`` with the error where they could not be kept."""

    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, settings: Settings, write: Write, asking: Asking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self._write = write
        self._asking = asking

    def change(self, **changes: object) -> None:
        """Change some of them: applied at once, then kept on disk."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self.changed.emit(self.settings)
        self._asking.ask(lambda: self._write(**changes), lambda _settings: None, self._on_failed)

    def _on_failed(self, error: GuichetError) -> None:
        self.failed.emit(error)
