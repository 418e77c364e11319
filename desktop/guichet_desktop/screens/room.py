"""How much room a window has, in pixels of text at 100 %: what then becomes a drawer, what a tab."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QSize

from ..theme import Theme

DRAWER_UNDER, TAB_UNDER, SHORT_UNDER = 1360, 1000, 560


class Room(IntEnum):
    """Side, search and form abreast; search and form; one of them at a time."""

    NARROW = 1
    MEDIUM = 2
    WIDE = 3


def room_of(size: QSize, theme: Theme) -> Room:
    """The room of a window of that size."""
    width = size.width() / theme.scale
    return Room.NARROW if width < TAB_UNDER else Room.MEDIUM if width < DRAWER_UNDER else Room.WIDE


def is_short(size: QSize, theme: Theme) -> bool:
    """Whether a window of that size is too low for what is only convenient."""
    return size.height() / theme.scale < SHORT_UNDER
