"""The page *À transmettre* in a real window, around a real desk and its desk thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QWidget

from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.desk.desk import Desk
from guichet_desktop.models.outbox import OutboxRow
from guichet_desktop.screens.commands import Commands
from guichet_desktop.screens.context import Context
from guichet_desktop.screens.notices import Notices, Undo
from guichet_desktop.screens.outbox_page import OutboxPage
from guichet_desktop.screens.preferences import Preferences
from guichet_desktop.settings import Settings
from guichet_desktop.tour import Hands, until
from tests.helpers.stages import Setting, stage


class Outbox:
    """A person before the page. ``said`` are its notices, ``opened`` the drafts it asked to open, ``woken`` the exchanges."""

    def __init__(self, context: Context, window: QWidget, said: list[tuple[str, Undo | None]], woken: list[str]) -> None:
        self.context = context
        self.window = window
        self.said = said
        self.woken = woken
        self.opened: list[str] = []
        context.commands.bind("sync", context.wake, window)
        self.page = OutboxPage(context)
        self.page.draft_opened.connect(self.opened.append)
        self.hands = Hands(window)

    @property
    def rows(self) -> list[OutboxRow]:
        """The rows that are shown."""
        model = self.page.table.rows
        found = (model.row(place) for place in range(model.rowCount()))
        return [row for row in found if row is not None]

    def sees(self, *states: str) -> None:
        """Wait until the rows are in these states, in this order."""
        until(lambda: [row.state for row in self.rows] == list(states), f"rows that are {states}")

    def hears(self, sentence: str) -> None:
        """Wait until a notice says this."""
        until(lambda: any(sentence in said for said, _undo in self.said), sentence)

    def undoes(self) -> None:
        """Undo what was said last."""
        undo = self.said[-1][1]
        assert undo is not None
        undo()


@contextmanager
def outbox_of(desk: Desk, setting: Setting) -> Iterator[Outbox]:
    """The page for the length of a ``with`` block, once it has entered."""
    with stage(setting) as there:
        thread = DeskThread(there.window)
        asking = Asking(thread, there.window)
        preferences = Preferences(Settings(), lambda **_changes: Settings(), asking, there.window)
        commands, notices = Commands(setting.words, {}, there.window), Notices(there.window)
        said, woken = list[tuple[str, Undo | None]](), list[str]()
        notices.said.connect(lambda sentence, undo: said.append((sentence, undo)))
        context = Context(
            desk, asking, setting.words, there.look, commands, notices, preferences, lambda: woken.append("woken"), lambda: None
        )
        made = Outbox(context, there.window, said, woken)
        there.show(made.page)
        made.page.enter()
        until(lambda: made.page.listing.state != "loading", "the lines")
        try:
            yield made
        finally:
            thread.close()
