"""Following where the focus goes in the application, for as long as something is on the screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QWidget

Moved = Callable[[QWidget | None, QWidget | None], None]


class FocusWatch:
    """Calls ``moved`` with what had the focus and what has it now. Begin and end may be said more than once.

    What is hidden must have ended: a widget that dies while it follows would be called half dead.
    """

    def __init__(self, moved: Moved) -> None:
        self._moved = moved
        self._follows = False

    def begin(self) -> None:
        """Follow from now on."""
        if not self._follows:
            self._follows = True
            _application().focusChanged.connect(self._moved)

    def end(self) -> None:
        """Follow no more."""
        if self._follows:
            self._follows = False
            _application().focusChanged.disconnect(self._moved)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)  # noqa: S101 - there is a widget, so there is one
    return application
