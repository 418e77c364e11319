"""What changed, said aloud by a screen reader: the one way that state changes are announced."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(about: QWidget, sentence: str, *, at_once: bool = False) -> None:
    """Have ``sentence`` read; ``at_once`` cuts short what is being read (an error), else it waits its turn."""
    if not sentence:
        return
    event = QAccessibleAnnouncementEvent(about, sentence)
    if at_once:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
