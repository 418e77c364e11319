"""A person's hands on the keyboard and eyes on the window: what the tour is taken with, and the tests' own stories."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_PATIENCE_S = 60.0
_MOMENT_MS = 10


def until(condition: Callable[[], object], what: str) -> None:
    """Let the window live until something is so.

    :raises TimeoutError: it is not, after a minute.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        live()


def live() -> None:
    """Let the window live for a moment; what is to be deleted then is. (``QTest.qWait`` would keep other threads waiting.)"""
    moment = QEventLoop()
    QTimer.singleShot(_MOMENT_MS, moment.quit)
    moment.exec()


def picture_of(window: QWidget) -> QPixmap:
    """The window as it is seen, with the list that is open over it."""
    picture, popup = window.grab(), QApplication.activePopupWidget()
    if popup is not None:
        painter = QPainter(picture)
        painter.drawPixmap(window.mapFromGlobal(popup.mapToGlobal(QPoint(0, 0))), popup.grab())
        painter.end()
    return picture


class Hands:
    """A person's hands on the keyboard: keys go where the window's focus is, shortcuts and pop-ups included."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.keys = 0

    def type(self, words: str) -> None:
        """Type words."""
        for character in words:
            QTest.keyClick(self._window.windowHandle(), character)  # type: ignore[call-overload]

    def press(self, *keys: str) -> None:
        """Press keys, named in Qt's notation ("Ctrl+Return"), one after the other."""
        for key in keys:
            combination = QKeySequence(key)[0]  # type: ignore[index]
            QTest.keyClick(self._window.windowHandle(), combination.key(), combination.keyboardModifiers())
            self.keys += 1
