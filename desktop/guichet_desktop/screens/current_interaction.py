"""The interaction under way, whatever page is shown: it outlives a change of page or of language."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from guichet_sync.domain.request import Channel

from ..desk import interactions
from ..desk.desk import Desk
from ..desk.interactions import Entry, Interaction


class CurrentInteraction(QObject):
    """Emits ``changed`` when one begins or ends, or something was done or undone in it."""

    changed = Signal()

    def __init__(self, desk: Desk, channel: Channel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.channel = channel
        self.now: Interaction | None = None
        self._next = desk.new_id()

    @property
    def id(self) -> str:
        """That of the interaction under way, or of the one that begins with the first thing done: a form left blank is of it."""
        return self.now.id if self.now else self._next

    def under_way(self) -> Interaction:
        """The interaction under way; one begins with the first thing that is done for a person."""
        return self.now or self.begin()

    def begin(self) -> Interaction:
        """Another person from now on."""
        self._set(interactions.begin(self._desk, self.channel, self._next))
        self._next = self._desk.new_id()
        assert self.now is not None  # noqa: S101 - it was set just now
        return self.now

    def end(self) -> None:
        """The person left. All that was done is kept elsewhere already."""
        self._set(None)

    def add(self, entry: Entry) -> None:
        """This was done for the person."""
        self._set(self.under_way().with_entry(entry))

    def remove(self, intent_id: str) -> None:
        """That was undone."""
        if self.now is not None:
            self._set(self.now.without(intent_id))

    def _set(self, now: Interaction | None) -> None:
        if now != self.now:
            self.now = now
            self.changed.emit()
