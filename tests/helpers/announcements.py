"""What a screen reader is told: every announcement that Qt itself receives, as it leaves the program.

``QAccessible::installUpdateHandler`` has no binding in Python, so it is called in Qt's own library: no seam in the program is
needed, and what is recorded is what a platform's bridge would hear.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import PySide6
import shiboken6
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_INSTALL = "_ZN11QAccessible20installUpdateHandlerEPFvP16QAccessibleEventE"
_TYPE_AT = ctypes.sizeof(ctypes.c_void_p)
"""Where an event keeps its type: behind the pointer to its class."""


@dataclass(slots=True)
class Announcements:
    """What was announced, in order; ``urgent`` holds those that cut short what is being read."""

    said: list[str] = field(default_factory=list)
    urgent: list[str] = field(default_factory=list)

    def _hear(self, event: int) -> None:
        if ctypes.c_int.from_address(event + _TYPE_AT).value != QAccessible.Event.Announcement.value:
            return
        announcement = shiboken6.wrapInstance(event, QAccessibleAnnouncementEvent)
        assert isinstance(announcement, QAccessibleAnnouncementEvent)
        self.said.append(announcement.message())
        if announcement.politeness() is QAccessible.AnnouncementPoliteness.Assertive:
            self.urgent.append(announcement.message())


@contextmanager
def announcements() -> Iterator[Announcements]:
    """Record them for the length of a ``with`` block."""
    heard = Announcements()
    handler = _HANDLER(heard._hear)
    install = getattr(ctypes.CDLL(str(_library())), _INSTALL)
    install.argtypes, install.restype = [ctypes.c_void_p], ctypes.c_void_p
    before = install(ctypes.cast(handler, ctypes.c_void_p))
    try:
        yield heard
    finally:
        install(before)


def _library() -> Path:
    """Qt's library of this process, as the bindings ship it."""
    return next(Path(PySide6.__file__).parent.rglob("libQt6Gui.so.6"))
