"""A page of the window: what the shell needs to know of it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from guichet_sync.client.events import Event

Pane = tuple[QWidget, QWidget]


class Page(QWidget):
    """Shown in the middle of the shell, one at a time."""

    def enter(self) -> None:
        """It is on the screen from now on: read anew what it shows, put the focus where work begins."""

    def panes(self) -> tuple[Pane, ...]:
        """Its panes in the order of F6, each with the widget where it begins."""
        return ()

    def can_reveal(self, _first: QWidget) -> bool:
        """Whether the pane that begins there is only not on the screen for want of room."""
        return False

    def reveal(self, pane: QWidget) -> None:
        """A pane that is not on the screen for want of room comes there."""

    def hear(self, event: Event) -> None:
        """An event of the exchange."""
