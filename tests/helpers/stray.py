"""A part that is shown before it is put anywhere becomes a window of its own: it flashes, and takes the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

_PASSING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


class _Watch(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.strays: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and _is_stray(watched):
            self.strays.append(type(watched).__name__)
        return False


def _is_stray(shown: QWidget) -> bool:
    return shown.isWindow() and not isinstance(shown, QMainWindow) and shown.windowType() not in _PASSING


@contextmanager
def no_stray_windows() -> Iterator[None]:
    """Nothing but the main window, lists and tips is shown as a window within a ``with`` block."""
    app, watch = QApplication.instance(), _Watch()
    assert app is not None
    app.installEventFilter(watch)
    try:
        yield
    finally:
        app.removeEventFilter(watch)
    assert watch.strays == [], "became windows of their own"
