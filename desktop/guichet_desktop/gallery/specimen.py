"""What a gallery shows: one part in one state, and how it is put into that state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QHoverEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from ..theme.look import Look

_NONE = Qt.MouseButton.NoButton


class State(StrEnum):
    """How a part is found."""

    PLAIN = "plain"
    HOVER = "hover"
    PRESSED = "pressed"
    FOCUS = "focus"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Bench:
    """What a part is made with."""

    look: Look
    words: Words

    def say(self, french: str, english: str) -> str:
        """Example words: they are no text of the program's, so no catalogue has them."""
        return french if self.words.language is Language.FR else english


Make = Callable[[Bench], QWidget]


@dataclass(frozen=True, slots=True)
class Specimen:
    """``width`` in pixels at 100 % (0: as wide as the part likes), ``height`` likewise."""

    name: str
    make: Make
    state: State = State.PLAIN
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Family:
    """Parts that are looked at together, on one sheet."""

    name: str
    specimens: tuple[Specimen, ...]


def in_states(name: str, make: Make, *states: State, width: int = 0, height: int = 0) -> tuple[Specimen, ...]:
    """One part in several states."""
    return tuple(Specimen(name if state is State.PLAIN else f"{name}, {state}", make, state, width, height) for state in states)


def put(part: QWidget, state: State) -> None:
    """Put a part that is shown into a state."""
    if state is State.DISABLED:
        part.setEnabled(False)
    target = _target(part)
    if state is State.FOCUS:
        target.setFocus(Qt.FocusReason.TabFocusReason)
    elif state is State.HOVER:
        _hover(target)
    elif state is State.PRESSED and isinstance(target, QAbstractButton):
        target.setDown(True)


def _hover(target: QWidget) -> None:
    """The pointer comes to rest on it, as the window system would tell."""
    here, around = QPointF(target.rect().center()), QPointF(target.mapToGlobal(target.rect().center()))
    target.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    for event in (
        QEnterEvent(here, here, around),
        QHoverEvent(QEvent.Type.HoverEnter, here, around, here),
        QMouseEvent(QEvent.Type.MouseMove, here, around, _NONE, _NONE, Qt.KeyboardModifier.NoModifier),
    ):
        QCoreApplication.sendEvent(target, event)


def _target(part: QWidget) -> QWidget:
    """The part itself, or what in it takes the focus."""
    inside = (each for each in part.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return part if part.focusPolicy() & Qt.FocusPolicy.TabFocus else next(inside, part)
